/** Several nodes on one database, and the other session models: what is told there, and what is not. */

import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { logoutAllDevices } from '../../../src/account/logout.js';
import { notify } from '../../../src/account/notify.js';
import { createApp } from '../../../src/app.js';
import { counterfoilSchema } from '../../../src/graphql/schema.js';
import { createServer } from '../../../src/http/server.js';
import { type Client, COOKIE } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { bareSocket, type Listener, listen, SESSION_EVENTS } from '../../support/socket.js';

let at: Loopback;
let others: (() => Promise<void>)[] = [];
let listeners: Listener[] = [];

afterEach(async () => {
  for (const listener of listeners) listener.dispose();
  for (const stop of others) await stop();
  [others, listeners] = [[], []];
  await at.stop();
});

/** Another process's worth of server on the same database. */
async function anotherNode() {
  const { config, parts } = at.counterfoil.app;
  const app = await createApp(config, { clock: parts.clock });
  await app.start();
  const server = await createServer(counterfoilSchema(), app.http);
  await server.listen({ host: '127.0.0.1', port: 0 });
  others.push(async () => {
    await server.close();
    await app.stop();
  });
  return { app, origin: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
}

async function listening(origin: string, token: () => string | null, headers = {}): Promise<Listener> {
  const listener = await listen(origin, { token, headers });
  listeners.push(listener);
  return listener;
}

const kinds = ({ events }: Listener) => events.map(({ __typename }) => __typename);
const CONSOLE = { userId: null, caller: { ipAddress: null, clientLabel: null } };

describe('a client of one node', () => {
  it('hears what happens at another: sign-ins, messages, and the end of its session', async () => {
    at = await startLoopback();
    const node = await anotherNode();
    const client = await at.signedIn('ada@example.test');
    const there = await listening(node.origin, () => client.accessToken);
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(there)).toEqual(['DeviceSignedInEvent']);
    await notify(at.counterfoil.app.parts, { userId: null, sessionId: null, text: 'hello' }, CONSOLE);
    await expect.poll(() => there.events.at(-1)?.text).toBe('hello');
    await client.mutate('logoutAllDevices', { exceptCurrent: false });
    await expect.poll(() => there.closed).toEqual([4403]);
    expect(kinds(there).at(-1)).toBe('SessionsEndedEvent');
  });
});

describe('in the stateful model', () => {
  it('a browser is known by its cookie, and its connection ends with its session', async () => {
    at = await startLoopback({ settings: { model: 'stateful' } });
    const browser = await at.signedIn('ada@example.test', ['USER'], { delivery: 'COOKIE' });
    const cookie = `__Host-counterfoil=${browser.cookie}`;
    const here = await listening(at.origin, () => null, { cookie, origin: at.counterfoil.app.config.issuer });
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(here)).toEqual(['DeviceSignedInEvent']);
    const { id: userId } = await browser.read<{ id: string }>('{ viewer { id } }');
    const { id: sessionId } = await browser.read<{ id: string }>('{ session { id } }');
    const owner = { userId, sessionId } as Parameters<typeof logoutAllDevices>[1];
    await logoutAllDevices(at.counterfoil.app.parts, owner, false, CONSOLE.caller);
    await expect.poll(() => here.closed).toEqual([4403]);
  });
});

describe('a client that takes itself to be of another session than its cookie', () => {
  async function twoSessions() {
    at = await startLoopback({ settings: { model: 'stateful' } });
    const ada = await at.signedIn('ada@example.test', ['USER'], { delivery: 'COOKIE' });
    const ben = await at.signedIn('ben@example.test', ['USER'], { delivery: 'COOKIE' });
    const idOf = async (client: Client) => (await client.read<{ id: string }>('{ session { id } }')).id;
    const [meant, proven] = [await idOf(ada), await idOf(ben)];
    const headers = { cookie: `${COOKIE}=${ben.cookie}`, origin: at.counterfoil.app.config.issuer };
    return { meant, proven, headers };
  }

  it('opens no socket, and opens one as itself, or where it does not say', async () => {
    const { meant, proven, headers } = await twoSessions();
    const refused = await bareSocket(at.origin, headers);
    refused.send({ type: 'connection_init', payload: { accessToken: null, sessionId: meant } });
    expect(await refused.closed).toBe(4401);
    expect(refused.messages).toEqual([]);
    for (const payload of [{ sessionId: proven }, {}, undefined]) {
      const bare = await bareSocket(at.origin, headers);
      bare.send({ type: 'connection_init', payload });
      await expect.poll(() => bare.messages[0]?.['type']).toBe('connection_ack');
      bare.socket.close();
    }
  });

  it.each(['ping', 'pong'])('says so in a %s, and its socket is closed', async (type) => {
    const { meant, proven, headers } = await twoSessions();
    const bare = await bareSocket(at.origin, headers);
    bare.send({ type: 'connection_init', payload: { sessionId: proven } });
    await expect.poll(() => bare.messages[0]?.['type']).toBe('connection_ack');
    bare.send({ type, payload: { sessionId: proven } });
    bare.send({ type, payload: { sessionId: meant } });
    expect(await bare.closed).toBe(4401);
  });

  it('is given no event stream', async () => {
    const { meant, proven, headers } = await twoSessions();
    const controller = new AbortController();
    const stream = (sessionId: string) =>
      at.fetch('/graphql', {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'counterfoil-session': sessionId,
        },
        body: JSON.stringify({ query: SESSION_EVENTS }),
        signal: controller.signal,
      });
    const refused = await stream(meant);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('UNAUTHENTICATED');
    expect((await stream(proven)).status).toBe(200);
    controller.abort();
  });
});

describe('in the stateful model, whose sessions slide', () => {
  it('a connection goes on for as long as the session does, without another token', async () => {
    at = await startLoopback({ settings: { model: 'stateful', idleTtl: 600 } });
    const client = await at.signedIn('ada@example.test');
    const here = await listening(at.origin, () => client.accessToken);
    for (let n = 0; n < 3; n += 1) {
      at.pass(575);
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      at.pass(10);
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(here.closed).toEqual([]);
    }
    await at.signedIn('ada@example.test');
    await expect.poll(() => kinds(here)).toEqual(['DeviceSignedInEvent']);
  });
});

describe('in the stateless model', () => {
  it('a connection lives as long as its token: nothing can end it sooner, and what is sent reaches it', async () => {
    at = await startLoopback({ settings: { model: 'stateless' } });
    const client = await at.signedIn('ada@example.test');
    const here = await listening(at.origin, () => client.accessToken);
    await notify(at.counterfoil.app.parts, { userId: null, sessionId: null, text: 'hello' }, CONSOLE);
    await expect.poll(() => here.events.at(-1)?.text).toBe('hello');
    await client.send('mutation { logout { accessTokensDeadBy } }');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(here.closed).toEqual([]);
    at.pass(at.counterfoil.app.parts.model.accessTtlMs / 1_000 - 20);
    // It is asked for another token now, and has none that is later.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(here.closed).toEqual([]);
    at.pass(40);
    await expect.poll(() => here.closed, { timeout: 5_000 }).toEqual([4001]);
  });
});
