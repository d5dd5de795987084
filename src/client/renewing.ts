/** One renewal at a time, for whoever needs one; and no other for a token that came in place of one that was refused. */

import type { Present } from './present.js';
import { type Renewal, type RenewalParts, renew } from './renewal.js';
import type { Tabs } from './tabs.js';

/** A token that came in place of a refused one, and is refused so soon, will not become better by another. */
const YOUNG_MS = 30_000;

export class Renewing {
  readonly #parts: RenewalParts;
  readonly #present: Present;
  readonly #tabs: Tabs;
  #underWay: Promise<Renewal> | null = null;
  /** Whether the one under way is for somebody whose token was refused. */
  #isReplacing = false;

  constructor(parts: RenewalParts, present: Present, tabs: Tabs) {
    this.#parts = parts;
    this.#present = present;
    this.#tabs = tabs;
  }

  /** Until the one under way, if there is one, has come to its end. */
  get settled(): Promise<unknown> {
    return this.#underWay ?? Promise.resolve();
  }

  /** Never rejects. */
  once(): Promise<Renewal> {
    this.#underWay ??= this.#renew().finally(() => {
      this.#underWay = null;
      this.#isReplacing = false;
    });
    return this.#underWay;
  }

  /** Whether there is another token in place of the one that was refused. Never rejects. */
  async replace(refused: string | null): Promise<boolean> {
    const { held, state, fault, ageMs } = this.#present;
    // Somebody was faster.
    if (held !== null && held.accessToken !== refused) return true;
    if (held?.isReplacement && ageMs < YOUNG_MS) return false;
    if (state.kind !== 'signed-in' || fault !== null) return false;
    this.#isReplacing = true;
    const { kind } = await this.once();
    if (kind !== 'renewed' && kind !== 'renewed-elsewhere') return false;
    return this.#present.held !== null && this.#present.held !== held;
  }

  async #renew(): Promise<Renewal> {
    const present = this.#present;
    const { era } = present;
    const renewal = await renew(this.#parts).catch(
      // The server's part never rejects.
      (cause: unknown): Renewal => ({ kind: 'later', because: 'storage', retryAfterMs: null, cause }),
    );
    // What was heard has to be taken in first.
    if (renewal.kind === 'renewed-elsewhere') await this.#tabs.heard;
    // Somebody has logged out or signed in since: it is of before.
    if (era !== present.era) return { kind: 'renewed-elsewhere' };
    if (renewal.kind === 'renewed') this.#tabs.take(renewal.tokens, renewal.stored, this.#isReplacing);
    else if (renewal.kind === 'later') present.pause(renewal);
    else if (renewal.kind === 'over') {
      present.leave(renewal.because);
      this.#tabs.say({ kind: 'signed-out', because: renewal.because });
    }
    return renewal;
  }
}
