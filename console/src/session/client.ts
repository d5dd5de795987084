/** The one client of the page: `counterfoil/client` itself, by cookie, on the endpoint beside the console. */

import { ClientError, createClient, type TypedDocument } from '../../../src/client/index.js';

/** `<prefix>/console/` → `<prefix>/graphql`, whatever the prefix. */
export const ENDPOINT = new URL('../graphql', document.baseURI).href;

export const client = createClient({ url: ENDPOINT, delivery: 'COOKIE' });

/**
 * Asks the API as whoever is signed in. Rejects with a `ClientError`. Where the server does not know the session any more
 * the client has noticed when this rejects, and the page is at its sign-in.
 */
export async function ask<Result, Variables extends Record<string, unknown>>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  try {
    return await client.request(document, variables, signal === undefined ? {} : { signal });
  } catch (fault) {
    if (isUnauthenticated(fault)) await client.recheck();
    throw fault;
  }
}

function isUnauthenticated(fault: unknown): boolean {
  return (
    fault instanceof ClientError &&
    fault.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
  );
}
