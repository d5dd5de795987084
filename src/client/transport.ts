/**
 * One GraphQL request over fetch, and what came of it: an answer, or why there was none. Rejects only where what is asked
 * cannot be written as JSON.
 */

/** A document that knows its types, as the client preset of GraphQL Code Generator makes them, or plain text. */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  /** Never there: what makes the types of a document known. */
  __apiType?: ((variables: Variables) => Result) | undefined;
}

export interface GraphQLFault {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?:
    | { readonly code?: string; readonly reason?: string; readonly retryAfter?: number }
    | undefined;
}

export type Answer<Data> =
  | { readonly kind: 'answered'; readonly data: Data | null; readonly errors: readonly GraphQLFault[] }
  /** No answer, none in time, or one that is not the server's: a proxy's page, a portal's. */
  | { readonly kind: 'unreachable'; readonly cause: unknown }
  /** The server, or something before it, cannot serve now. */
  | { readonly kind: 'unavailable'; readonly status: number; readonly retryAfterMs: number | null };

export interface SendOptions {
  readonly accessToken?: string | null;
  /** Whose session the answer is meant for: a cookie may be of another by then. */
  readonly sessionId?: string | null;
  /** Without cookies, for what nobody has signed in to ask. */
  readonly anonymous?: boolean;
  /** Sent on its way also where the page is left meanwhile. */
  readonly keepalive?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The server refuses a request of another session than this (docs/how-to/client.md). */
const SESSION_HEADER = 'counterfoil-session';

export interface TransportOptions {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  /** Sent along with each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether cookies are. */
  readonly cookies: boolean;
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #headers: Headers;

  /** Throws where a header cannot be sent. */
  constructor(options: TransportOptions) {
    this.#options = options;
    this.#headers = new Headers({
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    });
    for (const [name, value] of Object.entries(options.headers)) this.#headers.set(name, value);
  }

  async send<Result, Variables>(
    document: TypedDocument<Result, Variables> | string,
    variables: Variables,
    options: SendOptions = {},
  ): Promise<Answer<Result>> {
    const { url, fetch, timeoutMs, cookies } = this.#options;
    const { accessToken = null, sessionId = null, anonymous = false, keepalive = false, signal } = options;
    const body = JSON.stringify({ query: String(document), variables });
    const headers = new Headers(this.#headers);
    if (accessToken !== null) headers.set('authorization', `Bearer ${accessToken}`);
    if (cookies && sessionId !== null) headers.set(SESSION_HEADER, sessionId);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        credentials: cookies && !anonymous ? 'include' : 'omit',
        cache: 'no-store',
        redirect: 'error',
        keepalive,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return await answerOf<Result>(response);
    } catch (cause) {
      return { kind: 'unreachable', cause };
    }
  }
}

async function answerOf<Data>(response: Response): Promise<Answer<Data>> {
  const body = (await response.json().catch(() => null)) as {
    readonly data?: Data | null;
    readonly errors?: readonly GraphQLFault[];
  } | null;
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408)
    return { kind: 'unavailable', status, retryAfterMs: retryAfterMs(response, body?.errors) };
  if (body === null || (body.data === undefined && !Array.isArray(body.errors)))
    return { kind: 'unreachable', cause: new Error(`An answer with status ${status} that is no GraphQL.`) };
  const errors = body.errors ?? [];
  const silent = errors.find(({ extensions }) => extensions?.code === 'UNAVAILABLE');
  if (silent !== undefined && !hasData(body.data))
    return { kind: 'unavailable', status, retryAfterMs: retryAfterMs(response, errors) };
  return { kind: 'answered', data: body.data ?? null, errors };
}

function hasData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.values(data).some((value) => value !== null);
}

function retryAfterMs(response: Response, errors: readonly GraphQLFault[] | undefined): number | null {
  const said = Number(
    response.headers.get('retry-after') ?? errors?.[0]?.extensions?.retryAfter ?? Number.NaN,
  );
  return Number.isFinite(said) && said >= 0 ? said * 1_000 : null;
}
