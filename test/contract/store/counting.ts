/** The contract of the session counter and of sweeping: the counter equals the rows, whatever happened in whatever order. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, type UserId } from '../../../src/entities/identifier.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import type { Store } from '../../../src/store/ports/store.js';
import type { OpenedStore, Probe, StoreFactory } from './factory.js';
import {
  ABSOLUTE_TTL_MS,
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
  times,
  userEnding,
} from './fixtures.js';
import { openedForEach } from './opened.js';

const KEEP_MS = 3_600_000;
/** Each path takes a store of its own, and many round trips where the store is a server. */
const RUNS = { 'SQLite in memory': 60, 'SQLite on a file': 60 } as Readonly<Record<string, number>>;
const FEWER_RUNS = 12;

type Step =
  | { readonly kind: 'begin' | 'end' | 'rotate'; readonly user: number; readonly pick: number }
  | { readonly kind: 'endAll' | 'password'; readonly user: number; readonly pick: number | null }
  | { readonly kind: 'suspend' | 'reinstate' | 'remove'; readonly user: number }
  | { readonly kind: 'wait'; readonly days: number }
  | { readonly kind: 'sweep'; readonly limit: number };

const user = fc.nat({ max: 2 });
const pick = fc.nat({ max: 7 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('begin' as const), user, pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('end' as const, 'rotate' as const), user, pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('endAll' as const, 'password' as const),
      user,
      pick: fc.option(pick),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'suspend' as const,
        'reinstate' as const,
        'reinstate' as const,
        'remove' as const,
      ),
      user,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
);

/** Three users and what they do. Sessions are picked among all that ever began, of whomever. */
class World {
  readonly #store: Store;
  readonly #sessions: Session[] = [];
  readonly #users: UserId[] = [];
  #now = NOW;
  #cursor: string | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  async populate(): Promise<void> {
    for (const index of [0, 1, 2]) {
      const id = identifierFromBytes<UserId>(Buffer.alloc(16, index + 1));
      await this.#store.users.create(
        newUser({ id, email: `u${index}@example.test` }),
        audited('user.registered'),
      );
      this.#users.push(id);
    }
  }

  async take(step: Step): Promise<void> {
    const { sessions, users } = this.#store;
    const now = this.#now;
    switch (step.kind) {
      case 'begin': {
        const owner = await this.#user(step.user);
        if (owner === null) return;
        const times = { createdAt: now, lastSeenAt: now, expiresAt: now + ABSOLUTE_TTL_MS };
        const session = newSession(owner, times);
        const begun = await sessions.begin(session, audited('login.succeeded'));
        if (begun.kind === 'begun') this.#sessions.push(session);
        return;
      }
      case 'end':
        await this.#withSession(step.pick, ({ id }) => sessions.end(ending(id, { at: now })));
        return;
      case 'rotate':
        await this.#withSession(step.pick, async (session) => {
          const found = await sessions.find(session.id);
          if (found === null) return;
          const { epoch, generation } = found.session;
          await sessions.rotate(rotation(session, generation, { epoch, at: now }));
        });
        return;
      case 'endAll':
        await sessions.endAll(endingAll(this.#id(step.user), { survivor: this.#picked(step.pick), at: now }));
        return;
      case 'password': {
        const change = { from: 'hash-1', to: 'hash-1', survivor: this.#picked(step.pick) };
        await users.changePassword({ ...userEnding(this.#id(step.user), { at: now }), ...change });
        return;
      }
      case 'suspend':
        await users.suspend({ ...userEnding(this.#id(step.user), { at: now }), reason: 'x' });
        return;
      case 'reinstate':
        await users.reinstate(this.#id(step.user), audited('user.reinstated'));
        return;
      case 'remove':
        await users.remove(userEnding(this.#id(step.user), { at: now }));
        return;
      case 'wait':
        this.#now += step.days * 86_400_000;
        return;
      case 'sweep': {
        const request = {
          now,
          idleTtlMs: IDLE_TTL_MS,
          keepMs: KEEP_MS,
          cursor: this.#cursor,
          limit: step.limit,
        };
        this.#cursor = (await sessions.sweep(request)).cursor;
        return;
      }
    }
  }

  #id(index: number): UserId {
    return this.#users[index] as UserId;
  }

  #user(index: number): Promise<User | null> {
    return this.#store.users.find(this.#id(index));
  }

  #picked(index: number | null) {
    if (index === null || this.#sessions.length === 0) return null;
    return this.#sessions[index % this.#sessions.length]?.id ?? null;
  }

  async #withSession(index: number, act: (session: Session) => Promise<unknown>): Promise<void> {
    const session = this.#sessions[index % Math.max(1, this.#sessions.length)];
    if (session !== undefined) await act(session);
  }
}

export function countingContract(factory: StoreFactory): void {
  describe(`counting and sweeping on ${factory.name}`, () => {
    const opened = openedForEach(factory);

    it('keeps the counter equal to the rows through every path, in any order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40 }), async (path) => {
          await withFresh(factory, async ({ store, probe }) => {
            const world = new World(store);
            await world.populate();
            for (const step of path) {
              await world.take(step);
              expect(await probe.rows(MISCOUNTED), JSON.stringify(step)).toEqual([]);
            }
          });
        }),
        { numRuns: RUNS[factory.name] ?? FEWER_RUNS },
      );
    });

    it('counts in endAll what lived, what was dead of age and not swept, and nothing that had ended', async () => {
      const { store } = opened;
      const user = await createdUser(store);
      const begun: Session[] = [];
      for (let count = 0; count < 4; count++) begun.push(await begunSession(store, user));
      await begunSession(store, user, { expiresAt: NOW });
      await store.sessions.end(ending(begun[0]?.id ?? newSession(user).id));
      expect(await store.sessions.endAll(endingAll(user.id))).toMatchObject({ sessionsEnded: 4 });
      expect(await store.sessions.endAll(endingAll(user.id))).toMatchObject({ sessionsEnded: 0 });
    });

    it('sweeps what has been dead for long enough, in batches, and nothing that lives', async () => {
      const { store, probe } = opened;
      const user = await createdUser(store);
      const removed = await createdUser(store);
      const living = await begunSession(store, user);
      const [ended, idle, expired, justEnded] = await Promise.all([
        begunSession(store, user),
        begunSession(store, user, { lastSeenAt: NOW - IDLE_TTL_MS }),
        begunSession(store, user, { expiresAt: NOW }),
        begunSession(store, user),
      ]);
      const orphan = await begunSession(store, removed);
      await store.users.remove(userEnding(removed.id));
      await store.sessions.end(ending(ended.id));
      await store.sessions.end(ending(justEnded.id, { at: NOW + 1 }));
      expect(await sweepAll(store, NOW + KEEP_MS, 2)).toBe(4);
      for (const { id } of [ended, idle, expired, orphan]) expect(await store.sessions.find(id)).toBeNull();
      expect((await probe.rows('select id from sessions')).length).toBe(2);
      expect((await store.sessions.find(living.id))?.session.life).toEqual({ kind: 'live' });
      expect((await store.sessions.find(justEnded.id))?.session.life.kind).toBe('ended');
      expect(await probe.rows(MISCOUNTED)).toEqual([]);
    });

    it('visits every row once in a round, whatever the batch', async () => {
      const { store } = opened;
      const user = await createdUser(store);
      for (let count = 0; count < 23; count++) await begunSession(store, user, { expiresAt: NOW });
      expect(await sweepAll(store, NOW + KEEP_MS, 5)).toBe(23);
      expect(await sweepAll(store, NOW + KEEP_MS, 5)).toBe(0);
    });

    it('sweeps from two places at once without counting twice', async () => {
      const { store, probe } = opened;
      const user = await createdUser(store);
      for (let count = 0; count < 40; count++) await begunSession(store, user, { expiresAt: NOW });
      await Promise.all(times(4, () => sweepAll(store, NOW + KEEP_MS, 7)));
      expect(await probe.rows('select session_count from users')).toEqual([{ session_count: 0 }]);
      expect(await probe.rows('select id from sessions')).toEqual([]);
    });
  });
}

async function sweepAll(store: Store, now: number, limit: number): Promise<number> {
  let [cursor, removed]: [string | null, number] = [null, 0];
  do {
    const batch = await store.sessions.sweep({ now, idleTtlMs: IDLE_TTL_MS, keepMs: KEEP_MS, cursor, limit });
    removed += batch.removed;
    cursor = batch.cursor;
  } while (cursor !== null);
  return removed;
}

async function withFresh(
  factory: StoreFactory,
  work: (opened: { store: Store; probe: Probe }) => Promise<void>,
): Promise<void> {
  const opened: OpenedStore = await factory.open();
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}
