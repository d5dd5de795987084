/** graphql-ws with `socketOptions`, where the network, the refresh or the user fails it. */

import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type SessionClient, socketOptions } from '../../../src/client/index.js';
import { PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { type Network, networkTo, signedInClient } from './world.js';

let at: Loopback;
let network: Network;
let client: SessionClient;
let sockets: Client;
let open: WebSocket[];
let codes: number[];
let ended: string[];

beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
  client = await signedInClient(at, network);
  [open, codes, ended] = [[], [], []];
  const url = `${at.origin.replace(/^http/, 'ws')}/graphql`;
  sockets = createClient({ url, webSocketImpl: WebSocket, ...socketOptions(client) });
  sockets.on('connected', (socket) => open.push(socket as WebSocket));
  sockets.on('closed', (event) => codes.push((event as { code: number }).code));
  sockets.subscribe(
    { query: 'subscription { sessionEvents { __typename } }' },
    { next: () => {}, error: () => ended.push('error'), complete: () => ended.push('complete') },
  );
  await expect.poll(() => open.length).toBe(1);
});
afterEach(async () => {
  await sockets.dispose();
  await at.stop();
});

describe('a socket', () => {
  it('that breaks while no token is to be had comes back when there is one, and nothing is lost by it', async () => {
    network.fate = (operation) => (operation === 'Refresh' ? 'bad-gateway' : 'pass');
    at.pass(400);
    open[0]?.terminate();
    await expect.poll(() => codes.length, { timeout: 10_000 }).toBeGreaterThan(1);
    network.fate = () => 'pass';
    await expect.poll(() => open.length, { timeout: 15_000 }).toBe(2);
    expect(ended).toEqual([]);
  });

  it('is closed when its user logs out, though the server cannot be told of that', async () => {
    network.fate = () => 'lose-request';
    expect(await client.logout()).toBe(false);
    await expect.poll(() => codes).toEqual([4403]);
    await expect.poll(() => ended).toEqual(['error']);
  });

  it('does not go on for the one after whom another has signed in, and opens for that one', async () => {
    await at.signedIn('ben@example.test');
    await client.login({ email: 'ben@example.test', password: PASSWORD });
    await expect.poll(() => open.length, { timeout: 10_000 }).toBe(2);
    expect(open[0]?.readyState).toBe(WebSocket.CLOSED);
    expect(ended).toEqual([]);
  });
});
