/** The questions that the reading of the leaked key asks of its figures more than once. */

import type { Model } from '../harness/observation.js';
import type { Results } from '../harness/results.js';

export const PROCESSES = ['same process', 'second process'] as const;

/** In the order in which they were tried. */
export function forgeries(results: Results): string[] {
  const names = results.observations({ metric: 'accepted' }).map(({ factors }) => String(factors['forgery']));
  return [...new Set(names)];
}

/** Whether it was ever accepted; null where it was not tried. */
export function wasAccepted(results: Results, model: Model, forgery: string): boolean | null {
  const found = results.observations({ metric: 'accepted', model, factors: { forgery } });
  return found.length === 0 ? null : found.some(({ value }) => value === true);
}

/** How many of the forgeries were ever accepted; null where none was tried. */
export function acceptedOf(results: Results, model: Model): { accepted: number; of: number } | null {
  const tried = forgeries(results)
    .map((forgery) => wasAccepted(results, model, forgery))
    .filter((found) => found !== null);
  return tried.length === 0 ? null : { accepted: tried.filter((found) => found).length, of: tried.length };
}

export type Fate = 'never worked' | 'dies' | 'goes on';

/** What the revocation of the key does to a forgery on every process, or on one; null where it was not measured. */
export function dies(results: Results, model: Model, process?: string): Fate | null {
  const factors = process === undefined ? {} : { process };
  if (results.observations({ metric: 'revocation', model }).length === 0) return null;
  const found = results.observations({ metric: 'dead', model, factors });
  if (found.length === 0) return 'never worked';
  return found.every(({ value }) => value === true) ? 'dies' : 'goes on';
}

/** How many honest users fared so, over all rounds. */
export function honest(
  results: Results,
  model: Model,
  outcome: string,
): { users: number; of: number } | null {
  const found = results.observations({ metric: 'honest users', model, factors: { outcome } });
  if (found.length === 0) return null;
  const sum = (of: (seen: (typeof found)[number]) => number) =>
    found.reduce((all, seen) => all + of(seen), 0);
  return { users: sum(({ value }) => Number(value)), of: sum(({ factors }) => Number(factors['of'])) };
}

/** Whether a forger who renews between a rotation and the revocation of the leaked key has a credential that lives on. */
export function outlivesTheKey(results: Results, model: Model): boolean {
  return results
    .observations({ metric: 'accepted after rotation and revocation', model })
    .some(({ value }) => value === true);
}
