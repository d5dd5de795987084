/** `npm run simulate`: the process edge of the simulator. */

import { progressOn } from '../harness/progress.js';
import { runSimulation } from './program.js';

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await runSimulation(process.argv, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: progressOn(process.stderr),
});
