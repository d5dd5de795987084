/** The contract of `AttemptCounters`. The counters read the wall clock, so windows here are long or already over. */

import { describe, expect, it } from 'vitest';
import type { AttemptRule } from '../../../src/store/ports/attempts.js';
import { systemClock } from '../../../src/system/clock.js';
import type { StoreFactory } from './factory.js';
import { tally, times } from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

const FIVE: AttemptRule = { name: 'five', points: 5, windowSeconds: 3600 };
const HOUR_MS = 3_600_000;

export function attemptsContract(factory: StoreFactory): void {
  describe(`attempt counters on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const spendAtOnce = (count: number, key = 'ada', rule = FIVE) =>
      Promise.all(times(count, () => opened.store.attempts.spend(rule, key)));

    it('admits as many of 100 at once as the rule has points, and counts them up one by one', async () => {
      const outcomes = await spendAtOnce(100);
      expect(tally(outcomes)).toEqual({ within: 5, over: 95 });
      const spent = outcomes.flatMap((outcome) => (outcome.kind === 'within' ? [outcome.spent] : []));
      expect(spent.sort()).toEqual([1, 2, 3, 4, 5]);
    });

    it('says when to come back: within the window, and never at once', async () => {
      for (const outcome of await spendAtOnce(50)) {
        if (outcome.kind === 'within') continue;
        expect(outcome.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(FIVE.windowSeconds);
        expect(Number.isInteger(outcome.retryAfterSeconds)).toBe(true);
      }
      expect(await opened.store.attempts.waitFor(FIVE, 'ada')).toBeGreaterThanOrEqual(1);
    });

    it('counts each key and each rule for itself', async () => {
      await spendAtOnce(9);
      expect(tally(await spendAtOnce(5, 'grace'))).toEqual({ within: 5 });
      expect(tally(await spendAtOnce(5, 'ada', { ...FIVE, name: 'other' }))).toEqual({ within: 5 });
      expect(tally(await spendAtOnce(1, "ada' or 1=1 --"))).toEqual({ within: 1 });
      expect(await opened.store.attempts.waitFor(FIVE, 'grace')).toBe(0);
    });

    it('gives back one attempt for each refund', async () => {
      await spendAtOnce(5);
      await opened.store.attempts.refund(FIVE, 'ada');
      await opened.store.attempts.refund(FIVE, 'ada');
      expect(tally(await spendAtOnce(10))).toEqual({ within: 2, over: 8 });
    });

    it('counts nothing by asking how long to wait', async () => {
      for (let asked = 0; asked < 20; asked++)
        expect(await opened.store.attempts.waitFor(FIVE, 'ada')).toBe(0);
      expect(tally(await spendAtOnce(6))).toEqual({ within: 5, over: 1 });
    });

    it('refuses what is blocked, whatever was spent', async () => {
      await opened.store.attempts.block(FIVE, 'ada', 600);
      const [outcome] = await spendAtOnce(1);
      expect(outcome?.kind).toBe('over');
      const wait = await opened.store.attempts.waitFor(FIVE, 'ada');
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(600);
    });

    it('knows nothing more of what is forgotten', async () => {
      await spendAtOnce(9);
      await opened.store.attempts.forget(FIVE, 'ada');
      await opened.store.attempts.forget(FIVE, 'nobody');
      expect(tally(await spendAtOnce(6))).toEqual({ within: 5, over: 1 });
    });

    it('drops counters whose window is over, and no others', async () => {
      await spendAtOnce(9);
      const count = async () => (await opened.probe.rows('select key from rate_limits')).length;
      await opened.store.attempts.prune(systemClock.now(), 100);
      expect(await count()).toBe(1);
      expect(await opened.store.attempts.prune(systemClock.now() + HOUR_MS + 1_000, 100)).toBe(1);
      expect(await count()).toBe(0);
    });

    it('drops no more of them at once than it is told to', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await spendAtOnce(1, name);
      const later = systemClock.now() + HOUR_MS + 1_000;
      const removed: number[] = [];
      for (let batch = 0; batch < 4; batch += 1) removed.push(await opened.store.attempts.prune(later, 2));
      expect(removed).toEqual([2, 2, 1, 0]);
    });

    whereItPersists(factory, 'remembers what was spent and blocked when it is opened again', async () => {
      await spendAtOnce(3);
      await opened.store.attempts.block(FIVE, 'grace', 600);
      await opened.reopen();
      expect(tally(await spendAtOnce(10))).toEqual({ within: 2, over: 8 });
      expect(tally(await spendAtOnce(1, 'grace'))).toEqual({ over: 1 });
    });
  });
}
