/** The questions that the reading of the stolen phone asks of its figures more than once. */

import type { Model } from '../harness/observation.js';
import type { Results } from '../harness/results.js';

export const PROCESSES = ['same process', 'second process'] as const;

/** Whether logging out all devices ended the phone's credential on every process, or on one; null where it was not measured. */
export function ends(results: Results, model: Model, process?: string): boolean | null {
  const factors = process === undefined ? {} : { process };
  const found = results.observations({ metric: 'dead', model, factors });
  return found.length === 0 ? null : found.every(({ value }) => value === true);
}

export function untilDead(results: Results, model: Model, process: string) {
  return results.summary({ metric: 'time until dead', model, factors: { process } });
}

export function openedFor(results: Results, model: Model, where: string) {
  return results.summary({ metric: 'opened for', model, factors: { where } });
}
