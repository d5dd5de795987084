/**
 * What was seen of those who check tokens. Each of them is taken to be asked all the time: it accepts a revoked token
 * until it has heard of the revocation, but only while it is fresh; a stale one refuses or asks. So the last instant at
 * which it accepts follows from when it heard and how long it was fresh, and no request need be simulated.
 */

import { quantile } from '../harness/statistics.js';
import type { Span } from './link.js';

export interface Lags {
  /** Milliseconds from the mutation's return to the last instant at which a token is accepted; 0 where there is none. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly counted: number;
  /** Revocations that had not reached somebody at the end, who may have been fresh or not. */
  readonly unheard: number;
}

export interface Staleness {
  /** Of all their time. */
  readonly share: number;
  readonly times: number;
  /** At one moment, at most. */
  readonly atOnce: number;
  /** How old knowledge was when it was renewed: on average, and at most. Milliseconds. */
  readonly age: { readonly mean: number; readonly most: number };
}

export class Tally {
  readonly #count: number;
  readonly #freshUntil: Float64Array;
  readonly #heard: Uint8Array;
  readonly #returnedAt: Float64Array;
  readonly #maxStalenessMs: (who: number) => number;
  #lags = new Float64Array(1_024);
  #counted = 0;
  readonly #stale: Span[] = [];
  readonly #ages = { sum: 0, count: 0, most: 0 };

  /** `returnedAt` is filled in by whoever runs the mutations: NaN until one has returned. */
  constructor(count: number, returnedAt: Float64Array, maxStalenessMs: (who: number) => number) {
    this.#count = count;
    this.#returnedAt = returnedAt;
    this.#maxStalenessMs = maxStalenessMs;
    this.#freshUntil = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#heard = new Uint8Array(count * returnedAt.length);
  }

  heard(who: number, revocation: number, now: number): void {
    const place = who * this.#returnedAt.length + revocation;
    if (this.#heard[place] === 1) return;
    this.#heard[place] = 1;
    this.#accepted(who, revocation, now);
  }

  fresh(who: number, freshAsOf: number, now: number): void {
    const known = this.#freshUntil[who] ?? 0;
    const until = freshAsOf + this.#maxStalenessMs(who);
    if (now > 0) this.#age(now - known + this.#maxStalenessMs(who));
    if (known >= now) this.#freshUntil[who] = Math.max(known, until);
    else if (until >= now) {
      this.#stale.push({ fromMs: known, toMs: now });
      this.#freshUntil[who] = until;
    }
  }

  /** Whether somebody has yet to hear of something that has returned. */
  get isWaiting(): boolean {
    for (let revocation = 0; revocation < this.#returnedAt.length; revocation++) {
      for (let who = 0; who < this.#count; who++) if (this.#isUnheard(who, revocation)) return true;
    }
    return false;
  }

  /** Counts what nobody heard, and who is stale still. To be called once. */
  finish(now: number): number {
    let unheard = 0;
    for (let who = 0; who < this.#count; who++) {
      const until = this.#freshUntil[who] ?? 0;
      if (until < now) this.#stale.push({ fromMs: until, toMs: now });
      for (let revocation = 0; revocation < this.#returnedAt.length; revocation++) {
        if (!this.#isUnheard(who, revocation)) continue;
        unheard += 1;
        this.#accepted(who, revocation, now);
      }
    }
    return unheard;
  }

  lags(unheard: number): Lags {
    const sorted = this.#lags.slice(0, this.#counted).sort();
    if (sorted.length === 0) return { p50: 0, p99: 0, max: 0, counted: 0, unheard };
    const at = (share: number) => quantile(sorted as unknown as number[], share);
    return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0, counted: sorted.length, unheard };
  }

  staleness(endMs: number): Staleness {
    const spans = this.#stale
      .map(({ fromMs, toMs }) => ({ fromMs: Math.max(0, fromMs), toMs: Math.min(endMs, toMs) }))
      .filter(({ fromMs, toMs }) => toMs > fromMs);
    const total = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const { sum, count, most } = this.#ages;
    return {
      share: total / (this.#count * endMs),
      times: spans.length,
      atOnce: mostAtOnce(spans),
      age: { mean: count === 0 ? 0 : sum / count, most },
    };
  }

  #isUnheard(who: number, revocation: number): boolean {
    const isHeard = this.#heard[who * this.#returnedAt.length + revocation] === 1;
    return !isHeard && !Number.isNaN(this.#returnedAt[revocation]);
  }

  #age(ms: number): void {
    if (!Number.isFinite(ms)) return;
    this.#ages.sum += ms;
    this.#ages.count += 1;
    this.#ages.most = Math.max(this.#ages.most, ms);
  }

  #accepted(who: number, revocation: number, heardAt: number): void {
    const last = Math.min(heardAt, this.#freshUntil[who] ?? 0);
    const returnedAt = this.#returnedAt[revocation] ?? Number.NaN;
    // Heard before the mutation's own caller has: then nobody accepts it any more once that one knows.
    const lag = Number.isNaN(returnedAt) ? 0 : Math.max(0, last - returnedAt);
    if (this.#counted === this.#lags.length) {
      const grown = new Float64Array(2 * this.#counted);
      grown.set(this.#lags);
      this.#lags = grown;
    }
    this.#lags[this.#counted++] = lag;
  }
}

function mostAtOnce(spans: readonly Span[]): number {
  const begins = Float64Array.from(spans, ({ fromMs }) => fromMs).sort();
  const ends = Float64Array.from(spans, ({ toMs }) => toMs).sort();
  let [ended, most] = [0, 0];
  for (const [begun, at] of begins.entries()) {
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= at) ended += 1;
    most = Math.max(most, begun + 1 - ended);
  }
  return most;
}
