/**
 * Time, handed in and never taken from the air: a test can hold it still, and no two places disagree about now.
 */

export interface Clock {
  /** Wall-clock time: integer milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin that never go backwards, for measuring how long something took. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
