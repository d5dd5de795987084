/** The client under each session model and delivery: what a model promises, it gives to whoever uses the client. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientState, SessionClient } from '../../../src/client/index.js';
import { memoryStorage } from '../../../src/client/memory-storage.js';
import { PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, type Jar, type Network, networkTo, signedInClient } from './world.js';

const EMAIL = 'ada@example.test';
const viewer = (client: SessionClient) =>
  client.request<{ viewer: { email: string } }, Record<string, never>>(
    'query Viewer { viewer { email } }',
    {},
  );
const emailOf = (client: SessionClient) => viewer(client).then((data) => data.viewer.email, String);

let at: Loopback;
let jar: Jar;
let network: Network;
afterEach(() => at.stop());

describe.each([
  ['hybrid', 'BODY'],
  ['hybrid', 'COOKIE'],
  ['stateful', 'BODY'],
  ['stateful', 'COOKIE'],
  ['stateless', 'BODY'],
  ['stateless', 'COOKIE'],
] as const)('in the %s model, delivery %s', (model, delivery) => {
  beforeEach(async () => {
    at = await startLoopback({ settings: { model } });
    jar = { cookie: null };
    network = networkTo(at, delivery === 'COOKIE' ? jar : null);
  });

  it('signs in, asks, renews in time, and is there again after a start', async () => {
    const storage = memoryStorage();
    const client = await signedInClient(at, network, { storage, delivery });
    expect(await emailOf(client)).toBe(EMAIL);
    at.pass(280);
    expect(await emailOf(client)).toBe(EMAIL);
    await client.recheck();
    at.pass(200);
    expect(await emailOf(client)).toBe(EMAIL);
    const again = clientOf(at, network, { storage, delivery });
    expect((await again.start()).kind).toBe('signed-in');
    expect(await emailOf(again)).toBe(EMAIL);
  });

  it('logs out at once, and what is asked from then on is asked by nobody', async () => {
    const client = await signedInClient(at, network, { delivery });
    network.fate = (operation) => (operation === 'Logout' ? 'lose-request' : 'pass');
    await client.logout();
    expect(client.state.kind).toBe('signed-out');
    expect(await emailOf(client)).not.toBe(EMAIL);
  });
});

describe.each(['hybrid', 'stateful', 'stateless'] as const)('in the %s model, by cookie', (model) => {
  it('nobody is shown what is of another who has signed in past the client', async () => {
    at = await startLoopback({ settings: { model } });
    jar = { cookie: null };
    network = networkTo(at, jar);
    const client = await signedInClient(at, network, { delivery: 'COOKIE' });
    const states: ClientState[] = [];
    client.subscribe((state) => states.push(state));
    await at.signedIn('ben@example.test');
    const past = clientOf(at, networkTo(at, jar), { delivery: 'COOKIE' });
    await past.login({ email: 'ben@example.test', password: PASSWORD });
    if (model === 'hybrid') at.pass(400);
    expect(await emailOf(client)).not.toContain('ben@');
    expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
  });
});

describe.each(['BODY', 'COOKIE'] as const)(
  'where the access token is all there is, delivery %s',
  (delivery) => {
    it('it is renewed for as long as the client is there, though nobody asks for anything', async () => {
      at = await startLoopback({ settings: { model: 'stateless', accessTtl: 5 } });
      jar = { cookie: null };
      network = networkTo(at, delivery === 'COOKIE' ? jar : null);
      const client = await signedInClient(at, network, { delivery });
      at.pass(3);
      // The next look of the timer, which was set by a clock that this test has set forth.
      await expect.poll(() => network.arrived, { timeout: 10_000 }).toContain('Refresh');
      expect(client.state.kind).toBe('signed-in');
      client.close();
    });
  },
);
