/** Raw results of a run: what the table is made from, and nothing else is. */

import { join } from 'node:path';
import type { Machine } from '../lab/harness/machine.js';
import { REPOSITORY } from '../lab/harness/server.js';
import { readJson, writeJson } from './json-file.js';
import type { Figure } from './measure.js';

export interface BenchResults {
  /** ISO 8601. */
  readonly at: string;
  /** The commit that was measured, with `+` behind it where files had been changed; null outside a repository. */
  readonly commit: string | null;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  /** Whether servers and loads had cores of their own. */
  readonly pinned: boolean;
  readonly figures: readonly Figure[];
}

/** The run that `docs/performance.md` is made from. */
export const PUBLISHED = join(REPOSITORY, 'bench/results.json');

/** Null where there is no such file. Throws where it is no JSON. */
export const readResults = (file: string): BenchResults | null => readJson<BenchResults>(file);

/** Whole or not at all. */
export const writeResults: (file: string, results: BenchResults) => void = writeJson;
