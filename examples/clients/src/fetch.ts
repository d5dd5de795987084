/** Plain `fetch`, for your own services beside the API as well: REST, files, whatever takes a bearer token. */

import { type AuthorizedFetchOptions, authorizedFetch, type SessionClient } from 'counterfoil/client';

/** `to`: who may see the access token. Everybody else is asked as by `fetch` itself. */
export function fetchWith(client: SessionClient, options: AuthorizedFetchOptions): typeof fetch {
  return authorizedFetch(client, options);
}

/** One GraphQL query over such a fetch. Throws what the server says. */
export async function ask<Data>(send: typeof fetch, url: string, query: string): Promise<Data> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (errors?.[0] !== undefined || data === undefined) throw new Error(errors?.[0]?.message ?? 'No data.');
  return data;
}
