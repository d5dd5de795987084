/** graphql-ws over the real server: a subscription outlives its tokens, and not its session. */

import type { SessionClient } from 'counterfoil/client';
import type { Client } from 'graphql-ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { socketClient } from '../src/graphql-ws.js';
import { clientOf, EMAIL, Network, signIn, startWorld, type World } from './world.js';

const EVENTS =
  'subscription { sessionEvents { __typename ... on MessageEvent { text } ... on SessionEndedEvent { reason } } }';

interface Event {
  readonly __typename: string;
  readonly text?: string;
  readonly reason?: string;
}

let world: World;
let network: Network;
let client: SessionClient;
let sockets: Client;
let opened: number;
let closed: number[];
let heard: Event[];
let ended: string[];

beforeEach(async () => {
  world = await startWorld();
  network = new Network();
  client = clientOf(world, network);
  await signIn(client);
  [opened, closed, heard, ended] = [0, [], [], []];
  sockets = socketClient(client, world.url.replace(/^http/, 'ws'), WebSocket);
  sockets.on('connected', () => {
    opened += 1;
  });
  sockets.on('closed', (event) => closed.push((event as { code: number }).code));
});
afterEach(async () => {
  await sockets.dispose();
  await world.stop();
});

/** Resolves once the server hears it. */
async function subscribe(): Promise<void> {
  sockets.subscribe<{ sessionEvents: Event }>(
    { query: EVENTS },
    {
      next: ({ data }) => data && heard.push(data.sessionEvents),
      error: () => ended.push('error'),
      complete: () => ended.push('complete'),
    },
  );
  await expect.poll(() => listeners()).toBe(1);
}

const listeners = () => world.counterfoil.app.http.push.figures().listeners;

async function notify(text: string): Promise<void> {
  const operator = await world.counterfoil.signedInAs({}, ['USER', 'OPERATOR']);
  const { user } = await world.counterfoil.signedInAs({ email: EMAIL });
  const send = 'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';
  await world.counterfoil.run(send, operator, { input: { userId: user.id, text } });
}

const texts = () => heard.flatMap(({ text }) => text ?? []);

test('a subscription goes on while its tokens are renewed in band, on one and the same socket', async () => {
  await subscribe();
  for (const text of ['one', 'two', 'three']) {
    world.pass(280);
    await expect.poll(() => network.count('Refresh'), { timeout: 5_000 }).toBe(texts().length + 1);
    world.pass(60); // what it was opened with has expired
    await notify(text);
    await expect.poll(() => texts().at(-1)).toBe(text);
  }
  expect(texts()).toEqual(['one', 'two', 'three']);
  expect({ opened, closed, ended }).toEqual({ opened: 1, closed: [], ended: [] });
});

test('after logging out it is closed with 4403, and not opened again', async () => {
  await subscribe();
  await client.logout();
  await expect.poll(() => closed).toEqual([4403]);
  await expect.poll(() => ended).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // longer than the first wait of a retry
  expect({ opened, closed }).toEqual({ opened: 1, closed: [4403] });
});

test('when the session is ended elsewhere it hears why, is closed, and the client is signed out at once', async () => {
  await subscribe();
  const other = clientOf(world, new Network());
  await signIn(other);
  await other.request('mutation { logoutAllDevices { __typename } }', {});
  await expect.poll(() => client.state).toEqual({ kind: 'signed-out', because: 'ended' });
  expect(closed).toEqual([4403]);
  expect(heard.map(({ __typename }) => __typename)).toContain('SessionsEndedEvent');
  expect(network.count('Refresh')).toBe(1);
});
