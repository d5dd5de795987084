/** A watched connection whose token runs out: what it is asked, and when it is over. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SessionId, UserId } from '../../../src/entities/identifier.js';
import { Push } from '../../../src/push/push.js';
import { silentLog } from '../../../src/system/log.js';
import { fakeClock } from '../../../src/testing/clock.js';
import type { OpenedStore } from '../../contract/store/factory.js';
import { inMemory } from '../../contract/store/sqlite.js';

const LEFT_MS = 10_000;

let opened: OpenedStore;
beforeEach(async () => {
  opened = await inMemory.open();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await opened.close();
});

/** One that has been asked for another token, and has let the time for it pass. */
async function late() {
  const clock = fakeClock();
  let answer = Promise.resolve();
  const push = new Push({
    audit: opened.store.audit,
    clock,
    report: silentLog,
    authenticate: async () => ({ kind: 'refused', because: 'expired' }),
    isAlive: () => answer.then(() => true),
    renewAheadMs: 30_000,
  });
  const over: string[] = [];
  const asked: number[] = [];
  const watched = {
    userId: 'user' as UserId,
    sessionId: 'session' as SessionId,
    presented: { bearer: 'a token', cookie: null },
    expiresAt: clock.now() + LEFT_MS,
    extend: () => {},
    renew: (byMs: number) => void asked.push(byMs),
    over: (because: string) => void over.push(because),
  };
  push.watch(watched);
  await expect.poll(() => asked).toEqual([LEFT_MS]);
  let decide = () => {};
  answer = new Promise((resolve) => {
    decide = resolve;
  });
  clock.advance(LEFT_MS);
  vi.advanceTimersByTime(1_000);
  return {
    renew: () => {
      watched.expiresAt = clock.now() + 300_000;
      push.renewed(watched);
    },
    /** What is over, once it is known what has become of its session. */
    outcome: async () => {
      decide();
      await new Promise((resolve) => setImmediate(resolve));
      return over;
    },
  };
}

it('one that does not renew in time is over', async () => {
  const { outcome } = await late();
  expect(await outcome()).toEqual(['expired']);
});

it('one that renews while it is found out what has become of it goes on', async () => {
  const { renew, outcome } = await late();
  renew();
  expect(await outcome()).toEqual([]);
});
