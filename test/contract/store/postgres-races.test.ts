/** Guarded writes raced by several processes' worth of connections: whatever the order, the invariants hold. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/ports/store.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  IDLE_TTL_MS,
  MISCOUNTED,
  NOW,
  newSession,
  newUser,
  rotation,
  tally,
  times,
  userEnding,
} from './fixtures.js';
import { type OpenedPostgres, onPostgres, storeAt } from './postgres.js';

const PROCESSES = 4;
let opened: OpenedPostgres;
let stores: Store[];

beforeEach(async () => {
  opened = await onPostgres.open();
  stores = times(PROCESSES, () => storeAt(opened.url, 8).store);
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await opened.close();
});

/** The call made 100 times at once, by all processes in turns. */
function raced<Outcome>(call: (store: Store, index: number) => Promise<Outcome>): Promise<Outcome[]> {
  return Promise.all(times(100, (index) => call(stores[index % PROCESSES] ?? opened.store, index)));
}

describe(`${PROCESSES} processes at once`, () => {
  it('register one address once', async () => {
    const outcomes = await raced((store, index) =>
      store.users.create(
        newUser({ email: index % 2 ? 'ada@example.test' : 'ADA@example.test' }),
        audited('user.registered'),
      ),
    );
    expect(tally(outcomes)).toEqual({ created: 1, 'email-taken': 99 });
  });

  it('rotate one generation once', async () => {
    const user = await createdUser(opened.store);
    const session = await begunSession(opened.store, user);
    const outcomes = await raced((store) => store.sessions.rotate(rotation(session, 0)));
    expect(tally(outcomes)).toEqual({ rotated: 1, lost: 99 });
  });

  it('end one session once', async () => {
    const user = await createdUser(opened.store);
    const session = await begunSession(opened.store, user);
    const outcomes = await raced((store) => store.sessions.end(ending(session.id)));
    expect(tally(outcomes)).toEqual({ ended: 1, 'not-found': 99 });
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
  });

  it('change one password once', async () => {
    const user = await createdUser(opened.store);
    const outcomes = await raced((store, index) =>
      store.users.changePassword({
        ...userEnding(user.id),
        from: 'hash-1',
        to: `hash ${index}`,
        survivor: null,
      }),
    );
    expect(tally(outcomes)).toEqual({ ended: 1, stale: 99 });
  });

  it('change the key ring once from one revision, and make the first one once', async () => {
    for (const from of [0, 1]) {
      const change = { from, put: [], drop: [], secrets: [], at: NOW, revocations: [], audit: null };
      const outcomes = await raced((store) => store.keys.change(change));
      expect(tally(outcomes)).toEqual({ changed: 1, lost: 99 });
    }
  });

  it('remove one user once, and nobody signs in afterwards', async () => {
    const user = await createdUser(opened.store);
    const outcomes = await raced(async (store, index) => {
      if (index % 2) return store.users.remove(userEnding(user.id));
      return store.sessions.begin(newSession(user), audited('login.succeeded'));
    });
    const counts = tally(outcomes);
    expect(counts['ended']).toBe(1);
    const [live] = await opened.probe.rows(
      'select count(*)::int as live from sessions s join users u on u.id = s.user_id',
    );
    expect(live).toEqual({ live: 0 });
  });

  it('keep the counter equal to the rows while they begin, end, rotate, log out everywhere and sweep', async () => {
    const [one, other] = [await createdUser(opened.store), await createdUser(opened.store)];
    const old = await Promise.all(
      times(20, (index) =>
        begunSession(opened.store, index % 2 ? one : other, index % 3 ? {} : { expiresAt: NOW - 10_000_000 }),
      ),
    );
    await raced(async (store, index) => {
      const user = index % 2 ? one : other;
      const session = old[index % old.length] ?? newSession(user);
      const current = (await store.users.find(user.id)) ?? user;
      switch (index % 6) {
        case 0:
          return store.sessions.begin(newSession(current), audited('login.succeeded'));
        case 1:
          return store.sessions.end(ending(session.id));
        case 2:
          return store.sessions.endAll(endingAll(user.id, index % 4 ? {} : { survivor: session.id }));
        case 3:
          return store.sessions.rotate(rotation(session, 0));
        case 4:
          return store.sessions.sweep({
            now: NOW,
            idleTtlMs: IDLE_TTL_MS,
            keepMs: 0,
            cursor: null,
            limit: 50,
          });
        default:
          return store.users
            .suspend({ ...userEnding(user.id), reason: 'x' })
            .then(() => store.users.reinstate(user.id, audited('user.reinstated')));
      }
    });
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
  });

  it('let no rotation pass that began after a logout of all devices was answered', async () => {
    for (let round = 0; round < 20; round += 1) {
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const [one, other] = [stores[0] ?? opened.store, stores[1] ?? opened.store];
      const racing = one.sessions.rotate(rotation(session, 0));
      await other.sessions.endAll(endingAll(user.id));
      expect(
        (await one.sessions.rotate(rotation(session, (await racing).kind === 'rotated' ? 1 : 0))).kind,
      ).toBe('lost');
    }
  });
});
