/**
 * urql, by its auth exchange. The shorter way is `new Client({ …, fetch: authorizedFetch(client, { to: [url] }) })`, which does
 * the same; the exchange is for those who have more to do there, or no say in `fetch`.
 */

import { Client, cacheExchange, fetchExchange, makeOperation, type Operation } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import type { SessionClient } from 'counterfoil/client';

function counterfoilExchange(client: SessionClient) {
  const sessionId = () => (client.state.kind === 'signed-in' ? client.state.sessionId : null);
  return authExchange(async ({ appendHeaders }) => {
    // Never, where the only token is a cookie.
    let hasToken = (await client.accessToken()) !== null;
    let refused: string | null = null;
    return {
      addAuthToOperation: (operation) => {
        const token = client.accessTokenNow();
        hasToken ||= token !== null;
        const context = { ...operation.context, shown: { token, sessionId: sessionId() } };
        const own = makeOperation(operation.kind, operation, context);
        return token === null ? own : appendHeaders(own, { authorization: `Bearer ${token}` });
      },
      // Expired: it is not even sent.
      willAuthError: () => hasToken && sessionId() !== null && client.accessTokenNow() === null,
      // What was begun in one session is not repeated in another, which may be somebody else's.
      didAuthError: ({ graphQLErrors }, { context: { shown } }: Operation) => {
        if (!graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED')) return false;
        refused = shown.token;
        return shown.sessionId !== null && shown.sessionId === sessionId();
      },
      refreshAuth: async () => {
        if (!hasToken || client.accessTokenNow() !== null) await client.replace(refused);
        await client.accessToken();
        // Whatever waits fails with this, and is not sent again.
        if (sessionId() === null) throw new Error('The session is over: sign in again.');
      },
    };
  });
}

export function urqlClient(client: SessionClient, url: string, send?: typeof fetch): Client {
  return new Client({
    url,
    exchanges: [cacheExchange, counterfoilExchange(client), fetchExchange],
    // Unless told so, urql sends short queries by GET, which Counterfoil refuses without a header that no form can send.
    preferGetMethod: false,
    ...(send === undefined ? {} : { fetch: send }),
  });
}
