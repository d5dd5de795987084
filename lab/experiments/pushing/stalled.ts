/**
 * Some clients stop reading, and listen to as much as they may, so that more waits for them than a server holds before
 * their heartbeats give them away: what the others hear meanwhile, and whether these are let go.
 */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../../harness/client.js';
import type { Server } from '../../harness/server.js';
import { type Client, say } from './listener.js';

/** On one connection, as many as it may have. */
const SUBSCRIPTIONS = 10;
/** As many aliases as a document may have. */
const WIDE = `subscription {
  sessionEvents { ... on MessageEvent { ${Array.from({ length: 15 }, (_, n) => `a${n}: text`).join(' ')} } }
}`;
/** Comes back with each event; with the rest, as long as a message from a client may be. */
const ID = 'x'.repeat(15_800);
/** With its number, as long as a message to clients may be. */
const FILLING = '😀'.repeat(490);
/** What lies between two processes is full long before. */
const MESSAGES = 60;
/** For what lies there to be read to its end. */
const CLOSE_MS = 5_000;
const CONNECTIONS = '{ serverFigures { push { connections } } }';

export interface BesideStalled {
  readonly messages: number;
  /** How long each message took to each of the others that heard it. */
  readonly lags: readonly number[];
  /** How many of the stalled the server has let go. */
  readonly dropped: number;
}

export async function besideStalled(
  server: Server,
  operator: string | null,
  others: readonly Client[],
  stalled: readonly Client[],
): Promise<BesideStalled> {
  await Promise.all(stalled.map(stall));
  const lags: number[] = [];
  let messages = 0;
  while (messages < MESSAGES && (await connections(server, operator)) > others.length) {
    lags.push(...(await say(server, operator, `${messages} ${FILLING}`, others)));
    messages += 1;
  }
  const closed = stalled.map(async ({ socket }) => {
    const over = once(socket, 'close').then(() => true);
    socket.resume();
    return Promise.race([over, pause(CLOSE_MS, false)]);
  });
  const dropped = (await Promise.all(closed)).filter((isClosed) => isClosed).length;
  return { messages, lags, dropped };
}

async function stall({ socket }: Client): Promise<void> {
  socket.removeAllListeners('message');
  socket.send(JSON.stringify({ id: '1', type: 'complete' }));
  // Until that has been heard, there is room for one less.
  await pause(500);
  for (let n = 0; n < SUBSCRIPTIONS; n += 1)
    socket.send(JSON.stringify({ id: `${n}${ID}`, type: 'subscribe', payload: { query: WIDE } }));
  socket.pause();
  await pause(500);
}

async function connections({ url }: Server, bearer: string | null): Promise<number> {
  const { data, code } = await ask(url, CONNECTIONS, {}, { bearer });
  const figures = data?.['serverFigures'] as { push: { connections: number } } | undefined;
  if (figures === undefined) throw new Error(`the server told no figures: ${code}`);
  return figures.push.connections;
}
