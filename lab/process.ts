/** The process edge of the lab: terminal, signals, the machine, and the code that the process ends with. */

import Database from 'better-sqlite3';
import { currentCommit, sameCode } from './harness/commit.js';
import type { Experiment } from './harness/experiment.js';
import { thisMachine } from './harness/machine.js';
import { progressOn } from './harness/progress.js';
import type { Reading } from './harness/reading.js';
import { runLab } from './program.js';

export interface Setup {
  readonly experiments: readonly Experiment[];
  readonly readings: readonly Reading[];
  /** The repository that is measured and written to. */
  readonly root: string;
  build(): Promise<void>;
}

/** Ends the process. An interrupted step leaves servers and timers behind; handlers of the exit end the former. */
export async function runHere(setup: Setup): Promise<never> {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
  try {
    const code = await runLab(process.argv.slice(2), {
      ...setup,
      progress: progressOn(process.stderr),
      out: (line) => console.log(line),
      err: (line) => console.error(line),
      signal: stopping.signal,
      circumstances: () => circumstancesIn(setup.root),
    });
    process.exit(code);
  } catch (fault) {
    console.error(fault instanceof Error ? fault : String(fault));
    process.exit(1);
  }
}

function circumstancesIn(root: string) {
  const commit = currentCommit(root);
  return {
    commit,
    machine: thisMachine(sqliteVersion()),
    isSameCode: (recorded: string | null) => sameCode(root, recorded, commit),
  };
}

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('select sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
