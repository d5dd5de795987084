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

/**
 * The wall clock for forgetting by: one that was set forth does not make it hasten, since it never runs ahead of the
 * monotonic clock. Set back, it goes back. Forgetting late costs memory; forgetting early costs what was forgotten.
 */
export function patientNow(clock: Clock): () => number {
  const start = { wall: clock.now(), monotonic: clock.monotonic() };
  return () => Math.min(clock.now(), Math.floor(start.wall + clock.monotonic() - start.monotonic));
}
