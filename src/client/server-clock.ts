/**
 * The server's clock, as a client can know it: the time that came with the last tokens, and what has passed since. A
 * client's own clock may be wrong by any amount, and may be set; how much time has passed it knows better. The monotonic
 * clock may stand still while a machine sleeps, and the wall clock may be set: what says that more has passed is
 * believed, since a token that is renewed too early costs a request, and one too late an error.
 */

import type { Clock } from '../system/clock.js';

export class ServerClock {
  readonly #clock: Clock;
  #base: { readonly server: number; readonly wall: number; readonly monotonic: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `serverTime`: milliseconds since the epoch, as an answer said it that came when the wall clock said `at`. */
  set(serverTime: number, at = this.#clock.now()): void {
    const age = Math.max(0, this.#clock.now() - at);
    this.#base = { server: serverTime + age, wall: this.#clock.now(), monotonic: this.#clock.monotonic() };
  }

  /** Behind the server's clock by no more than its last answer was on the way. */
  now(): number {
    const base = this.#base;
    if (base === null) return this.#clock.now();
    const passed = Math.max(this.#clock.monotonic() - base.monotonic, this.#clock.now() - base.wall);
    return base.server + passed;
  }
}
