/** Clocks of nodes and verifiers that are wrong, or are set: what is dead stays dead as long as a token of it may live. */

import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../src/entities/identifier.js';
import { CLOCK_MARGIN_MS, type RevocationEntry } from '../../src/entities/revocation.js';
import { RevocationFilter } from '../../src/revocation/filter.js';
import { RevocationTail } from '../../src/revocation/tail.js';
import type { LogNews, RevocationLog } from '../../src/store/ports/revocations.js';
import { patientNow } from '../../src/system/clock.js';
import { silentLog } from '../../src/system/log.js';
import { fakeClock, startCounterfoil } from '../support/counterfoil.js';

const START = 1_767_225_600_000;
const LIFE_MS = 330_000 + CLOCK_MARGIN_MS;
const MAX_SKEW_MS = 30_000;
const CREDENTIAL = { userId: 'u', epoch: 0, kid: 'k' } as never;
const ended = (sessionId: string) => ({ ...(CREDENTIAL as object), sessionId }) as never;

/** A wall clock that can be set apart from the monotonic one. */
function settable() {
  const clock = { wall: START, steady: 0 };
  return {
    now: () => clock.wall,
    monotonic: () => clock.steady,
    pass: (milliseconds: number) => {
      clock.wall += milliseconds;
      clock.steady += milliseconds;
    },
    set: (milliseconds: number) => {
      clock.wall += milliseconds;
    },
  };
}

/** A log with a clock of its own, as a database on another machine has. */
function logOf(entries: RevocationEntry[], databaseNow: () => number | null) {
  const log: RevocationLog = {
    read: async (position, now) => ({
      entries: entries.filter(({ sequence, until }) => sequence > Number(position ?? 0) && until > now),
      position: String(entries.at(-1)?.sequence ?? 0),
      now: databaseNow(),
    }),
    subscribe: (_listener: (news: LogNews) => void) => () => {},
    prune: async () => 0,
  };
  return log;
}

const entry = (sequence: number, sessionId: string, at: number): RevocationEntry => ({
  sequence,
  at,
  until: at + LIFE_MS,
  revocation: { kind: 'session-ended', sessionId: sessionId as SessionId },
});

function tailOn(log: RevocationLog, clock: ReturnType<typeof settable>, maxSkewMs: number | null) {
  const filter = new RevocationFilter();
  const tail = new RevocationTail({
    log,
    filter,
    clock,
    report: silentLog,
    pollEveryMs: 1_000_000,
    maxSkewMs,
    onKeysChanged: async () => {},
  });
  return { filter, tail };
}

describe('a node whose clock is wrong', () => {
  it('counts as stale where it differs from the clock of the database by more than may be, in either direction', async () => {
    for (const offMs of [MAX_SKEW_MS + 1_000, -MAX_SKEW_MS - 1_000]) {
      const clock = settable();
      let databaseNow = START - offMs;
      const { tail } = tailOn(
        logOf([], () => databaseNow),
        clock,
        MAX_SKEW_MS,
      );
      await tail.start();
      expect(tail.stalenessMs()).toBe(Number.POSITIVE_INFINITY);
      databaseNow = START;
      await tail.catchUp();
      expect(tail.stalenessMs()).toBe(0);
      await tail.stop();
    }
  });

  it('reads again what it took for dead, once its clock is right', async () => {
    const clock = settable();
    clock.set(3_600_000);
    const log = logOf([entry(1, 'gone', START)], () => START);
    const { tail, filter } = tailOn(log, clock, MAX_SKEW_MS);
    await tail.start();
    expect(filter.revokes(ended('gone'))).toBeNull();
    expect(tail.stalenessMs()).toBe(Number.POSITIVE_INFINITY);
    clock.set(-3_600_000);
    await tail.catchUp();
    expect(filter.revokes(ended('gone'))).toBe('session-ended');
    expect(tail.stalenessMs()).toBe(0);
    await tail.stop();
  });

  it('reads again what it took for dead also where there is no other clock to compare with', async () => {
    const clock = settable();
    clock.set(3_600_000);
    const { tail, filter } = tailOn(
      logOf([entry(1, 'gone', START)], () => null),
      clock,
      MAX_SKEW_MS,
    );
    await tail.start();
    clock.pass(50);
    clock.set(-3_600_000);
    await tail.catchUp();
    expect(filter.revokes(ended('gone'))).toBe('session-ended');
    await tail.stop();
  });

  it('forgets nothing early because its clock was set forth for a while', async () => {
    const clock = settable();
    const { tail, filter } = tailOn(
      logOf([entry(1, 'gone', START)], () => null),
      clock,
      null,
    );
    await tail.start();
    clock.set(3_600_000);
    for (let n = 0; n < 5; n += 1) {
      clock.pass(11_000);
      await tail.catchUp();
    }
    expect(filter.revokes(ended('gone'))).toBe('session-ended');
    await tail.stop();
  });

  it('writes revocations that outlive every token they concern, though it be ten minutes behind', async () => {
    const clock = fakeClock();
    const counterfoil = await startCounterfoil({ clock });
    const signedIn = await counterfoil.signedInAs();
    await counterfoil.run('mutation { logout { accessTokensDeadBy } }', signedIn);
    const { entries } = await counterfoil.app.store.revocations.read(null, 0);
    const { accessTtlMs, skewMs } = counterfoil.app.config.lifetimes;
    // By the right clock it was ten minutes later when this was written.
    const rightNow = clock.now() + 600_000;
    expect(entries.at(-1)?.until).toBeGreaterThanOrEqual(rightNow + accessTtlMs + skewMs);
    await counterfoil.stop();
  });
});

describe('the clock for forgetting', () => {
  it('never runs ahead of the monotonic one, and follows the wall clock back', () => {
    const clock = settable();
    const now = patientNow(clock);
    clock.pass(1_000);
    expect(now()).toBe(START + 1_000);
    clock.set(3_600_000);
    expect(now()).toBe(START + 1_000);
    clock.set(-7_200_000);
    expect(now()).toBe(START + 1_000 - 3_600_000);
  });
});
