/**
 * urql, by its auth exchange. The shorter way is `new Client({ url, exchanges, fetch: authorizedFetch(client, …) })`, which
 * does the same; the exchange is for those who have more to do there, or no say in `fetch`.
 */

import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import type { SessionClient } from 'counterfoil/client';

function counterfoilExchange(client: SessionClient) {
  return authExchange(async ({ appendHeaders }) => {
    await client.accessToken();
    let shown = client.accessTokenNow();
    return {
      addAuthToOperation: (operation) => {
        shown = client.accessTokenNow();
        return shown === null ? operation : appendHeaders(operation, { authorization: `Bearer ${shown}` });
      },
      // Expired: it is not even sent.
      willAuthError: () => client.state.kind === 'signed-in' && client.accessTokenNow() === null,
      didAuthError: ({ graphQLErrors }) =>
        client.state.kind === 'signed-in' &&
        graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'),
      refreshAuth: async () => {
        if (client.accessTokenNow() !== null) await client.replace(shown);
        await client.accessToken();
        // Whatever waits fails with this, and is not sent again.
        if (client.state.kind === 'signed-out') throw new Error('The session is over: sign in again.');
      },
    };
  });
}

export function urqlClient(client: SessionClient, url: string, send?: typeof fetch): Client {
  return new Client({
    url,
    exchanges: [cacheExchange, counterfoilExchange(client), fetchExchange],
    preferGetMethod: false,
    ...(send === undefined ? {} : { fetch: send }),
  });
}
