/**
 * The way between two processes: ordered, delayed, and now and then cut. What is sent over a cut link is held until it
 * heals, as TCP does by sending it again. Whether anybody waits so long is for the ends to say.
 */

import { type Delay, draw, type Random } from './random.js';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Link {
  readonly #cuts: readonly Span[];
  readonly #delay: Delay;
  readonly #random: Random;

  constructor(cuts: readonly Span[], delay: Delay, random: Random) {
    this.#cuts = merged(cuts);
    this.#delay = delay;
    this.#random = random;
  }

  /** The first instant from `at` on at which something gets through. */
  opensAt(at: number): number {
    return openAfter(this.#cuts, at);
  }

  /** When something sent at `at` arrives. */
  arrival(at: number): number {
    return this.opensAt(at) + draw(this.#delay, this.#random);
  }
}

export function openAfter(closed: readonly Span[], at: number): number {
  for (const { fromMs, toMs } of closed) {
    if (at < fromMs) break;
    if (at < toMs) return toMs;
  }
  return at;
}

/** In order, and those that overlap or touch as one. */
export function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && span.fromMs <= last.toMs)
      result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    else result.push(span);
  }
  return result;
}
