/** graphql-request: a `fetch` is all it takes. */

import { type AuthorizedFetchOptions, authorizedFetch, type SessionClient } from 'counterfoil/client';
import { GraphQLClient } from 'graphql-request';

export function requestClient(
  client: SessionClient,
  url: string,
  options: Partial<AuthorizedFetchOptions> = {},
): GraphQLClient {
  return new GraphQLClient(url, { fetch: authorizedFetch(client, { to: [url], ...options }) });
}
