/** The instant that a heartbeat names is never taken for later than it was, whatever the clocks do. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Freshness } from '../../../src/verify/freshness.js';
import { instantOf } from '../../../src/verify/instant.js';
import { testClock } from '../../support/issuer.js';

describe('freshness', () => {
  it('is unknown before the first heartbeat', () => {
    expect(new Freshness(testClock()).stalenessMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('never makes knowledge younger than it is, however long requests and answers are under way and clocks drift', () => {
    const delay = fc.nat(20_000);
    const drift = fc.integer({ min: -250, max: 250 });
    fc.assert(
      fc.property(delay, fc.nat(900_000), delay, drift, (there, until, back, partsPerMillion) => {
        // True time; our clock goes on with it, and the server's monotonic clock runs apart from it.
        const clock = testClock();
        const freshness = new Freshness(clock);
        const sentAt = instantOf(clock);
        clock.advance(there + until + back);
        const freshMs = until * (1 + partsPerMillion / 1_000_000);
        expect(freshness.hear(sentAt, freshMs)).toBe(true);
        // What the server vouches for had happened `until` after it took the request.
        expect(freshness.stalenessMs()).toBeGreaterThanOrEqual(back - 0.001);
        expect(freshness.stalenessMs()).toBeLessThanOrEqual(there + back + until * 0.00075 + 0.001);
      }),
    );
  });

  it('takes nothing back: a later connection that knows less changes nothing', () => {
    const clock = testClock();
    const freshness = new Freshness(clock);
    freshness.hear(instantOf(clock), 0);
    clock.advance(1_000);
    freshness.hear(instantOf(clock), -5_000);
    expect(freshness.stalenessMs()).toBe(1_000);
  });

  it('ages while the machine sleeps, and does not trust heartbeats of a connection from before', () => {
    const clock = testClock();
    const freshness = new Freshness(clock);
    const sentAt = instantOf(clock);
    freshness.hear(sentAt, 0);
    clock.sleep(60_000);
    expect(freshness.stalenessMs()).toBe(60_000);
    // The server's clock went on: by our monotonic one, this instant is yet to come.
    expect(freshness.hear(sentAt, 60_000)).toBe(false);
    expect(freshness.stalenessMs()).toBe(60_000);
    expect(freshness.hear(instantOf(clock), 0)).toBe(true);
    expect(freshness.stalenessMs()).toBe(0);
  });

  it.each([-3_600_000, 3_600_000])('is never too optimistic when the clock is set by %i ms', (by) => {
    const clock = testClock();
    const freshness = new Freshness(clock);
    const sentAt = instantOf(clock);
    freshness.hear(sentAt, 0);
    clock.set(by);
    clock.advance(7_000);
    expect(freshness.stalenessMs()).toBeGreaterThanOrEqual(7_000);
    freshness.hear(sentAt, 7_000);
    freshness.hear(instantOf(clock), 0);
    expect(freshness.stalenessMs()).toBe(0);
  });
});
