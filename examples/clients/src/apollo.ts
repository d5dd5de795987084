/**
 * Apollo Client. It needs no link of ours: what has to happen happens beneath its `HttpLink`, in `fetch`, for batched
 * requests and files as well. What is ours to do is to forget: what one user was shown is not for the next.
 */

import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { type AuthorizedFetchOptions, authorizedFetch, type SessionClient } from 'counterfoil/client';

export function apolloClient(
  client: SessionClient,
  url: string,
  options: Partial<AuthorizedFetchOptions> = {},
): ApolloClient {
  const fetch = authorizedFetch(client, { to: [url], ...options });
  const apollo = new ApolloClient({ link: new HttpLink({ uri: url, fetch }), cache: new InMemoryCache() });
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
