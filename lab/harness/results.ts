/** Raw results: one JSON file per experiment, written after each step, and the questions that readings ask of them. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mode } from './experiment.js';
import type { Machine } from './machine.js';
import type { Factor, Model, Observation } from './observation.js';
import { type Summary, summarise } from './statistics.js';

export interface StepRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly observations: readonly Observation[];
}

export interface RawResults {
  readonly experiment: string;
  readonly mode: Mode;
  /** The commit that was measured, with `+` behind it where files had been changed; null outside a repository. */
  readonly commit: string | null;
  readonly machine: Machine;
  readonly steps: readonly StepRecord[];
}

/** Which observations are meant: all whose metric, model and factors are these; factors that are not named are any. */
export interface Query {
  readonly metric: string;
  readonly model?: Model | null;
  readonly factors?: Readonly<Record<string, Factor>>;
}

export class Results {
  constructor(readonly raw: RawResults) {}

  observations({ metric, model, factors = {} }: Query): Observation[] {
    return this.raw.steps
      .flatMap((step) => step.observations)
      .filter(
        (seen) =>
          seen.metric === metric &&
          (model === undefined || seen.model === model) &&
          Object.entries(factors).every(([name, value]) => seen.factors[name] === value),
      );
  }

  /** The summary of the numbers asked for, or null where none was measured. */
  summary(query: Query): Summary | null {
    const numbers = this.observations(query).map(({ value }) => Number(value));
    return numbers.length === 0 ? null : summarise(numbers);
  }

  /** The one value that all rounds gave; the different ones joined by " / " where they disagree; null for none. */
  word(query: Query): string | null {
    const words = new Set(this.observations(query).map(({ value }) => String(value)));
    return words.size === 0 ? null : [...words].join(' / ');
  }

  /** The different values of a factor among what was measured, in ascending order. */
  levels(metric: string, factor: string): Factor[] {
    const levels = new Set(
      this.observations({ metric })
        .map(({ factors }) => factors[factor])
        .filter((level) => level !== undefined),
    );
    return [...levels].sort((a, b) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)),
    );
  }
}

export function resultsFile(folder: string, experiment: string): string {
  return join(folder, `${experiment}.json`);
}

/** Null where there are none. Throws where the file is no JSON, rather than measure over what it cannot read. */
export function readResults(folder: string, experiment: string): RawResults | null {
  const file = resultsFile(folder, experiment);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
  try {
    return JSON.parse(text) as RawResults;
  } catch (fault) {
    throw new Error(`${file} is no JSON; remove it to measure anew.`, { cause: fault });
  }
}

/** Whole or not at all. */
export function writeResults(folder: string, raw: RawResults): void {
  const file = resultsFile(folder, raw.experiment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(raw, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}
