/**
 * A lab of one experiment, as a process that can be interrupted: the first step is done at once, the second starts a
 * process, says which and where, and does not end. Its folder of results is the last argument.
 */

import type { Experiment } from '../../lab/harness/experiment.js';
import { startNode } from '../../lab/harness/pinned.js';
import { runHere } from '../../lab/process.js';

const experiment: Experiment = {
  name: 'waiting',
  title: 'Waiting',
  steps: () => [
    { id: 'first', label: 'first', run: async () => [] },
    {
      id: 'second',
      label: 'second',
      run({ folder }) {
        const line = ['-e', 'setInterval(() => undefined, 1000)'];
        const { pid } = startNode({ line, side: 'anywhere', folder, environment: {} });
        console.log(JSON.stringify({ pid, folder }));
        return new Promise(() => undefined);
      },
    },
  ],
};

await runHere({
  experiments: [experiment],
  readings: [],
  root: import.meta.dirname,
  build: async () => undefined,
});
