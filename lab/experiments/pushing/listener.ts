/** A client that listens over a WebSocket, and what an operator says to all of them. */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ask } from '../../harness/client.js';
import type { Credential } from '../../harness/population.js';
import type { Server } from '../../harness/server.js';

/** Of a message: who has not heard it by then is not reached. */
const PATIENCE_MS = 5_000;
const EVENTS = 'subscription { sessionEvents { __typename ... on MessageEvent { text } } }';
const NOTIFY = 'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';

export interface Client {
  readonly socket: WebSocket;
  /** When it heard each text. */
  readonly heard: Map<string, number>;
}

export async function listen({ url }: Server, { bearer }: Credential): Promise<Client> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const heard = new Map<string, number>();
  await once(socket, 'open');
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data)) as {
        readonly type: string;
        readonly payload?: { readonly data?: { readonly sessionEvents?: { readonly text?: string } } };
      };
      const text = payload?.data?.sessionEvents?.text;
      if (type === 'connection_ack') resolve();
      if (text !== undefined) heard.set(text, performance.now());
    });
    socket.once('close', (code) => reject(new Error(`a connection was closed with ${code}`)));
  });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken: bearer } }));
  await acknowledged;
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: EVENTS } }));
  return { socket, heard };
}

/** One message to everybody, and how many milliseconds later each of `clients` heard it that did. */
export async function say(
  server: Server,
  operator: string | null,
  text: string,
  clients: readonly Client[],
  patienceMs = PATIENCE_MS,
): Promise<number[]> {
  const sentAt = performance.now();
  const answer = await ask(server.url, NOTIFY, { input: { text } }, { bearer: operator });
  if (answer.code !== null) throw new Error(`a message was refused: ${answer.code}`);
  const times = () => clients.flatMap(({ heard }) => heard.get(text) ?? []);
  while (times().length < clients.length && performance.now() - sentAt < patienceMs) await pause(10);
  return times().map((at) => at - sentAt);
}
