/** `npm run lab`: the process edge of the lab. Signals, the build, and the code that the process ends with. */

import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { EXPERIMENTS } from './experiments/index.js';
import { currentCommit, sameCode } from './harness/commit.js';
import { thisMachine } from './harness/machine.js';
import { progressOn } from './harness/progress.js';
import { REPOSITORY } from './harness/server.js';
import { type Lab, runLab } from './program.js';
import { READINGS } from './readings/index.js';

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());

const lab: Lab = {
  experiments: EXPERIMENTS,
  readings: READINGS,
  root: REPOSITORY,
  progress: progressOn(process.stderr),
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  signal: stopping.signal,
  circumstances() {
    const commit = currentCommit(REPOSITORY);
    return {
      commit,
      machine: thisMachine(sqliteVersion()),
      isSameCode: (recorded) => sameCode(REPOSITORY, recorded, commit),
    };
  },
  async build() {
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: REPOSITORY, stdio: 'inherit' });
    if (status !== 0) throw new Error('The server could not be built.');
  },
};

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('select sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}

try {
  // An interrupted step leaves servers and timers behind; the handlers of the exit end them.
  process.exit(await runLab(process.argv.slice(2), lab));
} catch (fault) {
  console.error(fault instanceof Error ? fault : String(fault));
  process.exit(1);
}
