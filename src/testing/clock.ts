/** A clock that stands still until it is told to go, for tests about expiry that take no time. */

import type { Clock } from '../system/clock.js';

export interface FakeClock extends Clock {
  /** Lets time pass: milliseconds, not negative. */
  advance(milliseconds: number): void;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise: milliseconds since the epoch. */
export function fakeClock(startsAt = 1_767_225_600_000): FakeClock {
  let elapsed = 0;
  return {
    now: () => startsAt + elapsed,
    monotonic: () => elapsed,
    advance: (milliseconds) => {
      if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
        throw new RangeError(`A clock advances by whole milliseconds, not by ${milliseconds}.`);
      }
      elapsed += milliseconds;
    },
  };
}
