/** Counts that are shown to operators as they are, beside what Prometheus collects of the same events. */

import type { Lag, VerdictCount } from '../entities/figures.js';

/** Enough for a 99th percentile. */
const NEWEST_LAGS = 500;

export class Tally {
  readonly #verdicts = new Map<string, { verdict: string; because: string | null; count: number }>();
  readonly #lags: number[] = [];
  #felt = 0;

  verdict(verdict: string, because: string | null): void {
    const key = `${verdict} ${because ?? ''}`;
    const known = this.#verdicts.get(key);
    if (known) known.count += 1;
    else this.#verdicts.set(key, { verdict, because, count: 1 });
  }

  felt(lagMs: number): void {
    this.#lags[this.#felt % NEWEST_LAGS] = lagMs;
    this.#felt += 1;
  }

  verdicts(): readonly VerdictCount[] {
    return [...this.#verdicts.values()].map((each) => ({ ...each }));
  }

  revocations(): { felt: number; lag: Lag | null } {
    const sorted = this.#lags.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const lag = sorted.length === 0 ? null : { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
    return { felt: this.#felt, lag };
  }
}
