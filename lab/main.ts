/** `npm run lab`: this repository's experiments, on a server that is built first. */

import { spawnSync } from 'node:child_process';
import { EXPERIMENTS } from './experiments/index.js';
import { REPOSITORY } from './harness/server.js';
import { runHere } from './process.js';
import { READINGS } from './readings/index.js';

await runHere({
  experiments: EXPERIMENTS,
  readings: READINGS,
  root: REPOSITORY,
  async build() {
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: REPOSITORY, stdio: 'inherit' });
    if (status !== 0) throw new Error('The server could not be built.');
  },
});
