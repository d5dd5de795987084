/** `counterfoil serve`: migrates, makes keys where there are none, and serves until it is told to stop. */

import { createApp } from '../app.js';
import type { Config } from '../config/config.js';
import { createLog, type Log } from '../system/log.js';
import { type Console, EXIT } from './console.js';

/** How long requests under way may take once the socket is closed. */
const LAST_REQUESTS_MS = 10_000;

export async function serve(config: Config, console: Console): Promise<number> {
  const log = createLog(config.logLevel);
  const app = await createApp(config, { log });
  await app.start();
  const server = await app.createServer();
  await server.listen({ host: config.http.host, port: config.http.port });
  const { port } = server.server.address() as { port: number };
  const { playground, console: hasConsole } = app.http.options;
  const { model } = config;
  const remarks = [
    ...(playground ? ['playground on'] : []),
    ...(model === 'hybrid' ? [] : [`${model} sessions`]),
  ];
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`;
  const url = `http://${urlHost(config.http.host)}:${port}`;
  const forPeople = hasConsole ? `, and for people ${url}/console/` : '';
  console.err(`Counterfoil serves ${url}/graphql${remark}${forPeople}\n`);
  log.info({ event: 'started', port, playground, console: hasConsole, model }, 'serving');

  const stops = stopsOf(console, log);
  const reason = await stops.first;
  app.drain();
  log.info({ event: 'stopping' }, 'stopping');
  // Whoever sends a SIGTERM may have a balancer in front that has yet to see that this node is not ready.
  if (reason === 'terminate') await Promise.race([after(config.http.drainMs), stops.second]);
  await Promise.race([server.close(), after(LAST_REQUESTS_MS)]);
  server.server.closeAllConnections();
  await app.stop();
  log.info({ event: 'stopped' }, 'stopped');
  return reason === 'fault' ? EXIT.failed : EXIT.done;
}

/** After a `fault`, an uncaught exception, the state cannot be trusted: the process makes way for another. */
type StopReason = 'terminate' | 'interrupt' | 'fault';

/** When the process is told to stop, and when it is told again. */
function stopsOf({ process }: Console, log: Log): Record<'first' | 'second', Promise<StopReason>> {
  const [first, second] = [pending(), pending()];
  let next = first;
  const stop = (reason: StopReason) => {
    next.resolve(reason);
    next = second;
  };
  process.on('SIGTERM', () => stop('terminate'));
  process.on('SIGINT', () => stop('interrupt'));
  process.on('unhandledRejection', (fault) => {
    log.error({ event: 'unhandled-rejection', err: fault }, 'a promise failed and nobody looked');
  });
  process.on('uncaughtException', (fault) => {
    log.error({ event: 'uncaught-exception', err: fault }, 'an exception escaped: stopping');
    stop('fault');
  });
  return { first: first.promise, second: second.promise };
}

function pending() {
  let resolve: (reason: StopReason) => void = () => {};
  const promise = new Promise<StopReason>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
