/** How long a client leaves the server alone after a refresh that came to nothing: longer each time, and never for long. */

import { systemChance } from '../system/chance.js';
import type { Clock } from '../system/clock.js';
import type { Renewal } from './renewal.js';

/** After the first: this long, twice as long each time, and no longer than that. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever a server or a proxy says of when to come again. */
const LONGEST_RETRY_MS = 60_000;

export type Later = Extract<Renewal, { readonly kind: 'later' }>;

export class Pauses {
  readonly #clock: Clock;
  #count = 0;
  #until = Number.NEGATIVE_INFINITY;
  #fault: Later | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why it pauses; null where it does not. */
  get fault(): Later | null {
    return this.#clock.monotonic() < this.#until ? this.#fault : null;
  }

  begin(fault: Later): void {
    const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#count);
    const wishedMs = fault.retryAfterMs ?? own * (0.5 + systemChance() / 2);
    this.#count += 1;
    this.#fault = fault;
    this.#until =
      this.#clock.monotonic() + Math.max(FIRST_PAUSE_MS / 2, Math.min(LONGEST_RETRY_MS, wishedMs));
  }

  end(): void {
    this.#count = 0;
    this.#until = Number.NEGATIVE_INFINITY;
    this.#fault = null;
  }
}
