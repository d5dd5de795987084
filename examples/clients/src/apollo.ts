/**
 * Apollo Client. The token comes by the `fetch` of its `HttpLink`, or by the link of `apollo-link.ts`. What is ours to do
 * besides is to forget: what one user was shown is not for the next.
 */

import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { type AuthorizedFetchOptions, authorizedFetch, type SessionClient } from 'counterfoil/client';

/** `link`: whatever sends, with the token: `httpLink(…)`, or `sessionLink(client).concat(…)`. */
export function apolloClient(client: SessionClient, link: ApolloLink): ApolloClient {
  const apollo = new ApolloClient({ link, cache: new InMemoryCache() });
  let session: string | null = null;
  client.subscribe((state) => {
    // Not clearStore(): that would take from queries under way the answer that says why they failed.
    if (state.kind === 'signed-out') void apollo.cache.reset({ discardWatches: true });
    if (state.kind !== 'signed-in') return;
    if (session !== null && session !== state.sessionId) void apollo.clearStore();
    session = state.sessionId;
  });
  return apollo;
}

export function httpLink(
  client: SessionClient,
  url: string,
  options: Partial<AuthorizedFetchOptions> = {},
): HttpLink {
  return new HttpLink({ uri: url, fetch: authorizedFetch(client, { to: [url], ...options }) });
}
