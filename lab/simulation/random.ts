/**
 * Seeded randomness. Each purpose draws from a stream of its own, so that one more draw in one place moves nothing in
 * another. SplitMix32: fast, and even enough for delays and schedules; for secrets it is of no use.
 */

export class Random {
  #state: number;

  constructor(seed: number, purpose: string) {
    let hash = 0x811c9dc5 ^ seed;
    // FNV-1a over the purpose, so that streams of one seed have nothing in common.
    for (const sign of purpose) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
    this.#state = hash | 0;
    this.number();
  }

  /** From 0, below 1. */
  number(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.number();
  }

  /** A whole number from 0, below `count`. */
  below(count: number): number {
    return Math.floor(this.number() * count);
  }

  /** Time until the next of events that come `mean` apart, one not knowing of another. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.number());
  }

  /** Normally distributed around 0 with deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.number())) * Math.cos(2 * Math.PI * this.number());
  }
}

/** How long messages are under way. Log-normal, as measured networks are roughly: most near the median, a few far off. */
export interface Delay {
  readonly medianMs: number;
  /** Deviation of the logarithm; 0 is a constant. */
  readonly spread: number;
  /** No message takes longer than that; what is lost and sent again is a matter of cuts. */
  readonly mostMs: number;
}

export function draw({ medianMs, spread, mostMs }: Delay, random: Random): number {
  if (spread === 0) return Math.min(medianMs, mostMs);
  return Math.min(mostMs, medianMs * Math.exp(spread * random.normal()));
}
