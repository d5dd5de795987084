/** Why a request came to nothing: each kind of error that docs/how-to/client.md promises, and what is no error of ours. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientError, type ClientStorage, memoryStorage } from '../../../src/client/index.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, gate, login, type Network, networkTo, shared, signedInClient } from './world.js';

const VIEWER = 'query Viewer { viewer { email } }';

let at: Loopback;
let network: Network;
beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
});
afterEach(() => at.stop());

describe('a request rejects with the kind', () => {
  it('unreachable, where there is no answer', async () => {
    const client = await signedInClient(at, network);
    network.fate = () => 'lose-request';
    await expect(client.request(VIEWER, {})).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('unavailable, where the server cannot serve, and says when it may', async () => {
    const client = await signedInClient(at, network);
    network.fate = () => '503-retry-after';
    await expect(client.request(VIEWER, {})).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfterMs: 5_000,
    });
  });

  it('storage, where what this device keeps cannot be read or written, and nobody is signed out by it', async () => {
    const inner = memoryStorage();
    let fails = false;
    const fault = new Error('The disk is full.');
    const failing: ClientStorage = {
      ...inner,
      // As adapters do that look at `localStorage` first: not by a promise.
      read: () => {
        if (fails) throw fault;
        return inner.read();
      },
      update: (change) => {
        if (fails) throw fault;
        return inner.update(change);
      },
    };
    const client = await signedInClient(at, network, { storage: failing });
    at.pass(400);
    fails = true;
    const rejected: unknown = await client.request(VIEWER, {}).catch((error: unknown) => error);
    expect(rejected).toBeInstanceOf(ClientError);
    expect(rejected).toMatchObject({ kind: 'storage', cause: fault });
    expect(String(rejected)).toContain('this device');
    await expect(client.accessToken()).rejects.toMatchObject({ kind: 'storage' });
    await expect(clientOf(at, network, { storage: failing }).start()).rejects.toMatchObject({
      kind: 'storage',
    });
    await expect(login(client, 'ada@example.test')).rejects.toMatchObject({ kind: 'storage' });
    fails = false;
    at.pass(60);
    await expect(client.request(VIEWER, {})).resolves.toEqual({ viewer: { email: 'ada@example.test' } });
  });

  it('session-changed, where somebody else has signed in since it was asked, and it is not sent', async () => {
    const [first, second] = shared(2) as [ClientStorage, ClientStorage];
    const one = await signedInClient(at, network, { storage: first });
    const { opened, open } = gate();
    const slow: typeof fetch = async (input, init) => {
      if (String(init?.body).includes('mutation Refresh')) await opened;
      return network.fetch(input, init);
    };
    const two = clientOf(at, network, { storage: second, fetch: slow, timeout: 5 });
    await two.start();
    at.pass(400);
    const asked = two.request(VIEWER, {}).catch((error: unknown) => error);
    await expect.poll(async () => (await first.read())?.next?.sendings.length).toBe(1);
    await at.signedIn('ben@example.test');
    await login(one, 'ben@example.test');
    await expect.poll(() => two.accessTokenNow()).not.toBeNull();
    open();
    expect(await asked).toMatchObject({ kind: 'session-changed' });
    expect(network.arrived).not.toContain('Viewer');
  });

  it('graphql, where the answer has errors, which are with it', async () => {
    const client = clientOf(at, network);
    await expect(client.request(VIEWER, {})).rejects.toMatchObject({
      kind: 'graphql',
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});

describe('a request that is aborted', () => {
  const reason = new Error('Enough.');

  it('rejects with the reason, before it is sent', async () => {
    const client = await signedInClient(at, network);
    await expect(client.request(VIEWER, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(network.arrived).not.toContain('Viewer');
  });

  it.each([
    ['its answer', 'Viewer', 0],
    ['a token', 'Refresh', 400],
  ])('rejects with the reason at once, while %s is waited for', async (_, waitedFor, seconds) => {
    const client = await signedInClient(at, network, { timeout: 60 });
    at.pass(seconds);
    let isAsked = false;
    network.fate = (operation) => {
      isAsked ||= operation === waitedFor;
      return operation === waitedFor ? 'hang' : 'pass';
    };
    const aborting = new AbortController();
    const asked = client.request(VIEWER, {}, { signal: aborting.signal }).catch((error: unknown) => error);
    await expect.poll(() => isAsked).toBe(true);
    aborting.abort(reason);
    expect(await asked).toBe(reason);
  });
});

describe('what cannot be sent', () => {
  it('is a fault of who asks, and not of the network: variables', async () => {
    const client = await signedInClient(at, network);
    await expect(client.request(VIEWER, { first: 1n })).rejects.toBeInstanceOf(TypeError);
  });

  it('is a fault of who asks, and not of the network: headers', () => {
    expect(() => clientOf(at, network, { headers: { 'user-agent': 'a\nb' } })).toThrow(TypeError);
  });
});
