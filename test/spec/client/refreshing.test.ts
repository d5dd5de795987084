/** Refreshing as `counterfoil/client` does it: one at a time, ahead of expiry, and never a sign-out for want of an answer. */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientError, type ClientState, type SessionClient } from '../../../src/client/index.js';
import { memoryStorage } from '../../../src/client/memory-storage.js';
import { ServerClock } from '../../../src/client/server-clock.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, type Fate, type Network, networkTo, signedInClient } from './world.js';

/** Each takes seconds, since clients wait for one another. */
const RUNS = process.env['COUNTERFOIL_LONG_TESTS'] === '1' ? 40 : 6;

const VIEWER = 'query Viewer { viewer { id } }';
const viewer = (client: SessionClient) =>
  client.request<{ viewer: { id: string } }, Record<string, never>>(VIEWER, {});
const refreshes = ({ arrived }: Network) => arrived.filter((name) => name === 'Refresh').length;
const kindOf = (fault: unknown) => (fault instanceof ClientError ? fault.kind : fault);

let at: Loopback;
let network: Network;

beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
});
afterEach(() => at.stop());

describe('a client', () => {
  it('refreshes once for fifty requests that find their token expired', async () => {
    const client = await signedInClient(at, network);
    at.pass(400);
    const answers = await Promise.all(Array.from({ length: 50 }, () => viewer(client)));
    expect(new Set(answers.map(({ viewer: { id } }) => id)).size).toBe(1);
    expect(refreshes(network)).toBe(1);
  });

  it('refreshes before the token expires, without making anybody wait', async () => {
    const client = await signedInClient(at, network);
    const first = await client.accessToken();
    at.pass(250);
    expect(await client.accessToken()).toBe(first);
    expect(refreshes(network)).toBe(0);
    at.pass(30);
    expect(await client.accessToken()).toBe(first);
    await expect.poll(() => refreshes(network)).toBe(1);
    await expect.poll(() => client.accessToken()).not.toBe(first);
  });

  it('keeps a token that is still good when an early refresh fails, and pauses before the next', async () => {
    const client = await signedInClient(at, network);
    const first = await client.accessToken();
    at.pass(280);
    let tried = 0;
    network.fate = (operation) => {
      if (operation !== 'Refresh') return 'pass';
      tried += 1;
      return 'bad-gateway';
    };
    for (let n = 0; n < 5; n += 1) {
      expect(await client.accessToken()).toBe(first);
      await viewer(client);
    }
    expect(tried).toBe(1);
    expect(client.state.kind).toBe('signed-in');
  });

  it.each([
    ['lose-request', 'unreachable', null],
    ['lose-answer', 'unreachable', null],
    ['hang', 'unreachable', null],
    ['bad-gateway', 'unavailable', null],
    ['503-retry-after', 'unavailable', 5_000],
    ['500-graphql', 'unavailable', null],
    ['200-masked', 'unavailable', null],
    ['throttled', 'unavailable', 5_000],
  ] as const)(
    'is not signed out by a network that says %s, and goes on when it is well again',
    async (fate, kind, retryAfterMs) => {
      const client = await signedInClient(at, network);
      const states: ClientState[] = [];
      client.subscribe((state) => states.push(state));
      at.pass(400);
      network.fate = (operation) => (operation === 'Refresh' ? fate : 'pass');
      await expect(viewer(client)).rejects.toMatchObject({ kind, retryAfterMs });
      network.fate = () => 'pass';
      at.pass(60);
      expect((await viewer(client)).viewer.id).toMatch(/^[\w-]{22}$/);
      expect(states).toEqual([]);
    },
  );

  it('is signed out once, and cleanly, when its session has ended; requests then do not ask again', async () => {
    const client = await signedInClient(at, network);
    const states: ClientState[] = [];
    client.subscribe((state) => states.push(state));
    const { viewer: user } = await viewer(client);
    const admin = await at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
    await admin.mutate('endUserSessions', { userId: user.id });
    const faults = await Promise.all(Array.from({ length: 50 }, () => viewer(client).catch(kindOf)));
    expect(new Set(faults)).toEqual(new Set(['graphql']));
    expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
    expect(refreshes(network)).toBe(1);
    const before = network.arrived.length;
    await viewer(client).catch(kindOf);
    expect(network.arrived.length).toBe(before + 1);
    expect(refreshes(network)).toBe(1);
  });

  it('does not refresh in circles where the server refuses every token', async () => {
    const client = await signedInClient(at, network);
    const refusing: typeof fetch = async (input, init) => {
      if (!String(init?.body).includes('Viewer')) return network.fetch(input, init);
      const errors = [{ message: 'no', extensions: { code: 'UNAUTHENTICATED', reason: 'invalid' } }];
      return Response.json({ data: null, errors });
    };
    const storage = memoryStorage();
    const other = await signedInClient(at, network, { fetch: refusing, storage });
    at.pass(10);
    for (let n = 0; n < 10; n += 1) expect(await viewer(other).catch(kindOf)).toBe('graphql');
    expect(refreshes(network)).toBe(1);
    expect(other.state.kind).toBe('signed-in');
    expect(client.state.kind).toBe('signed-in');
  });

  it('tries another token for one that was refused, though the one before was renewed or replaced just now', async () => {
    const client = await signedInClient(at, network);
    const others = '{ __typename }';
    const endOthers = () =>
      client.request(`mutation Others { logoutAllDevices(input: { exceptCurrent: true }) ${others} }`, {});
    at.pass(10);
    // As a socket has it renewed that the server asks for another token.
    await client.recheck();
    at.pass(10);
    await endOthers();
    expect((await viewer(client)).viewer.id).toMatch(/^[\w-]{22}$/);
    expect(refreshes(network)).toBe(2);
    at.pass(10);
    // What came in place of the one refused, and is refused so soon, is not replaced.
    expect(await client.replace(client.accessTokenNow())).toBe(false);
    await client.recheck();
    at.pass(10);
    expect(await client.replace(client.accessTokenNow())).toBe(true);
    expect(refreshes(network)).toBe(4);
  });

  it('refreshes after a revocation of the signing key, and nobody notices', async () => {
    const client = await signedInClient(at, network);
    const admin = await at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
    const keys = await admin.read<{ kid: string; state: string }[]>('{ signingKeys { kid state } }');
    const kid = keys.find(({ state }) => state === 'ACTIVE')?.kid;
    at.pass(10);
    await admin.mutate('revokeSigningKey', { kid, reason: 'leaked' });
    expect((await viewer(client)).viewer.id).toMatch(/^[\w-]{22}$/);
    expect(refreshes(network)).toBe(1);
  });

  it.each([
    ['ten minutes ahead', 600_000],
    ['ten minutes behind', -600_000],
    ['ten years behind', -315_360_000_000],
  ])('whose clock is %s works as any other', async (_, offset) => {
    const server = at.counterfoil.clock;
    const clock = { now: () => server.now() + offset, monotonic: () => server.monotonic() };
    const client = await signedInClient(at, network, { clock });
    const first = await client.accessToken();
    at.pass(200);
    expect(await client.accessToken()).toBe(first);
    expect(refreshes(network)).toBe(0);
    at.pass(150);
    await viewer(client);
    expect(refreshes(network)).toBe(1);
  });

  it('whose machine has slept, so that its monotonic clock stood still, knows that the token has expired', async () => {
    const server = at.counterfoil.clock;
    const clock = { now: () => server.now(), monotonic: () => 0 };
    const client = await signedInClient(at, network, { clock });
    at.pass(3_600);
    await viewer(client);
    expect(refreshes(network)).toBe(1);
  });

  it('whose clock was set back while it held a token goes by the time that has passed', async () => {
    const server = at.counterfoil.clock;
    let offset = 0;
    const clock = { now: () => server.now() + offset, monotonic: () => server.monotonic() };
    const client = await signedInClient(at, network, { clock });
    offset = -7_200_000;
    at.pass(350);
    await viewer(client);
    expect(refreshes(network)).toBe(1);
  });
});

describe('clients on one storage', () => {
  const fate: fc.Arbitrary<Fate> = fc.constantFrom(
    'pass',
    'pass',
    'lose-request',
    'lose-answer',
    'hang',
    'bad-gateway',
    '503-retry-after',
    '500-graphql',
    '200-masked',
    'throttled',
  );
  const step = fc.record({
    who: fc.nat(2),
    fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
    pass: fc.constantFrom(0, 10, 200, 400, 4_000),
    together: fc.boolean(),
  });

  it('are never signed out, whatever is lost, whoever asks when, and however often they are started anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const storage = memoryStorage();
        network.fate = () => 'pass';
        await signedInClient(at, network, { storage });
        const states: ClientState[] = [];
        const started = () => {
          const client = clientOf(at, network, { storage });
          client.subscribe((state) => states.push(state));
          return client;
        };
        const clients = [started(), started(), started()];
        for (const { who, fates, pass, together } of steps) {
          at.pass(pass);
          let asked = 0;
          network.fate = () => fates[asked++ % fates.length] ?? 'pass';
          const asking = together ? clients : [clients[who] as SessionClient];
          await Promise.all(asking.map((client) => viewer(client).catch(kindOf)));
          if (pass === 10) clients[who] = started();
        }
        network.fate = () => 'pass';
        at.pass(60);
        for (const client of clients) expect((await viewer(client)).viewer.id).toMatch(/^[\w-]{22}$/);
        expect(states.filter(({ kind }) => kind === 'signed-out')).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

describe('the server’s clock', () => {
  it.each([
    ['the wall clock is set back', -7_200_000, 500],
    ['the monotonic clock stood still in a sleep', 500, 0],
    ['both have gone on', 500, 500],
  ])(
    'is that of the last answer, and what has passed since by the clock that says more: %s',
    (_, wall, monotonic) => {
      let passed = { wall: 0, monotonic: 0 };
      const clock = new ServerClock({
        now: () => 5_000_000 + passed.wall,
        monotonic: () => 700 + passed.monotonic,
      });
      clock.set(1_000_000);
      passed = { wall, monotonic };
      expect(clock.now()).toBe(1_000_500);
    },
  );
});
