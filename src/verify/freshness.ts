/**
 * How old the knowledge of revocations is. A heartbeat names an instant, in milliseconds since the server took the
 * connection; added to the instant at which the request was sent, it is never too late, however long anything was under
 * way (`revocation/feed-events.ts`). Both clocks are kept, and the one that says more is believed.
 */

import type { Clock } from '../system/clock.js';
import { ageOf, type Instant, instantOf, NEVER } from './instant.js';

/**
 * How far two clocks run apart, at most: each by 250 parts in a million, which is more than quartz does. Taken off, since
 * the server counts by its own clock and we go on by ours.
 */
const DRIFT = 500 / 1_000_000;
/** An instant that is further ahead than this has not come by drift: one of our clocks stood still or was set back. */
const AHEAD_MS = 500;

export class Freshness {
  readonly #clock: Clock;
  #freshAsOf: Instant = NEVER;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes a heartbeat of the connection whose request was sent at `sentAt`. False where it names an instant that has not
   * come yet: this connection cannot tell the time any more, and a new one must be made.
   */
  hear(sentAt: Instant, freshMs: number): boolean {
    const sinceSent = freshMs - Math.max(0, freshMs) * DRIFT;
    const named = { monotonic: sentAt.monotonic + sinceSent, wall: sentAt.wall + sinceSent };
    const now = instantOf(this.#clock);
    if (named.monotonic > now.monotonic + AHEAD_MS || named.wall > now.wall + AHEAD_MS) return false;
    // What was heard once is never forgotten, so a later connection that knows less takes nothing away.
    if (ageOf(this.#clock, named) < ageOf(this.#clock, this.#freshAsOf)) this.#freshAsOf = named;
    return true;
  }

  /** Milliseconds; infinite before the first heartbeat. */
  stalenessMs(): number {
    return Math.max(0, ageOf(this.#clock, this.#freshAsOf));
  }
}
