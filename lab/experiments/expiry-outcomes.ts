/** How it is written down who was signed out, and whether that should have been. */

import type { Setting } from '../harness/expiry-settings.js';
import type { Observation } from '../harness/observation.js';
import { modelOf } from './expiry-servers.js';

export interface Outcome {
  readonly case: string;
  readonly signedOut: boolean;
  /** Whether the idle and absolute lifetimes that were configured for all models alike had not passed. */
  readonly promised: boolean;
  /** The same by the idle lifetime that this server itself promises. */
  readonly ownPromise: boolean;
  /** The machine was too slow for what was to be done at an instant; such an outcome shows nothing. */
  readonly late: boolean;
}

/** Per case how many of how many were signed out, and how many came too late to be counted. */
export function counted(
  setting: Setting,
  family: string,
  round: number,
  outcomes: readonly Outcome[],
): Observation[] {
  return [...new Set(outcomes.map((outcome) => outcome.case))].flatMap((name) => {
    const all = outcomes.filter((outcome) => outcome.case === name);
    const those = all.filter(({ late }) => !late);
    const about = { unit: 'clients', model: modelOf(setting), round };
    const factors = { setting, family, case: name };
    const leftOut = { ...about, metric: 'left out', factors, value: all.length - those.length };
    if (those.length === 0) return [leftOut];
    const promises = {
      promised: those.every(({ promised }) => promised),
      ownPromise: those.every(({ ownPromise }) => ownPromise),
    };
    const signedOut = {
      ...about,
      metric: 'signed out',
      factors: { ...factors, clients: those.length, ...promises },
      value: those.filter((outcome) => outcome.signedOut).length,
    };
    return [signedOut, leftOut];
  });
}
