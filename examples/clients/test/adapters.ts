/** Each library, as somebody asks by it who has copied `src`. */

import { type ApolloClient, gql, HttpLink } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { authorizedFetch, type SessionClient } from 'counterfoil/client';
import { apolloClient, httpLink } from '../src/apollo.js';
import { sessionLink } from '../src/apollo-link.js';
import { ask, fetchWith } from '../src/fetch.js';
import { requestClient } from '../src/graphql-request.js';
import { urqlClient } from '../src/urql.js';
import { type Data, VIEWER } from './viewer.js';

export type Ask = () => Promise<Data | undefined>;

/** Each sends every query that it is asked: nothing is answered from a cache, and none is taken for another. */
export const ADAPTERS: Record<string, (client: SessionClient, url: string, send: typeof fetch) => Ask> = {
  'client.request': (client) => () => client.request<Data, Record<string, never>>(VIEWER, {}),
  fetch: (client, url, send) => {
    const authorized = fetchWith(client, { to: [url], fetch: send });
    return () => ask<Data>(authorized, url, VIEWER);
  },
  'Apollo Client, by fetch': (client, url, send) =>
    askApollo(apolloClient(client, httpLink(client, url, { fetch: send }))),
  'Apollo Client, by its link': (client, url, send) =>
    askApollo(apolloClient(client, sessionLink(client).concat(new HttpLink({ uri: url, fetch: send })))),
  'Apollo Client, by its link, in batches': (client, url, send) => {
    const batches = new BatchHttpLink({ uri: url, fetch: oneByOne(send) });
    return askApollo(apolloClient(client, sessionLink(client).concat(batches)));
  },
  'urql, by its auth exchange': (client, url, send) => askUrql(urqlClient(client, url, send)),
  'urql, by fetch': (client, url, send) => {
    const authorized = authorizedFetch(client, { to: [url], fetch: send });
    const exchanges = [cacheExchange, fetchExchange];
    return askUrql(new Client({ url, exchanges, preferGetMethod: false, fetch: authorized }));
  },
  'graphql-request': (client, url, send) => {
    const requests = requestClient(client, url, { fetch: send });
    return () => requests.request<Data>(VIEWER);
  },
};

function askApollo(apollo: ApolloClient): Ask {
  const query = gql(VIEWER);
  const context = { queryDeduplication: false };
  return async () => (await apollo.query<Data>({ query, context, fetchPolicy: 'network-only' })).data;
}

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

/** As a gateway takes batches: Counterfoil itself takes none. */
function oneByOne(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const requests = JSON.parse(String(init?.body)) as object[];
    const responses = requests.map((request) => send(input, { ...init, body: JSON.stringify(request) }));
    return Response.json(await Promise.all((await Promise.all(responses)).map((each) => each.json())));
  };
}
