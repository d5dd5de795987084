/** The contract of `SessionStore`: beginning, rotating, finding and listing. Endings and counting have files of their own. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../../src/entities/identifier.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import type { Store } from '../../../src/store/ports/store.js';
import type { StoreFactory } from './factory.js';
import {
  ABSOLUTE_TTL_MS,
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  IDLE_TTL_MS,
  NOW,
  newSession,
  newSessionId,
  newUserId,
  rotation,
  tally,
  times,
  userEnding,
} from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

/** Everything that takes the life of a session, each by the one call that does it. */
const DEATHS: Readonly<Record<string, (store: Store, user: User, session: Session) => Promise<unknown>>> = {
  end: (store, _user, session) => store.sessions.end(ending(session.id)),
  endAll: (store, user) => store.sessions.endAll(endingAll(user.id)),
  'a password change': (store, user) =>
    store.users.changePassword({ ...userEnding(user.id), from: 'hash-1', to: 'hash-2', survivor: null }),
  suspend: (store, user) => store.users.suspend({ ...userEnding(user.id), reason: 'x' }),
  remove: (store, user) => store.users.remove(userEnding(user.id)),
};

export function sessionsContract(factory: StoreFactory): void {
  describe(`sessions on ${factory.name}`, () => {
    const opened = openedForEach(factory);

    it('gives back a session as it began, beside its user', async () => {
      const user = await createdUser(opened.store);
      const client = {
        deviceName: 'Ada’s phone',
        clientLabel: 'Firefox on Android',
        ipAddress: '2001:db8::1',
      };
      for (const parts of [{ delivery: 'cookie', client } as const, {}]) {
        const session = await begunSession(opened.store, user, parts);
        const found = await opened.store.sessions.find(session.id);
        expect(found?.user).toEqual(user);
        expect({ ...found?.session, salt: [...(found?.session.salt ?? [])] }).toEqual({
          ...session,
          salt: [...session.salt],
        });
      }
      expect(await opened.store.sessions.find(newSessionId())).toBeNull();
    });

    it('begins nothing for a user who is gone, suspended or of another epoch', async () => {
      const { store } = opened;
      const login = audited('login.succeeded');
      const user = await createdUser(store);
      expect(await store.sessions.begin(newSession({ id: newUserId(), epoch: 0 }), login)).toEqual({
        kind: 'stale',
      });
      await store.sessions.endAll(endingAll(user.id));
      expect(await store.sessions.begin(newSession(user), login)).toEqual({ kind: 'stale' });
      const moved = { ...user, epoch: 1 };
      expect(await store.sessions.begin(newSession(moved), login)).toEqual({ kind: 'begun' });
      await store.users.suspend({ ...userEnding(user.id), reason: 'x' });
      expect(await store.sessions.begin(newSession({ ...user, epoch: 2 }), login)).toEqual({ kind: 'stale' });
      expect(
        (await store.audit.list({ userId: null, kind: 'login.succeeded' }, { first: 9, after: null })).items,
      ).toHaveLength(1);
    });

    it('lets one of 100 rotations from one generation win', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const keys = times(100, () => randomBytes(16));
      const outcomes = await Promise.all(
        keys.map((keyHash, index) =>
          opened.store.sessions.rotate(rotation(session, 0, { keyHash, at: NOW + 1 + index })),
        ),
      );
      expect(tally(outcomes)).toEqual({ rotated: 1, lost: 99 });
      const winner = outcomes.findIndex(({ kind }) => kind === 'rotated');
      const found = await opened.store.sessions.find(session.id);
      expect(found?.session).toMatchObject({ generation: 1, keyed: true, lastSeenAt: NOW + 1 + winner });
      expect(Buffer.from(found?.session.rotationKeyHash ?? [])).toEqual(keys[winner]);
    });

    it('lets one of 100 rotations win over many event-loop turns, too', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const outcomes = await Promise.all(
        times(100, async (index) => {
          for (let turn = 0; turn < index % 10; turn++) await new Promise(setImmediate);
          return opened.store.sessions.rotate(rotation(session, 0));
        }),
      );
      expect(tally(outcomes)).toEqual({ rotated: 1, lost: 99 });
    });

    it('rotates from the present generation only, and forward by as much as was asked', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const { sessions } = opened.store;
      expect(await sessions.rotate(rotation(session, 1))).toEqual({ kind: 'lost' });
      expect(await sessions.rotate(rotation(session, 0, { to: 7 }))).toEqual({ kind: 'rotated' });
      expect(await sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
      expect(await sessions.rotate(rotation({ ...session, id: newSessionId() }, 0))).toEqual({
        kind: 'lost',
      });
      expect((await sessions.find(session.id))?.session.generation).toBe(7);
    });

    it('remembers that a session has sent a key, and forgets the key of the generation before', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const { sessions } = opened.store;
      await sessions.rotate(rotation(session, 0));
      expect((await sessions.find(session.id))?.session).toMatchObject({
        keyed: false,
        rotationKeyHash: null,
      });
      await sessions.rotate(rotation(session, 1, { keyHash: randomBytes(16) }));
      await sessions.rotate(rotation(session, 2));
      expect((await sessions.find(session.id))?.session).toMatchObject({
        keyed: true,
        rotationKeyHash: null,
      });
    });

    it('moves nothing but generation, time and key by a rotation', async () => {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      await opened.store.sessions.rotate(rotation(session, 0));
      const found = await opened.store.sessions.find(session.id);
      const moved = { generation: 1, lastSeenAt: NOW + 1_000 };
      expect({ ...found?.session, salt: null }).toEqual({ ...session, ...moved, salt: null });
    });

    it('rotates many sessions at once without one hindering another', async () => {
      const user = await createdUser(opened.store);
      const begun: Session[] = [];
      for (let count = 0; count < 50; count++) begun.push(await begunSession(opened.store, user));
      const dead = begun.filter((_, index) => index % 5 === 0);
      for (const session of dead) await opened.store.sessions.end(ending(session.id));
      const outcomes = await Promise.all(
        begun.map((session) => opened.store.sessions.rotate(rotation(session, 0))),
      );
      expect(tally(outcomes)).toEqual({ rotated: 40, lost: 10 });
      for (const [index, { kind }] of outcomes.entries())
        expect(kind).toBe(index % 5 === 0 ? 'lost' : 'rotated');
    });

    for (const [death, kill] of Object.entries(DEATHS)) {
      it(`rotates nothing after ${death}`, async () => {
        const user = await createdUser(opened.store);
        const session = await begunSession(opened.store, user);
        await kill(opened.store, user, session);
        expect(await opened.store.sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
        const rows = await opened.probe.rows('select generation from sessions');
        expect(rows).toEqual([{ generation: 0 }]);
      });

      it(`loses a rotation that races against ${death}: asked for before, it may not outlive it`, async () => {
        const user = await createdUser(opened.store);
        const session = await begunSession(opened.store, user);
        const racing = times(100, () => opened.store.sessions.rotate(rotation(session, 0)));
        const [outcomes] = await Promise.all([Promise.all(racing), kill(opened.store, user, session)]);
        expect(tally(outcomes)['rotated'] ?? 0).toBeLessThanOrEqual(1);
        const generation = tally(outcomes)['rotated'] ?? 0;
        expect(await opened.probe.rows('select generation from sessions')).toEqual([{ generation }]);
        expect(await opened.store.sessions.rotate(rotation(session, generation))).toEqual({
          kind: 'lost',
        });
      });
    }

    it('rotates a survivor only in the epoch it was judged in, so that no token of the old one is issued', async () => {
      const { sessions } = opened.store;
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      await sessions.endAll(endingAll(user.id, { survivor: session.id }));
      expect(await sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
      expect(await sessions.rotate(rotation(session, 0, { epoch: 1 }))).toEqual({ kind: 'rotated' });
    });

    it('lists what lives, newest first, page by page, while sessions come and go', async () => {
      const { store } = opened;
      const user = await createdUser(store);
      const stranger = await createdUser(store);
      await begunSession(store, stranger);
      const ids: SessionId[] = [];
      for (let count = 0; count < 9; count++) ids.unshift((await begunSession(store, user)).id);
      await store.sessions.end(ending(ids[1] as SessionId));
      const page = (after: string | null) =>
        store.sessions.listLive(user.id, NOW, IDLE_TTL_MS, { first: 3, after });
      const first = await page(null);
      await begunSession(store, user);
      await store.sessions.end(ending(ids[4] as SessionId));
      const second = await page(first.items.at(-1)?.cursor ?? null);
      const third = await page(second.items.at(-1)?.cursor ?? null);
      const seen = [first, second, third].map(({ items }) => items.map(({ item }) => ids.indexOf(item.id)));
      expect(seen).toEqual([[0, 2, 3], [5, 6, 7], [8]]);
      expect([first, second, third].map(({ hasNextPage }) => hasNextPage)).toEqual([true, true, false]);
      expect((await page('no cursor of ours')).items).toEqual([]);
    });

    it('lists nothing that is past its idle or absolute end, to the millisecond', async () => {
      const { store } = opened;
      const user = await createdUser(store);
      await begunSession(store, user);
      const living = async (now: number, idleTtlMs = IDLE_TTL_MS) =>
        (await store.sessions.listLive(user.id, now, idleTtlMs, { first: 10, after: null })).items.length;
      expect(await living(NOW + IDLE_TTL_MS - 1)).toBe(1);
      expect(await living(NOW + IDLE_TTL_MS)).toBe(0);
      expect(await living(NOW + ABSOLUTE_TTL_MS - 1, 2 * ABSOLUTE_TTL_MS)).toBe(1);
      expect(await living(NOW + ABSOLUTE_TTL_MS, 2 * ABSOLUTE_TTL_MS)).toBe(0);
    });

    whereItPersists(factory, 'has kept every rotation and ending when it is opened again', async () => {
      const user = await createdUser(opened.store);
      const [rotated, ended] = [
        await begunSession(opened.store, user),
        await begunSession(opened.store, user),
      ];
      await opened.store.sessions.rotate(rotation(rotated, 0));
      await opened.store.sessions.end(ending(ended.id));
      await opened.reopen();
      expect((await opened.store.sessions.find(rotated.id))?.session.generation).toBe(1);
      expect((await opened.store.sessions.find(ended.id))?.session.life).toEqual({
        kind: 'ended',
        at: NOW,
        reason: 'logout',
      });
    });
  });
}
