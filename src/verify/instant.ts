/**
 * Instants by both clocks, and how long ago they were by the clock that says more: the monotonic one may stand still
 * while the machine sleeps, the other may be set back.
 */

import type { Clock } from '../system/clock.js';

export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

export const NEVER: Instant = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };

export function instantOf(clock: Clock): Instant {
  return { monotonic: clock.monotonic(), wall: clock.now() };
}

/** Milliseconds; infinite for what has never been. */
export function ageOf(clock: Clock, { monotonic, wall }: Instant): number {
  return Math.max(clock.monotonic() - monotonic, clock.now() - wall);
}
