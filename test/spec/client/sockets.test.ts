/** graphql-ws with `socketOptions`, where the network, the refresh or the user fails it. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
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

/** Opens one as an application does, and notes what becomes of it. */
function openSocket(origin: string): void {
  const url = `${origin.replace(/^http/, 'ws')}/graphql`;
  sockets = createClient({ url, webSocketImpl: WebSocket, ...socketOptions(client) });
  sockets.on('connected', (socket) => open.push(socket as WebSocket));
  sockets.on('closed', (event) => codes.push((event as { code: number }).code));
  sockets.subscribe(
    { query: 'subscription { sessionEvents { __typename } }' },
    { next: () => {}, error: () => ended.push('error'), complete: () => ended.push('complete') },
  );
}

/** A network between the client and the server that can forget the connections it has, which tells nobody. */
async function forgetful() {
  const pairs: [Socket, Socket][] = [];
  const proxy = createServer((near) => {
    const far = connect(Number(new URL(at.origin).port), '127.0.0.1');
    near.pipe(far).on('error', () => {});
    far.pipe(near).on('error', () => {});
    pairs.push([near, far]);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    forget() {
      for (const socket of pairs.flat()) socket.unpipe().pause();
    },
    /** Only of the first connection. */
    remember() {
      const [[near, far] = []] = pairs;
      if (near && far) near.pipe(far).pipe(near);
    },
    stop() {
      for (const socket of pairs.flat()) socket.destroy();
      proxy.close();
    },
  };
}

beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
  client = await signedInClient(at, network);
  [open, codes, ended] = [[], [], []];
  openSocket(at.origin);
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

  it('that gives no sign of life is opened anew, though its closing is answered by nobody', async () => {
    await sockets.dispose();
    await expect.poll(() => codes.length).toBe(1);
    [open, codes, ended] = [[], [], []];
    const network = await forgetful();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      openSocket(network.origin);
      let pongs = 0;
      sockets.on('pong', () => {
        pongs += 1;
      });
      await expect.poll(() => open.length).toBe(1);
      vi.advanceTimersByTime(30_000);
      await expect.poll(() => pongs).toBe(1);
      vi.advanceTimersByTime(29_000);
      expect(codes).toEqual([]);
      network.forget();
      await vi.advanceTimersByTimeAsync(1_000);
      await vi.advanceTimersByTimeAsync(10_000);
      await vi.advanceTimersByTimeAsync(1_000);
      await expect.poll(() => open.length).toBe(2);
      network.remember();
      await expect.poll(() => open[0]?.readyState).toBe(WebSocket.CLOSED);
      expect(codes).toEqual([4408]);
      expect(ended).toEqual([]);
    } finally {
      vi.useRealTimers();
      network.stop();
    }
  });
});

describe('what a socket is told', () => {
  const opened = () => {
    const closed: number[] = [];
    return { closed, send: () => {}, close: (code: number) => closed.push(code) };
  };

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

  it('that another was closed, late, is nothing to it', async () => {
    const { on, connectionParams } = socketOptions(client);
    await connectionParams();
    const [first, second] = [opened(), opened()];
    on.connected(first);
    on.connected(second);
    on.closed({ code: 1006, target: first });
    await client.logout();
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
