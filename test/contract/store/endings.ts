/** The contract of the one door: each way in which a session ends, its log row, and who hears of it when. */

import { describe, expect, it } from 'vitest';
import { LAST_EPOCH, type Revocation } from '../../../src/entities/revocation.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import type { Store } from '../../../src/store/ports/store.js';
import type { StoreFactory } from './factory.js';
import {
  begunSession,
  createdUser,
  EVERYTHING,
  ending,
  endingAll,
  heardFrom,
  NOW,
  newSession,
  newSessionId,
  newUserId,
  REMEMBER_MS,
  tally,
  times,
  userEnding,
  wholeLog,
} from './fixtures.js';
import { openedForEach } from './opened.js';

interface Door {
  readonly name: string;
  end(store: Store, user: User, session: Session): Promise<{ readonly kind: string }>;
  row(user: User, session: Session): Revocation;
}

const DOORS: readonly Door[] = [
  {
    name: 'end',
    end: (store, user, session) => store.sessions.end(ending(session.id, { ownerId: user.id })),
    row: (_user, session) => ({ kind: 'session-ended', sessionId: session.id }),
  },
  {
    name: 'endAll',
    end: (store, user) => store.sessions.endAll(endingAll(user.id)),
    row: (user) => ({ kind: 'epoch-raised', userId: user.id, epoch: 1 }),
  },
  {
    name: 'endAll but for one',
    end: (store, user, session) => store.sessions.endAll(endingAll(user.id, { survivor: session.id })),
    row: (user) => ({ kind: 'epoch-raised', userId: user.id, epoch: 1 }),
  },
  {
    name: 'changePassword',
    end: (store, user) =>
      store.users.changePassword({ ...userEnding(user.id), from: 'hash-1', to: 'hash-2', survivor: null }),
    row: (user) => ({ kind: 'epoch-raised', userId: user.id, epoch: 1 }),
  },
  {
    name: 'suspend',
    end: (store, user) => store.users.suspend({ ...userEnding(user.id), reason: 'x' }),
    row: (user) => ({ kind: 'epoch-raised', userId: user.id, epoch: 1 }),
  },
  {
    name: 'remove',
    end: (store, user) => store.users.remove(userEnding(user.id)),
    row: (user) => ({ kind: 'epoch-raised', userId: user.id, epoch: LAST_EPOCH }),
  },
];

const STATE = [
  'select id, epoch, ended_at, end_reason from sessions order by id',
  'select id, epoch, suspended_at, password_hash, session_count from users order by id',
  'select count(*) as n from revocations',
  'select count(*) as n from audit_log',
];

export function endingsContract(factory: StoreFactory): void {
  describe(`endings on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const state = () => Promise.all(STATE.map((sql) => opened.probe.rows(sql)));

    for (const door of DOORS) {
      it(`${door.name} writes exactly one log row, and its subscribers have heard of it when it returns`, async () => {
        const { store } = opened;
        const user = await createdUser(store);
        const session = await begunSession(store, user);
        const heard = heardFrom(store);
        const ended = door.end(store, user, session).then((outcome) => ({ outcome, heardBy: [...heard] }));
        const { outcome, heardBy } = await ended;
        expect(outcome.kind).toBe('ended');
        const expected = { at: NOW, until: NOW + REMEMBER_MS, revocation: door.row(user, session) };
        expect(heardBy).toMatchObject([expected]);
        expect(await wholeLog(store)).toEqual(heardBy);
      });

      for (const table of ['revocations', 'audit_log']) {
        it(`${door.name} changes nothing and tells nobody where its row in ${table} cannot be written`, async () => {
          const { store } = opened;
          const user = await createdUser(store);
          const session = await begunSession(store, user);
          const heard = heardFrom(store);
          const before = await state();
          const mend = await opened.probe.breakInserts(table);
          await expect(door.end(store, user, session)).rejects.toThrow();
          await mend();
          expect(await state()).toEqual(before);
          expect(heard).toEqual([]);
          expect((await door.end(store, user, session)).kind).toBe('ended');
        });
      }
    }

    it('ends a session once, however many ask: one of 100 finds it, and one row tells of it', async () => {
      const user = await createdUser(opened.store);
      const { id } = await begunSession(opened.store, user);
      const outcomes = await Promise.all(times(100, () => opened.store.sessions.end(ending(id))));
      expect(tally(outcomes)).toEqual({ ended: 1, 'not-found': 99 });
      expect(await wholeLog(opened.store)).toHaveLength(1);
    });

    it('says which session ended, with when and why', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const ended = await opened.store.sessions.end(ending(session.id, { reason: 'reuse' }));
      const life = { kind: 'ended', at: NOW, reason: 'reuse' };
      expect(ended).toMatchObject({ kind: 'ended', session: { id: session.id, userId: user.id, life } });
      expect((await opened.store.sessions.find(session.id))?.session.life).toEqual(life);
    });

    it('ends nothing of a stranger, of the past, or that is not there, and says so alike', async () => {
      const { store } = opened;
      const [owner, stranger] = [await createdUser(store), await createdUser(store)];
      const session = await begunSession(store, owner);
      const past = await begunSession(store, stranger);
      await store.sessions.endAll(endingAll(stranger.id));
      const before = await state();
      for (const vain of [
        ending(session.id, { ownerId: stranger.id }),
        ending(session.id, { ownerId: newUserId() }),
        ending(past.id, { ownerId: stranger.id }),
        ending(past.id),
        ending(newSessionId(), { ownerId: owner.id }),
      ]) {
        expect(await store.sessions.end(vain)).toEqual({ kind: 'not-found' });
      }
      expect(await store.sessions.endAll(endingAll(newUserId()))).toEqual({ kind: 'not-found' });
      expect(await state()).toEqual(before);
    });

    it('ends all sessions by writing as many rows for 2,000 as for 10', async () => {
      const written: number[] = [];
      for (const count of [10, 2_000]) {
        const user = await createdUser(opened.store);
        for (let begun = 0; begun < count; begun++) await begunSession(opened.store, user);
        const before = await opened.probe.rowsWritten();
        const ended = await opened.store.sessions.endAll(endingAll(user.id));
        expect(ended).toMatchObject({ sessionsEnded: count });
        written.push((await opened.probe.rowsWritten()) - before);
      }
      // The user, the log row and the audit row.
      expect(written).toEqual([3, 3]);
    });

    it('carries the survivor into the new epoch, alive and as it was', async () => {
      const { store } = opened;
      const user = await createdUser(store);
      const [survivor, other] = [await begunSession(store, user), await begunSession(store, user)];
      const ended = await store.sessions.endAll(endingAll(user.id, { survivor: survivor.id }));
      expect(ended).toMatchObject({
        kind: 'ended',
        sessionsEnded: 1,
        user: { epoch: 1 },
        survivor: { id: survivor.id, epoch: 1, generation: 0, createdAt: NOW, life: { kind: 'live' } },
      });
      expect((await store.sessions.find(survivor.id))?.session.epoch).toBe(1);
      expect((await store.sessions.find(other.id))?.session.epoch).toBe(0);
    });

    it('revives nobody as a survivor: not the ended, not those of the past, not a stranger’s', async () => {
      const { store } = opened;
      const [user, stranger] = [await createdUser(store), await createdUser(store)];
      const [ended, past] = [await begunSession(store, user), await begunSession(store, user)];
      const foreign = await begunSession(store, stranger);
      await store.sessions.end(ending(ended.id));
      await store.sessions.endAll(endingAll(user.id));
      for (const [index, { id }] of [ended, past, foreign, newSession(user)].entries()) {
        const outcome = await store.sessions.endAll(endingAll(user.id, { survivor: id }));
        expect(outcome).toMatchObject({ survivor: null, sessionsEnded: 0, user: { epoch: 2 + index } });
      }
      expect((await store.sessions.find(foreign.id))?.session.epoch).toBe(0);
      expect((await store.sessions.find(past.id))?.session.epoch).toBe(0);
    });

    it('raises the epoch once for each of 100 who end all at once', async () => {
      const user = await createdUser(opened.store);
      await begunSession(opened.store, user);
      const outcomes = await Promise.all(times(100, () => opened.store.sessions.endAll(endingAll(user.id))));
      const ended = outcomes.flatMap((outcome) => (outcome.kind === 'ended' ? [outcome] : []));
      expect(new Set(ended.map((outcome) => outcome.user.epoch)).size).toBe(100);
      expect(ended.reduce((sum, { sessionsEnded }) => sum + sessionsEnded, 0)).toBe(1);
      expect(await wholeLog(opened.store)).toHaveLength(100);
    });

    it('writes one audit row for each ending, and none for what ended nothing', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      for (let turn = 0; turn < 3; turn++) await opened.store.sessions.end(ending(session.id));
      const { items } = await opened.store.audit.list({ userId: null, kind: 'session.ended' }, EVERYTHING);
      expect(items.map(({ item }) => item.sessionId)).toEqual([session.id]);
    });
  });
}
