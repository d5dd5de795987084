/** The access token for whoever cannot wait: urql's exchange, a header that is made in passing. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, type Network, networkTo, signedInClient } from './world.js';

const refreshes = ({ arrived }: Network) => arrived.filter((name) => name === 'Refresh').length;

let at: Loopback;
let network: Network;

beforeEach(async () => {
  at = await startLoopback();
  network = networkTo(at);
});
afterEach(() => at.stop());

it('is the token while it is good, and refreshed ahead like any other', async () => {
  const client = await signedInClient(at, network);
  const first = client.accessTokenNow();
  expect(first).toBe(await client.accessToken());
  at.pass(280);
  expect(client.accessTokenNow()).toBe(first);
  await expect.poll(() => client.accessTokenNow()).not.toBe(first);
  expect(client.accessTokenNow()).not.toBeNull();
  expect(refreshes(network)).toBe(1);
});

it('is none once it has expired, before anything is known, and after logging out; it asks for none then', async () => {
  expect(clientOf(at, network).accessTokenNow()).toBeNull();
  const client = await signedInClient(at, network);
  at.pass(400);
  expect(client.accessTokenNow()).toBeNull();
  expect(refreshes(network)).toBe(0);
  await client.logout();
  expect(client.accessTokenNow()).toBeNull();
});
