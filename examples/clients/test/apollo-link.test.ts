/** The Apollo link over the real server: what nobody waits for any more is not sent, and not read to its end. */

import { gql, HttpLink } from '@apollo/client';
import type { SessionClient } from 'counterfoil/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apolloClient } from '../src/apollo.js';
import { sessionLink } from '../src/apollo-link.js';
import { VIEWER } from './viewer.js';
import { clientOf, Network, signIn, startWorld, type World } from './world.js';

let world: World;
let network: Network;
let client: SessionClient;
let signal: AbortSignal | null | undefined;
/** What happens as the client asks for tokens. */
let meanwhile: () => void;

beforeEach(async () => {
  world = await startWorld();
  network = new Network();
  meanwhile = () => {};
  client = clientOf(world, network, {
    fetch: (input, init) => {
      meanwhile();
      return network.fetch(input, init);
    },
  });
  await signIn(client);
});
afterEach(() => world.stop());

/** Asks; returns how to lose interest. */
function ask(): () => void {
  const sending = new HttpLink({
    uri: world.url,
    fetch: (input, init) => {
      signal = init?.signal;
      return network.fetch(input, init);
    },
  });
  const apollo = apolloClient(client, sessionLink(client).concat(sending));
  const asked = apollo.watchQuery({ query: gql(VIEWER) }).subscribe({});
  return () => asked.unsubscribe();
}

test('a query that is given up while its token is under way is never sent', async () => {
  world.pass(400);
  const giveUp = ask();
  meanwhile = giveUp;
  await expect.poll(() => network.count('Refresh')).toBe(1);
  await client.accessToken();
  await new Promise((resolve) => setTimeout(resolve));
  expect(network.arrived).toEqual(['Login', 'Refresh']);
});

test('a query that is given up while it is under way is broken off', async () => {
  network.answering = new Promise(() => {});
  const giveUp = ask();
  await expect.poll(() => network.count('Viewer')).toBe(1);
  expect(signal?.aborted).toBe(false);
  giveUp();
  expect(signal?.aborted).toBe(true);
});
