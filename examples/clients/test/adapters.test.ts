/**
 * What every adapter promises, over the real server: fifty queries that find the token expired cost one refresh, a session
 * that is ended elsewhere signs out once and loops nowhere, and signing in again is all it takes to go on.
 */

import { gql } from '@apollo/client';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { authorizedFetch, type ClientState, type SessionClient } from 'counterfoil/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apolloClient } from '../src/apollo.js';
import { ask, fetchWith } from '../src/fetch.js';
import { requestClient } from '../src/graphql-request.js';
import { urqlClient } from '../src/urql.js';
import { clientOf, Network, signIn, startWorld, VIEWER, type World } from './world.js';

interface Data {
  readonly viewer: { readonly id: string };
}
type Ask = () => Promise<Data | undefined>;

const QUERIES = 50;
/** Each sends every query that it is asked: nothing is answered from a cache, and none is taken for another. */
const ADAPTERS: Record<string, (client: SessionClient, url: string, network: Network) => Ask> = {
  'client.request': (client) => () => client.request<Data, Record<string, never>>(VIEWER, {}),
  fetch: (client, url, network) => {
    const send = fetchWith(client, { to: [url], fetch: network.fetch });
    return () => ask<Data>(send, url, VIEWER);
  },
  'Apollo Client': (client, url, network) => {
    const apollo = apolloClient(client, url, { fetch: network.fetch });
    const query = gql(VIEWER);
    const context = { queryDeduplication: false };
    return async () => (await apollo.query<Data>({ query, context, fetchPolicy: 'network-only' })).data;
  },
  'urql, by its auth exchange': (client, url, network) => askUrql(urqlClient(client, url, network.fetch)),
  'urql, by fetch': (client, url, network) => {
    const send = authorizedFetch(client, { to: [url], fetch: network.fetch });
    const exchanges = [cacheExchange, fetchExchange];
    return askUrql(new Client({ url, exchanges, preferGetMethod: false, fetch: send }));
  },
  'graphql-request': (client, url, network) => {
    const requests = requestClient(client, url, { fetch: network.fetch });
    return () => requests.request<Data>(VIEWER);
  },
};

function askUrql(urql: Client): Ask {
  let number = 0;
  return async () => {
    number += 1; // urql takes two operations of one key for one
    const query = VIEWER.replace('{ id }', `{ id n${number}: id }`);
    const { data, error } = await urql.query<Data>(query, {}, { requestPolicy: 'network-only' });
    if (error !== undefined) throw error;
    return data;
  };
}

let world: World;
afterEach(() => world.stop());

async function endElsewhere(): Promise<void> {
  const other = clientOf(world, new Network());
  await signIn(other);
  await other.request('mutation { logoutAllDevices { __typename } }', {});
}

const cases = Object.entries(ADAPTERS).flatMap(([name, make]) =>
  (['BODY', 'COOKIE'] as const).map((delivery) => ({ name, make, delivery })),
);

describe.each(cases)('$name, with delivery $delivery', ({ make, delivery }) => {
  let network: Network;
  let client: SessionClient;
  let states: ClientState[];
  let one: Ask;
  const many = () => Promise.allSettled(Array.from({ length: QUERIES }, () => one()));

  beforeEach(async () => {
    world = await startWorld();
    network = new Network(delivery);
    client = clientOf(world, network, { delivery });
    one = make(client, world.url, network);
    await signIn(client);
    states = [];
    client.subscribe((state) => states.push(state));
  });

  test('fifty queries at once that find the token expired are answered, after exactly one refresh', async () => {
    world.pass(400);
    const answers = await many();
    const ids = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value?.viewer.id : answer));
    expect(new Set(ids)).toEqual(new Set([expect.stringMatching(/^[\w-]{22}$/)]));
    expect(network.count('Refresh')).toBe(1);
    expect(states).toEqual([]);
  });

  test('a session that is ended elsewhere is one sign-out, each query fails once, and signing in anew is all it takes', async () => {
    await one();
    await endElsewhere();
    const before = network.arrived.length;
    const answers = await many();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
    const messages = new Set(
      answers.map((each) => each.status === 'rejected' && String(each.reason?.message)),
    );
    for (const message of messages) expect(message).toMatch(/session|sign in|access token/i);
    expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
    expect(network.count('Refresh')).toBe(1);
    expect(network.arrived.length - before).toBe(QUERIES + 1);
    await expect(one()).rejects.toThrow();
    expect(network.arrived.slice(before + QUERIES + 1)).toEqual(['Viewer']);
    await signIn(client);
    expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
    expect(states.map(({ kind }) => kind)).toEqual(['signed-out', 'signed-in']);
  });

  test('a query that is refused after another has signed in is not repeated in the other’s name', async () => {
    await world.counterfoil.signedInAs({ email: 'ben@example.com' });
    await endElsewhere();
    let letAnswer = () => {};
    network.answering = new Promise((resolve) => {
      letAnswer = resolve;
    });
    const pending = one().then(
      () => 'answered',
      () => 'refused',
    );
    await expect.poll(() => network.count('Viewer')).toBe(1);
    await client.logout();
    await signIn(client, 'ben@example.com');
    letAnswer();
    expect(await pending).toBe('refused');
    expect(network.count('Viewer')).toBe(1);
    expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
  });
});

test.each(Object.entries(ADAPTERS))(
  '%s, where the only token is a cookie: a session that is ended elsewhere signs out once',
  async (_, make) => {
    world = await startWorld({ model: 'stateful' });
    const network = new Network('COOKIE');
    const client = clientOf(world, network, { delivery: 'COOKIE' });
    const one = make(client, world.url, network);
    await signIn(client);
    const states: ClientState[] = [];
    client.subscribe((state) => states.push(state));
    expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
    await endElsewhere();
    const answers = await Promise.allSettled(Array.from({ length: QUERIES }, () => one()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
    expect(network.count('Viewer')).toBe(QUERIES + 1);
    expect(network.count('Refresh')).toBe(1);
  },
);
