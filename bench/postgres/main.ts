/** The process edge of `npm run bench:postgres`. */

import { progressOn } from '../../lab/harness/progress.js';
import { runPostgresBench } from './program.js';

// On exit, whatever was started is ended and whatever was written is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await runPostgresBench(process.argv, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  progress: progressOn(process.stderr),
});
