/** One document over HTTP: typed variables in, typed data out. */

import type { TypedDocumentString } from './generated/graphql.js';

/** An error of the server's: `UNAUTHENTICATED` (refresh and retry), `FORBIDDEN` (do not), or another of its codes. */
export class ServerError extends Error {
  override name = 'ServerError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Where to send to, and by what: `fetch` unless given. */
export interface Server {
  readonly url: string;
  readonly fetch?: typeof fetch;
}

/** A document without variables takes none; any other demands its own. */
type VariablesOf<Variables> = Variables extends Record<string, never> ? [] : [variables: Variables];

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Throws `ServerError` where the server answers with one, and whatever `fetch` throws where there is no answer. */
export async function send<Result, Variables>(
  server: Server,
  accessToken: string | null,
  document: TypedDocumentString<Result, Variables>,
  ...[variables]: VariablesOf<Variables>
): Promise<Result> {
  const response = await (server.fetch ?? fetch)(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors = [] } = (await response.json()) as Answer<Result>;
  const [error] = errors;
  if (error) throw new ServerError(error.extensions?.code ?? 'UNKNOWN', error.message);
  if (!data) throw new ServerError('UNKNOWN', `The server answered ${response.status} without data.`);
  return data;
}
