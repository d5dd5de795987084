/** The questions that the reading of expiry asks of its figures more than once. */

import { SETTINGS, type Setting } from '../harness/expiry-settings.js';
import type { Factor, Observation } from '../harness/observation.js';
import type { Results } from '../harness/results.js';
import { count, NOT_MEASURED } from './amounts.js';

export { SETTINGS, type Setting };

export const FAMILIES: Readonly<Record<string, string>> = {
  waiting: 'idle and in use',
  boundary: 'around the told expiry',
  skew: 'wrong clocks',
  races: 'two tabs, lost answers',
};

export interface Share {
  readonly out: number;
  readonly of: number;
}

/** How many visitors were signed out, of those whose cases have these factors; null where there were none. */
export function signedOut(
  results: Results,
  setting: Setting,
  factors: Readonly<Record<string, Factor>>,
): Share | null {
  const found = results.observations({ metric: 'signed out', factors: { setting, ...factors } });
  if (found.length === 0) return null;
  const sum = (of: (seen: Observation) => Factor | undefined) =>
    found.reduce((all, seen) => all + Number(of(seen)), 0);
  return { out: sum(({ value }) => value), of: sum((seen) => seen.factors['clients']) };
}

/** Signed out although the configured lifetimes had not passed. */
export function spurious(
  results: Results,
  setting: Setting,
  factors: Readonly<Record<string, Factor>> = {},
): Share | null {
  return signedOut(results, setting, { ...factors, promised: true });
}

export function shareOf({ out, of }: Share): number {
  return out / of;
}

export function worded(share: Share | null): string {
  return share === null ? NOT_MEASURED : `${count(share.out)} of ${count(share.of)}`;
}

/** The cases of a family, in the order in which they were tried. */
export function casesOf(results: Results, family: string): string[] {
  const found = results.observations({ metric: 'signed out', factors: { family } });
  return [...new Set(found.map(({ factors }) => String(factors['case'])))];
}

/** A situation that visitors are in; all wrong clocks that are heeded alike are one. */
interface Situation {
  readonly name: string;
  readonly factors: Readonly<Record<string, Factor>>;
}

const CLOCKS: readonly Situation[] = [
  { name: 'in use, renewing when refused', factors: { family: 'skew', renews: 'when refused' } },
  { name: 'in use, a wrong clock that is believed', factors: { family: 'skew', renews: 'by its own clock' } },
  {
    name: "in use, a wrong clock that is corrected by the server's",
    factors: { family: 'skew', renews: "by the server's clock" },
  },
];

/** The situations that were measured in every setting, and in which nobody should have been signed out in any. */
function situations(results: Results): Situation[] {
  const named = ['waiting', 'boundary', 'races'].flatMap((family) =>
    casesOf(results, family).map((name) => ({ name, factors: { family, case: name } })),
  );
  return [...named, ...CLOCKS].filter(({ factors }) =>
    SETTINGS.every(
      (setting) =>
        spurious(results, setting, factors) !== null &&
        signedOut(results, setting, { ...factors, promised: false }) === null,
    ),
  );
}

/** Fewer than a tenth of the visitors of a situation may be the machine's fault. */
const TROUBLED = 0.1;

export interface Trouble {
  /** The situations in which visitors were signed out too early. */
  readonly names: readonly string[];
  readonly of: number;
}

/** Null where nothing can be compared. */
export function troubleOf(results: Results, setting: Setting): Trouble | null {
  const all = situations(results);
  if (all.length === 0) return null;
  const troubled = all.filter(({ factors }) => {
    const found = spurious(results, setting, factors);
    return found !== null && shareOf(found) >= TROUBLED;
  });
  return { names: troubled.map(({ name }) => name), of: all.length };
}
