/** What a client takes to be so: one session with its own token, changed in one place, and told in the order of changes. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientState, type ClientStorage, memoryStorage } from '../../../src/client/index.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import {
  clientOf,
  emailOf,
  gate,
  type Jar,
  login,
  type Network,
  networkTo,
  shared,
  signedInClient,
} from './world.js';

let at: Loopback;
let network: Network;
beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
});
afterEach(() => at.stop());

/** A page that is hidden and shown again. */
function page() {
  const target = new EventTarget();
  const before = Object.getOwnPropertyDescriptors(globalThis);
  const names = ['document', 'addEventListener', 'removeEventListener'] as const;
  Object.assign(globalThis, {
    document: target,
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  });
  return {
    shown: () => target.dispatchEvent(new Event('visibilitychange')),
    leave() {
      for (const name of names) {
        const own = (before as Record<string, PropertyDescriptor>)[name];
        if (own === undefined) delete (globalThis as Record<string, unknown>)[name];
        else Object.defineProperty(globalThis, name, own);
      }
    },
  };
}

/** A storage that can be made to fail, as a disk that is full does. */
function failing(inner: ClientStorage = memoryStorage()) {
  const fails = { read: false, update: false };
  const storage: ClientStorage = {
    ...inner,
    read: () => (fails.read ? Promise.reject(new Error('gone')) : inner.read()),
    update: (change) => (fails.update ? Promise.reject(new Error('quota')) : inner.update(change)),
  };
  return { storage, fails };
}

describe('starting again', () => {
  it('after somebody else has signed in on the same storage is as that one, with no token of the one before', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage });
    const before = client.accessTokenNow();
    await at.signedIn('ben@example.test');
    await login(clientOf(at, network, { storage }), 'ben@example.test');
    expect((await client.start()).kind).toBe('signed-in');
    expect(client.accessTokenNow()).not.toBe(before);
    expect(await emailOf(client)).toBe('ben@example.test');
    await client.logout();
    expect(await storage.read()).toBeNull();
    const ben = await at.signedIn('ben@example.test');
    const { sessions } = await ben.read<{ sessions: { edges: { node: { deviceName: string | null } }[] } }>(
      '{ viewer { sessions { edges { node { deviceName } } } } }',
    );
    expect(sessions.edges.filter(({ node }) => node.deviceName === 'Test')).toEqual([]);
  });

  it('says why somebody is signed out who was signed in', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage });
    await storage.update(() => null);
    expect(await client.start()).toEqual({ kind: 'signed-out', because: 'ended' });
  });

  it('enters a session again that was not stored for a while: nobody has logged out of it', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage });
    const stored = await storage.read();
    await storage.update(() => null);
    await client.start();
    await storage.update(() => stored);
    expect((await client.start()).kind).toBe('signed-in');
    expect(await emailOf(client)).toBe('ada@example.test');
  });
});

it('a client that is closed while it renews does not renew again', async () => {
  await at.stop();
  at = await startLoopback({ settings: { model: 'stateless', accessTtl: 5 } });
  network = networkTo(at);
  const { opened, open } = gate();
  let refreshes = 0;
  const slow: typeof fetch = async (input, init) => {
    if (!String(init?.body).includes('mutation Refresh')) return network.fetch(input, init);
    refreshes += 1;
    const response = await network.fetch(input, init);
    await opened;
    return response;
  };
  let [hastens, passed] = [false, 0];
  const clock = {
    now: () => at.counterfoil.clock.now(),
    // Whatever it is given is due as soon as it looks again.
    monotonic: () => {
      passed += hastens ? 5_000 : 0;
      return passed;
    },
  };
  const client = await signedInClient(at, network, { fetch: slow, clock, timeout: 5 });
  const renewed = client.recheck();
  await expect.poll(() => refreshes).toBe(1);
  hastens = true;
  client.close();
  open();
  await renewed;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(refreshes).toBe(1);
});

it('a listener is not told of a state that another listener has changed already', async () => {
  const client = await signedInClient(at, network);
  const told: ClientState[] = [];
  client.subscribe(({ kind }) => {
    if (kind === 'signed-in') void client.logout();
  });
  client.subscribe((state) => told.push(state));
  await client.logout();
  told.length = 0;
  await login(client, 'ada@example.test');
  expect(told).toEqual([{ kind: 'signed-out', because: 'logout' }]);
  expect(client.state.kind).toBe('signed-out');
});

describe('a logout that could not be written down', () => {
  it.each(['logout', 'ended'] as const)(
    'is written down as soon as that can be, and nothing signs in again by what is stored: %s',
    async (by) => {
      const window = page();
      try {
        const { storage, fails } = failing();
        const client = await signedInClient(at, network, { storage });
        const states: ClientState[] = [];
        client.subscribe((state) => states.push(state));
        fails.update = true;
        network.fate = () => 'lose-request';
        await client[by]();
        window.shown();
        await expect(client.start()).rejects.toMatchObject({ kind: 'storage' });
        network.fate = () => 'pass';
        fails.update = false;
        window.shown();
        await expect.poll(() => storage.read()).toBeNull();
        expect(network.arrived).toContain('Logout');
        expect(states).toEqual([{ kind: 'signed-out', because: 'logout' }]);
        client.close();
      } finally {
        window.leave();
      }
    },
  );

  it('is made up for also where nothing was known yet, and once: who signs in after that stays', async () => {
    const { storage, fails } = failing();
    await signedInClient(at, network, { storage });
    const client = clientOf(at, network, { storage });
    fails.update = true;
    await client.logout();
    await expect(client.start()).rejects.toMatchObject({ kind: 'storage' });
    fails.update = false;
    expect((await client.start()).kind).toBe('signed-out');
    await expect.poll(() => storage.read()).toBeNull();
    expect(network.arrived).toContain('Logout');
    await login(clientOf(at, network, { storage }), 'ada@example.test');
    expect((await client.start()).kind).toBe('signed-in');
  });

  it('is told before somebody signs in', async () => {
    const { storage, fails } = failing();
    const client = await signedInClient(at, network, { storage });
    fails.update = true;
    network.fate = () => 'lose-request';
    await client.logout();
    network.fate = () => 'pass';
    fails.update = false;
    await login(client, 'ada@example.test', 'New');
    expect(network.arrived).toContain('Logout');
    expect(await emailOf(client)).toBe('ada@example.test');
  });
});

it('a logout before anything was known, of nobody, is of nobody who signs in later', async () => {
  const storage = memoryStorage();
  const client = clientOf(at, network, { storage });
  await client.logout();
  await signedInClient(at, network, { storage });
  expect((await client.start()).kind).toBe('signed-in');
});

it('a start whose reading failed is made up for when the page is shown again', async () => {
  const window = page();
  try {
    const { storage, fails } = failing();
    await signedInClient(at, network, { storage });
    fails.read = true;
    const client = clientOf(at, network, { storage });
    await expect(client.start()).rejects.toMatchObject({ kind: 'storage' });
    expect(client.state.kind).toBe('unknown');
    fails.read = false;
    window.shown();
    await expect.poll(() => client.state.kind).toBe('signed-in');
    client.close();
  } finally {
    window.leave();
  }
});

describe.each(['BODY', 'COOKIE'] as const)('with delivery %s', (delivery) => {
  it('a sign-in that is answered after a logout signs nobody in, in no tab, and the server is told', async () => {
    const jar: Jar = { cookie: null };
    network = networkTo(at, delivery === 'COOKIE' ? jar : null);
    await at.signedIn('ada@example.test');
    const { opened, open } = gate();
    const slow: typeof fetch = async (input, init) => {
      const response = await network.fetch(input, init);
      if (String(init?.body).includes('mutation Login')) await opened;
      return response;
    };
    const [inner, other] = shared(2) as [ClientStorage, ClientStorage];
    const happened: string[] = [];
    other.channel?.subscribe(({ kind }) => happened.push(kind));
    const storage: ClientStorage = {
      ...inner,
      update: async (change) => {
        const stored = await inner.update(change);
        if (stored !== null) happened.push(stored.farewell ? 'farewell' : 'alive');
        return stored;
      },
    };
    const client = clientOf(at, network, { fetch: slow, storage, delivery, timeout: 5 });
    const signedIn = login(client, 'ada@example.test');
    await expect.poll(() => network.arrived).toContain('Login');
    const loggedOut = client.logout();
    open();
    await Promise.all([signedIn, loggedOut]);
    expect(client.state).toEqual({ kind: 'signed-out', because: 'logout' });
    await expect.poll(() => storage.read()).toBeNull();
    expect(happened).not.toContain('alive');
    expect(happened.slice(happened.indexOf('farewell'))).toContain('signed-out');
    expect(network.arrived).toContain('Logout');
    expect(await emailOf(client)).toBe('graphql');
  });
});

it('tokens of the next session are taken from another tab, though the clock was set back before that sign-in', async () => {
  const [first, second] = shared(2) as [ClientStorage, ClientStorage];
  let offset = 0;
  const server = at.counterfoil.clock;
  const clock = { now: () => server.now() + offset, monotonic: () => server.monotonic() };
  const one = await signedInClient(at, network, { storage: first, clock });
  const two = clientOf(at, network, { storage: second, clock });
  await two.start();
  expect(await emailOf(two)).toBe('ada@example.test');
  // Nobody was told: as when a page has cleared its data.
  await first.update(() => null);
  offset = -3_600_000;
  await at.signedIn('ben@example.test');
  await login(one, 'ben@example.test');
  await expect.poll(() => two.accessTokenNow()).toBe(one.accessTokenNow());
});
