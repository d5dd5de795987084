/** Recorded outcomes of the published scenarios, and the costs that they were simulated with. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../harness/server.js';
import type { Costs } from './costs.js';
import type { Outcome } from './outcome.js';

export interface SimulationResults {
  readonly costs: Costs;
  /** Which of the costs were measured; the others are assumed. */
  readonly measured: readonly string[];
  readonly outcomes: readonly { readonly name: string; readonly outcome: Outcome }[];
}

const RESULTS = join(REPOSITORY, 'lab/simulation/results.json');

/** Throws where they are missing or no JSON: `npm run simulate -- --published` makes them. */
export function readSimulation(file = RESULTS): SimulationResults {
  return JSON.parse(readFileSync(file, 'utf8')) as SimulationResults;
}

export function writeSimulation(results: SimulationResults, file = RESULTS): void {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}

/** Six digits that count: more than any reader needs, and fewer than floating-point arithmetic may disagree about. */
export function rounded(outcome: Outcome): Outcome {
  return JSON.parse(JSON.stringify(outcome), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  ) as Outcome;
}
