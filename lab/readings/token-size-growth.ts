/** How a credential grows with its claims. */

import type { Model } from '../harness/observation.js';
import type { Results } from '../harness/results.js';

/** A credential's bytes with no claims more, and what each byte of claims adds. */
export interface Growth {
  readonly base: number;
  readonly slope: number;
}

export function growthOf(results: Results, metric: 'bearer' | 'cookie', model: Model): Growth | null {
  const levels = results.levels(metric, 'claims').map(Number);
  const most = levels.at(-1) ?? 0;
  const [small, large] = [0, most].map(
    (claims) => results.summary({ metric, model, factors: { claims } })?.median,
  );
  return small !== undefined && large !== undefined && most > 0
    ? { base: small, slope: (large - small) / most }
    : null;
}
