/** graphql-ws with `socketOptions`, where the network, the refresh or the user fails it. */

import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('what a socket is told', () => {
  const opened = () => {
    const closed: number[] = [];
    return { closed, send: () => {}, close: (code: number) => closed.push(code) };
  };

  it('closes it where a sign of life was asked for, and none comes', async () => {
    const { on, connectionParams, keepAlive } = socketOptions(client);
    expect(keepAlive).toBeGreaterThan(0);
    await connectionParams();
    vi.useFakeTimers();
    try {
      const socket = opened();
      on.connected(socket);
      on.ping(false, undefined);
      on.pong(true);
      vi.advanceTimersByTime(60_000);
      expect(socket.closed).toEqual([]);
      on.ping(false, undefined);
      vi.advanceTimersByTime(60_000);
      expect(socket.closed).toEqual([4408]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is told for as long as it is open, and nobody listens after that', async () => {
    let listening = 0;
    const subscribe = client.subscribe.bind(client);
    client.subscribe = (listener) => {
      const stop = subscribe(listener);
      listening += 1;
      return () => {
        listening -= 1;
        stop();
      };
    };
    const { on, connectionParams } = socketOptions(client);
    await connectionParams();
    const [first, second] = [opened(), opened()];
    on.connected(first);
    expect(listening).toBe(1);
    on.closed({ code: 1006 });
    expect(listening).toBe(0);
    await client.logout();
    expect(first.closed).toEqual([]);
    on.connected(second);
    expect(second.closed).toEqual([4403]);
  });

  it('as that another token is wanted, is no refusal of the one it has', async () => {
    const { on, connectionParams } = socketOptions(client);
    await connectionParams();
    const said: string[] = [];
    on.connected({ ...opened(), send: (text: string) => said.push(text) });
    on.ping(true, { renewWithinMs: 1_000 });
    await expect.poll(() => said.length).toBe(1);
    at.pass(10);
    await client.request(
      'mutation Others { logoutAllDevices(input: { exceptCurrent: true }) { __typename } }',
      {},
    );
    expect(await client.request('query Viewer { viewer { email } }', {})).toEqual({
      viewer: { email: 'ada@example.test' },
    });
  });
});
