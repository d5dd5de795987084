/** Raw results of a run: what the table is made from, and nothing else is. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Machine } from '../lab/harness/machine.js';
import { REPOSITORY } from '../lab/harness/server.js';
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
export function readResults(file: string): BenchResults | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
  return JSON.parse(text) as BenchResults;
}

/** Whole or not at all. */
export function writeResults(file: string, results: BenchResults): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(results, null, 1)}\n`);
  renameSync(`${file}.part`, file);
}
