/** `counterfoil serve`: migrates, makes keys where there are none, and serves until it is told to stop. */

import { createApp } from '../app.js';
import type { Config } from '../config/config.js';
import { createLog, type Log } from '../system/log.js';
import { type Console, EXIT } from './console.js';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** How long requests under way may take once a stop was asked for. */
const DRAIN_MS = 10_000;

export async function serve(config: Config, console: Console): Promise<number> {
  const log = createLog(config.logLevel);
  const app = await createApp(config, { log });
  await app.start();
  const server = await app.createServer();
  await server.listen({ host: config.http.host, port: config.http.port });
  const { port } = server.server.address() as { port: number };
  const playground = app.http.options.playground;
  const { model } = config;
  const remarks = [
    ...(playground ? ['playground on'] : []),
    ...(model === 'hybrid' ? [] : [`${model} sessions`]),
  ];
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`;
  console.err(`Counterfoil serves http://${urlHost(config.http.host)}:${port}/graphql${remark}\n`);
  log.info({ event: 'started', port, playground, model }, 'serving');

  const fault = await untilStopped(console, log);
  app.drain();
  log.info({ event: 'stopping' }, 'stopping');
  await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
  server.server.closeAllConnections();
  await app.stop();
  log.info({ event: 'stopped' }, 'stopped');
  return fault ? EXIT.failed : EXIT.done;
}

/** Resolves to true when an uncaught exception is why: its state cannot be trusted, so the process makes way for another. */
function untilStopped({ process }: Console, log: Log): Promise<boolean> {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve(false));
    process.on('unhandledRejection', (fault) => {
      log.error({ event: 'unhandled-rejection', err: fault }, 'a promise failed and nobody looked');
    });
    process.on('uncaughtException', (fault) => {
      log.error({ event: 'uncaught-exception', err: fault }, 'an exception escaped: stopping');
      resolve(true);
    });
  });
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
