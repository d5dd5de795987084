/**
 * Stands between a node and PostgreSQL and passes on what comes, the database's answers late: the target's port and the
 * delay in milliseconds are the arguments, its own port goes to stderr. Only answers are delayed, so a round trip takes
 * that much longer, and the timer's grain besides: the lab measures what it came to.
 */

import { connect, createServer } from 'node:net';

const [target, delayMs] = process.argv.slice(2).map(Number);

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ port: target, host: 'localhost', noDelay: true });
  for (const socket of [near, far]) socket.on('error', () => {});
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  near.pipe(far);
  if (delayMs === 0) far.pipe(near);
  // Timers of one length fire in the order in which they were set, so nothing overtakes.
  else far.on('data', (chunk) => setTimeout(() => near.destroyed || near.write(chunk), delayMs));
});
server.listen(0, 'localhost', () => process.stderr.write(`passes on by ${server.address().port}\n`));
