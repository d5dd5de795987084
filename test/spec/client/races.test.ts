/** Things that happen at the same time: a sign-out beside a refresh, two users on one device, storage that fails. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ClientState,
  type ClientStorage,
  memoryStorage,
  type SessionClient,
  type Stored,
} from '../../../src/client/index.js';
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

it('a refresh that is answered while somebody logs out does not sign them in again', async () => {
  const inner = memoryStorage();
  const { opened, open } = gate();
  let held = false;
  const storage: ClientStorage = {
    ...inner,
    update: async (change) => {
      const stored = await inner.update(change);
      // The one that writes down what the refresh has brought.
      if (held && !stored?.farewell) await opened;
      return stored;
    },
  };
  const client = await signedInClient(at, network, { storage });
  at.pass(400);
  network.fate = (operation) => {
    held ||= operation === 'Refresh';
    return 'pass';
  };
  const asked = emailOf(client);
  await expect.poll(() => network.arrived).toContain('Refresh');
  const loggedOut = client.logout();
  open();
  await Promise.all([asked, loggedOut]);
  expect(client.state).toEqual({ kind: 'signed-out', because: 'logout' });
  expect(await client.accessToken()).toBeNull();
});

it('what waits for a token while somebody else signs in is not sent in that one’s name', async () => {
  const [first, second] = shared(2) as [ClientStorage, ClientStorage];
  const ada = await signedInClient(at, network, { storage: first });
  await at.signedIn('ben@example.test');
  const { opened, open } = gate();
  const slow: typeof fetch = async (input, init) => {
    if (String(init?.body).includes('mutation Refresh')) await opened;
    return network.fetch(input, init);
  };
  const tab = clientOf(at, { ...network, fetch: slow }, { storage: second, timeout: 5 });
  await tab.start();
  at.pass(400);
  const asked = emailOf(tab);
  await login(ada, 'ben@example.test');
  open();
  expect(await asked).not.toContain('ben@');
  await expect.poll(() => emailOf(tab)).toBe('ben@example.test');
});

it('tokens of another session are not adopted', async () => {
  const client = await signedInClient(at, network);
  const other = await at.signedIn('ben@example.test');
  const tokens = await other.read<{ tokens: Parameters<SessionClient['adopt']>[0] }>(
    `mutation { logoutAllDevices(input: { exceptCurrent: true }) { ... on LogoutAllDevicesSuccess {
      tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt serverTime } } } }`,
  );
  client.adopt(tokens.tokens);
  expect(await emailOf(client)).toBe('ada@example.test');
});

describe('a logout that cannot be written down', () => {
  it.each(['BODY', 'COOKIE'] as const)(
    'is told at once, and rejects nothing; delivery %s',
    async (delivery) => {
      const jar: Jar = { cookie: null };
      network = networkTo(at, delivery === 'COOKIE' ? jar : null);
      const inner = memoryStorage();
      let fails = false;
      const update: ClientStorage['update'] = (change) =>
        fails ? Promise.reject(new Error('quota')) : inner.update(change);
      const client = await signedInClient(at, network, { storage: { ...inner, update }, delivery });
      fails = true;
      expect(await client.logout()).toBe(true);
      expect(network.arrived).toContain('Logout');
      expect(client.state.kind).toBe('signed-out');
    },
  );
});

it.each(['BODY', 'COOKIE'] as const)(
  'signing in does not throw away a logout that the server has not heard of; delivery %s',
  async (delivery) => {
    const jar: Jar = { cookie: null };
    network = networkTo(at, delivery === 'COOKIE' ? jar : null);
    const client = await signedInClient(at, network, { delivery });
    network.fate = (operation) => (operation === 'Login' ? 'pass' : 'lose-request');
    await client.logout();
    await expect(login(client, 'ada@example.test', 'New')).rejects.toMatchObject({ kind: 'unreachable' });
    network.fate = () => 'pass';
    at.pass(60);
    expect((await login(client, 'ada@example.test', 'New')).__typename).toBe('LoginSuccess');
    const { viewer } = await client.request<
      { viewer: { sessions: { edges: { node: { deviceName: string | null } }[] } } },
      Record<string, never>
    >('query Devices { viewer { sessions { edges { node { deviceName } } } } }', {});
    expect(viewer.sessions.edges.filter(({ node }) => node.deviceName === 'Test')).toEqual([]);
  },
);

it('who signs in waits for the answer to another tab’s logout, which would take the new cookie away', async () => {
  const jar: Jar = { cookie: null };
  network = networkTo(at, jar);
  const [first, second] = shared(2) as [ClientStorage, ClientStorage];
  const { opened, open } = gate();
  let logouts = 0;
  const slowLogout: typeof fetch = async (input, init) => {
    if (!String(init?.body).includes('mutation Logout')) return network.fetch(input, init);
    logouts += 1;
    await opened;
    return network.fetch(input, init);
  };
  const one = clientOf(
    at,
    { ...network, fetch: slowLogout },
    { storage: first, delivery: 'COOKIE', timeout: 5 },
  );
  await at.signedIn('ada@example.test');
  await login(one, 'ada@example.test');
  const two = clientOf(at, network, { storage: second, delivery: 'COOKIE', timeout: 5 });
  await two.start();
  const loggedOut = one.logout();
  await expect.poll(() => logouts).toBe(1);
  let isIn = false;
  const signedIn = login(two, 'ada@example.test', 'New').then(() => {
    isIn = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isIn).toBe(false);
  open();
  await Promise.all([loggedOut, signedIn]);
  expect(jar.cookie).not.toBeNull();
  at.pass(400);
  expect(await emailOf(two)).toBe('ada@example.test');
});

describe('a sign-in after a logout during a refresh, by cookie', () => {
  /** A client that has logged out while its refresh was under way, which has been answered since. */
  async function loggedOutWhileRefreshing(inner: ClientStorage, whileAnswered = () => {}) {
    const jar: Jar = { cookie: null };
    network = networkTo(at, jar);
    const { opened, open } = gate();
    const slow: typeof fetch = async (input, init) => {
      const response = await network.fetch(input, init);
      if (String(init?.body).includes('mutation Refresh')) await opened;
      return response;
    };
    const client = await signedInClient(at, network, {
      fetch: slow,
      storage: inner,
      delivery: 'COOKIE',
      timeout: 600,
    });
    at.pass(400);
    const asked = client.accessToken().catch(() => null);
    await expect.poll(() => network.arrived).toContain('Refresh');
    await client.logout();
    whileAnswered();
    open();
    await asked;
    return client;
  }
  const logouts = () => network.arrived.filter((name) => name === 'Logout').length;

  it('waits for no more than the answer to that', async () => {
    const client = await loggedOutWhileRefreshing(memoryStorage());
    await login(client, 'ada@example.test', 'New');
    expect(logouts()).toBeLessThanOrEqual(2);
    at.pass(400);
    expect(await emailOf(client)).toBe('ada@example.test');
  });

  it('does not tell the server over and over, though the answer could not be noted', async () => {
    const inner = memoryStorage();
    let fails = false;
    const update: ClientStorage['update'] = (change) =>
      fails ? Promise.reject(new Error('quota')) : inner.update(change);
    const client = await loggedOutWhileRefreshing({ ...inner, update }, () => {
      fails = true;
    });
    fails = false;
    const signedIn = login(client, 'ada@example.test', 'New');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(logouts()).toBeLessThanOrEqual(2);
    at.pass(1_200);
    await signedIn;
    expect(logouts()).toBeLessThanOrEqual(3);
    expect(await emailOf(client)).toBe('ada@example.test');
  });
});

it('where a lost refresh may still be under way, what needs another token waits for it, and is answered', async () => {
  const storage = memoryStorage();
  const client = await signedInClient(at, network, { storage, timeout: 10 });
  at.pass(400);
  network.fate = (operation) => (operation === 'Refresh' ? 'lose-answer' : 'pass');
  expect(await emailOf(client)).toBe('unreachable');
  network.fate = () => 'pass';
  await expect.poll(() => emailOf(client), { timeout: 5_000 }).toBe('ada@example.test');
  const noted = ((await storage.read()) as Stored).last?.sendings ?? [];
  expect(noted).toHaveLength(1);
  const operator = await at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  const keys = await operator.read<{ kid: string; state: string }[]>('{ signingKeys { kid state } }');
  const kid = keys.find(({ state }) => state === 'ACTIVE')?.kid;
  await operator.mutate('revokeSigningKey', { kid, reason: 'leaked' });
  let isAnswered = false;
  const asked = emailOf(client).finally(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isAnswered).toBe(false);
  at.pass(20);
  expect(await asked).toBe('ada@example.test');
});

it('tabs do not replace a token that is refused whatever it is in circles', async () => {
  const storages = shared(3);
  const refusing: typeof fetch = async (input, init) => {
    if (!String(init?.body).includes('Viewer')) return network.fetch(input, init);
    const errors = [{ message: 'no', extensions: { code: 'UNAUTHENTICATED', reason: 'invalid' } }];
    return Response.json({ data: null, errors });
  };
  const tabs: SessionClient[] = [];
  for (const storage of storages)
    tabs.push(
      tabs.length === 0
        ? await signedInClient(at, network, { storage, fetch: refusing })
        : clientOf(at, { ...network, fetch: refusing }, { storage }),
    );
  const states: ClientState[] = [];
  for (const tab of tabs) tab.subscribe((state) => states.push(state));
  for (let n = 0; n < 10; n += 1) for (const tab of tabs) expect(await emailOf(tab)).toBe('graphql');
  const refreshes = network.arrived.filter((name) => name === 'Refresh').length;
  expect(refreshes).toBeLessThanOrEqual(tabs.length);
  expect(states.filter(({ kind }) => kind === 'signed-out')).toEqual([]);
});

it('a logout is of the session that this client holds, and of none that has taken its place', async () => {
  const storage = memoryStorage();
  const ada = await signedInClient(at, network, { storage });
  await at.signedIn('ben@example.test');
  const ben = clientOf(at, network, { storage });
  await login(ben, 'ben@example.test');
  expect(await ada.logout()).toBe(true);
  expect((await storage.read())?.farewell).toBe(false);
  expect(await emailOf(ben)).toBe('ben@example.test');
});

it('a refresh that has broken off is not waited for by others: no answer of it will come', async () => {
  const [first, second] = shared(2) as [ClientStorage, ClientStorage];
  const one = await signedInClient(at, network, { storage: first, timeout: 10 });
  at.pass(400);
  network.fate = (operation) => (operation === 'Refresh' ? 'lose-request' : 'pass');
  expect(await emailOf(one)).toBe('unreachable');
  expect((await first.read())?.next?.sendings).toMatchObject([{ isBroken: true }]);
  network.fate = () => 'pass';
  let listened = 0;
  const channel: ClientStorage['channel'] = second.channel && {
    ...second.channel,
    subscribe: (listener) => {
      listened += 1;
      return second.channel?.subscribe(listener) ?? (() => {});
    },
  };
  const two = clientOf(at, network, { storage: { ...second, channel }, timeout: 10 });
  expect(await emailOf(two)).toBe('ada@example.test');
  // From the beginning, and for a token that somebody may hold; not for the answer.
  expect(listened).toBe(2);
});

it('a session that another has found ended is told as ended, and not as logged out', async () => {
  const storage = memoryStorage();
  const client = await signedInClient(at, network, { storage });
  const other = clientOf(at, network, { storage });
  await other.start();
  const operator = await at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  const { viewer } = await client.request<{ viewer: { id: string } }, Record<string, never>>(
    'query Viewer { viewer { id } }',
    {},
  );
  await operator.mutate('endUserSessions', { userId: viewer.id });
  at.pass(400);
  await emailOf(client);
  await emailOf(other);
  expect(client.state).toEqual({ kind: 'signed-out', because: 'ended' });
  expect(other.state).toEqual({ kind: 'signed-out', because: 'ended' });
});

it('a logout is told though that of the session before is still being told', async () => {
  const [first, second] = shared(2) as [ClientStorage, ClientStorage];
  const { opened, open } = gate();
  let logouts = 0;
  const slow: typeof fetch = async (input, init) => {
    if (String(init?.body).includes('mutation Logout')) {
      logouts += 1;
      if (logouts === 1) await opened;
    }
    return network.fetch(input, init);
  };
  const one = await signedInClient(at, network, { storage: first, fetch: slow, timeout: 5 });
  const firstTold = one.logout();
  await expect.poll(() => logouts).toBe(1);
  await at.signedIn('ben@example.test');
  const two = clientOf(at, network, { storage: second, timeout: 5 });
  await login(two, 'ben@example.test', 'Ben');
  await expect.poll(() => one.state.kind).toBe('signed-in');
  const secondTold = one.logout();
  open();
  await firstTold;
  expect(await secondTold).toBe(true);
  expect(await first.read()).toBeNull();
  const ben = await at.signedIn('ben@example.test');
  const { sessions } = await ben.read<{ sessions: { edges: { node: { deviceName: string | null } }[] } }>(
    '{ viewer { sessions { edges { node { deviceName } } } } }',
  );
  expect(sessions.edges.filter(({ node }) => node.deviceName === 'Ben')).toEqual([]);
});
