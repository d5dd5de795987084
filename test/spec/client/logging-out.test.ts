/** Logging out: at once here, and at the server as soon as it can be told. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientState, ClientStorage, SessionClient } from '../../../src/client/index.js';
import { memoryStorage } from '../../../src/client/memory-storage.js';
import { COOKIE } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import {
  clientOf,
  emailOf,
  gate,
  type Jar,
  login,
  type Network,
  networkTo,
  signedInClient,
} from './world.js';

const devices = async () => {
  const client = await at.signedIn('ada@example.test');
  const { sessions } = await client.read<{ sessions: { edges: { node: { deviceName: string | null } }[] } }>(
    '{ viewer { sessions { edges { node { deviceName } } } } }',
  );
  return sessions.edges.filter(({ node }) => node.deviceName === 'Test').length;
};
const auditOf = async (kind: string) => {
  const page = await at.counterfoil.app.store.audit.list(
    { userId: null, kind: kind as never },
    { first: 100, after: null },
  );
  return page.items.length;
};

let at: Loopback;
let network: Network;
let jar: Jar;

beforeEach(async () => {
  at = await startLoopback();
});
afterEach(() => at.stop());

describe.each(['BODY', 'COOKIE'] as const)('with delivery %s', (delivery) => {
  beforeEach(() => {
    jar = { cookie: null };
    network = networkTo(at, delivery === 'COOKIE' ? jar : null);
  });

  it('ends the session, and forgets it', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage, delivery });
    expect(await client.logout()).toBe(true);
    expect(client.state).toEqual({ kind: 'signed-out', because: 'logout' });
    expect(await storage.read()).toBeNull();
    expect(await devices()).toBe(0);
  });

  it.each(['lose-request', 'lose-answer'] as const)(
    'with a network that says %s: at once here, and the next start tells the server, as often as it takes',
    async (fate) => {
      const storage = memoryStorage();
      const client = await signedInClient(at, network, { storage, delivery });
      const states: ClientState[] = [];
      client.subscribe((state) => states.push(state));
      network.fate = () => fate;
      expect(await client.logout()).toBe(false);
      expect(await client.tellLogout()).toBe(false);
      expect(states).toEqual([{ kind: 'signed-out', because: 'logout' }]);
      expect(await client.accessToken()).toBeNull();
      at.pass(1_000);
      const again = clientOf(at, network, { storage, delivery });
      expect((await again.start()).kind).toBe('signed-out');
      network.fate = () => 'pass';
      const last = clientOf(at, network, { storage, delivery });
      expect((await last.start()).kind).toBe('signed-out');
      await expect.poll(() => storage.read()).toBeNull();
      expect(await devices()).toBe(0);
      expect(await auditOf('session.reuse-detected')).toBe(0);
    },
  );

  it('is told before somebody else signs in', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage, delivery });
    network.fate = () => 'lose-request';
    await client.logout();
    const signIn = () => login(client, 'ada@example.test', 'New');
    await expect(signIn()).rejects.toMatchObject({ kind: 'unreachable' });
    network.fate = () => 'pass';
    expect((await signIn()).__typename).toBe('LoginSuccess');
    expect(await devices()).toBe(0);
  });
});

describe('a page that was left as its user logged out, by cookie', () => {
  let storage: ClientStorage;
  /** Brings the answer to the page that was left: what it sets reaches the browser all the same. */
  let bringAnswer: () => void;

  /** The request is carried out, and the page is not there any more when it is answered. */
  async function logOutAndLeave(): Promise<void> {
    const answered = gate();
    bringAnswer = () => {
      jar.cookie = null;
    };
    let isCarriedOut = false;
    const leaving: typeof fetch = async (input, init) => {
      if (!String(init?.body).includes('mutation Logout')) return network.fetch(input, init);
      const headers = new Headers(init?.headers);
      headers.set('cookie', `${COOKIE}=${jar.cookie}`);
      await at.fetch('/graphql', { method: 'POST', headers, body: String(init?.body) });
      isCarriedOut = true;
      await answered.opened;
      throw new TypeError('The page is gone.');
    };
    const client = await signedInClient(at, network, {
      storage,
      delivery: 'COOKIE',
      fetch: leaving,
      timeout: 600,
    });
    void client.logout();
    await expect.poll(() => isCarriedOut).toBe(true);
  }

  beforeEach(async () => {
    jar = { cookie: null };
    network = networkTo(at, jar);
    storage = memoryStorage();
    await logOutAndLeave();
  });

  it('keeps nobody waiting who signs in on the next, once the cookie is seen to be gone', async () => {
    bringAnswer();
    at.pass(4);
    const next = clientOf(at, network, { storage, delivery: 'COOKIE', timeout: 600 });
    await next.start();
    await login(next, 'ada@example.test', 'New');
    expect(await emailOf(next)).toBe('ada@example.test');
    at.pass(400);
    expect(await emailOf(next)).toBe('ada@example.test');
    expect(await devices()).toBe(0);
  }, 10_000);

  it('takes from nobody the cookie who signs in on the next, however late its answer comes', async () => {
    at.pass(4);
    const pages = [1, 2].map(() => clientOf(at, network, { storage, delivery: 'COOKIE', timeout: 600 }));
    // One finds the cookie still there, so that the next, which does not, knows nothing of the answer.
    for (const each of pages) await each.tellLogout();
    const [, next] = pages as [SessionClient, SessionClient];
    let isIn = false;
    const signedIn = login(next, 'ada@example.test', 'New').then(() => {
      isIn = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(isIn).toBe(false);
    bringAnswer();
    at.pass(1_200);
    await signedIn;
    expect(jar.cookie).not.toBeNull();
    expect(await emailOf(next)).toBe('ada@example.test');
  });
});

describe('by cookie, which may be of another by then', () => {
  beforeEach(() => {
    jar = { cookie: null };
    network = networkTo(at, jar);
  });

  it('a logout that is told late ends its own session, or none', async () => {
    const client = await signedInClient(at, network, { delivery: 'COOKIE' });
    network.fate = (operation) => (operation === 'Logout' ? 'lose-request' : 'pass');
    expect(await client.logout()).toBe(false);
    await at.signedIn('ben@example.test');
    const past = clientOf(at, networkTo(at, jar), { delivery: 'COOKIE' });
    await login(past, 'ben@example.test');
    network.fate = () => 'pass';
    expect(await client.tellLogout()).toBe(true);
    at.pass(400);
    expect(await emailOf(past)).toBe('ben@example.test');
  });

  it('a refresh does not use up what is of another', async () => {
    const client = await signedInClient(at, network, { delivery: 'COOKIE' });
    await at.signedIn('ben@example.test');
    const past = clientOf(at, networkTo(at, jar), { delivery: 'COOKIE' });
    await login(past, 'ben@example.test');
    const { cookie } = jar;
    at.pass(400);
    await emailOf(client);
    expect(client.state).toEqual({ kind: 'signed-out', because: 'ended' });
    expect(jar.cookie).toBe(cookie);
  });
});

it('a session that was stolen ends for both, and the thief’s is the refusal that says so', async () => {
  network = networkTo(at);
  const storage = memoryStorage();
  const owner = await signedInClient(at, network, { storage });
  const stolen = memoryStorage(await storage.read());
  const thief = clientOf(at, network, { storage: stolen });
  const ask = (client: SessionClient) =>
    client.request('query Viewer { viewer { id } }', {}).catch(() => null);
  at.pass(400);
  await ask(thief);
  at.pass(400);
  await ask(owner);
  expect(owner.state).toEqual({ kind: 'signed-out', because: 'reused' });
  at.pass(400);
  await ask(thief);
  expect(thief.state.kind).toBe('signed-out');
});

describe('the device that goes on when all others are logged out', () => {
  const OTHERS = `mutation Others { logoutAllDevices(input: { exceptCurrent: true }) { __typename
    ... on LogoutAllDevicesSuccess { tokens { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt serverTime } } } }`;
  const viewer = (client: SessionClient) => client.request('query Viewer { viewer { email } }', {});
  const logOutOthers = (client: SessionClient) =>
    client.request<
      { logoutAllDevices: { tokens: Parameters<SessionClient['adopt']>[0] } },
      Record<string, never>
    >(OTHERS, {});

  it.each(['BODY', 'COOKIE'] as const)(
    'adopts the tokens it is given, and refreshes as before; delivery %s',
    async (delivery) => {
      network = networkTo(at, delivery === 'COOKIE' ? { cookie: null } : null);
      const client = await signedInClient(at, network, { delivery });
      const { logoutAllDevices } = await logOutOthers(client);
      client.adopt(logoutAllDevices.tokens);
      const asked = () => network.arrived.filter((name) => name === 'Refresh').length;
      expect(await viewer(client)).toEqual({ viewer: { email: 'ada@example.test' } });
      expect(asked()).toBe(0);
      at.pass(400);
      expect(await viewer(client)).toEqual({ viewer: { email: 'ada@example.test' } });
      expect(asked()).toBe(1);
      expect(await auditOf('session.reuse-detected')).toBe(0);
    },
  );

  it('knows by itself that it is signed out, when it was logged out with all others', async () => {
    network = networkTo(at);
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage });
    await client.request('mutation Everywhere { logoutAllDevices { __typename } }', {});
    network.fate = () => 'lose-request';
    await client.ended();
    expect(client.state).toEqual({ kind: 'signed-out', because: 'logout' });
    expect(await storage.read()).toBeNull();
  });

  it('repeats a refresh whose answer was lost before it was given other tokens, and is no thief', async () => {
    network = networkTo(at);
    const client = await signedInClient(at, network);
    at.pass(280);
    network.fate = (operation) => (operation === 'Refresh' ? 'lose-answer' : 'pass');
    await client.accessToken();
    await expect.poll(() => network.arrived).toContain('Refresh');
    network.fate = () => 'pass';
    client.adopt((await logOutOthers(client)).logoutAllDevices.tokens);
    at.pass(400);
    expect(await viewer(client)).toEqual({ viewer: { email: 'ada@example.test' } });
    expect(await auditOf('session.reuse-detected')).toBe(0);
  });
});
