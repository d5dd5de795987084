/** A cookie belongs to the browser and not to the client: a page without it, such as the playground, may set another. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClientState, SessionClient } from '../../../src/client/index.js';
import { PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, type Jar, networkTo, signedInClient } from './world.js';

let at: Loopback;
let jar: Jar;
let client: SessionClient;
let states: ClientState[];
let refreshes: number;

beforeEach(async () => {
  at = await startLoopback();
  jar = { cookie: null };
  const network = networkTo(at, jar);
  refreshes = 0;
  const counting: typeof fetch = async (input, init) => {
    if (String(init?.body).includes('Refresh')) refreshes += 1;
    if (refreshes > 10) throw new Error('It goes in circles.');
    return network.fetch(input, init);
  };
  client = await signedInClient(at, network, { delivery: 'COOKIE', fetch: counting });
  states = [];
  client.subscribe((state) => states.push(state));
});
afterEach(() => at.stop());

const viewer = () => client.request('query Viewer { viewer { email } }', {}).then(JSON.stringify, String);

it.each(['ben@example.test', 'ada@example.test'])(
  'when %s signs in past the client, it is signed out at its next refresh, and shows nobody’s data as another’s',
  async (email) => {
    await at.signedIn(email);
    const past = clientOf(at, networkTo(at, jar), { delivery: 'COOKIE' });
    await past.login({ email, password: PASSWORD });
    at.pass(400);
    expect(await viewer()).not.toContain('example.test');
    expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
    expect(refreshes).toBe(1);
    await client.login({ email: 'ada@example.test', password: PASSWORD });
    at.pass(400);
    expect(await viewer()).toContain('ada@example.test');
  },
);

it('when its cookie is gone, it is signed out', async () => {
  jar.cookie = null;
  at.pass(400);
  await viewer();
  expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
});
