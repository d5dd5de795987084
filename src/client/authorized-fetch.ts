/**
 * A `fetch` that sends the access token along, and comes again with another where one was refused. For Apollo Client
 * (`new HttpLink({ fetch })`), urql, graphql-request, and for your own services beside the API.
 */

import type { SessionClient } from './session-client.js';

const MOST_BYTES = 64 * 1024;

export interface AuthorizedFetchOptions {
  readonly fetch?: typeof fetch;
  /**
   * Which addresses are sent the token: those that begin with one of these, which on a page may be relative. A token that
   * goes to a stranger is a stolen one, so there is no default.
   */
  readonly to: readonly string[];
}

/** Rejects as `fetch` does, and with a `ClientError` where there is no token to be had for want of an answer. */
export function authorizedFetch(client: SessionClient, options: AuthorizedFetchOptions): typeof fetch {
  const { fetch: send = (input, init) => fetch(input, init) } = options;
  return async (input, init = {}) => {
    const url = absolute(input instanceof Request ? input.url : String(input));
    // Not before it is used: a module that makes one may be loaded on a server, where there is no page.
    const prefixes = options.to.map((to) => absolute(to) ?? new URL(to).href);
    if (url === null || !prefixes.some((prefix) => isWithin(url, prefix))) return send(input, init);
    let refused: Response | null = null;
    const answer = client.retried(async (token) => {
      // What it says is for nobody any more, and would hold its connection.
      refused?.body?.cancel().catch(() => {});
      const response = await send(input, authorized(input, init, token));
      refused = response;
      return { refused: isReplayable(input, init) && (await isRefused(response)), answer: response };
    });
    // A token may be long in coming; what is sent has the signal itself.
    const signal = init.signal ?? (input instanceof Request ? input.signal : null);
    return signal ? unlessAborted(answer, signal) : answer;
  };
}

function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Relative addresses are of the page. Null where there is no page that they could be of. */
function absolute(url: string): string | null {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  return URL.canParse(url, location?.href) ? new URL(url, location?.href).href : null;
}

/** Not as texts: `https://api.example.com` is no beginning of `https://api.example.com.evil.example`. */
function isWithin(url: string, prefix: string): boolean {
  return (
    url === prefix ||
    url.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`) ||
    url.startsWith(`${prefix}?`)
  );
}

function authorized(input: RequestInfo | URL, init: RequestInit, token: string | null): RequestInit {
  const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers, redirect: 'error' };
}

/** A stream can be sent once, be it the platform's or Node.js's own, and a `Request` has nothing else for a body. */
function isReplayable(input: unknown, { body }: RequestInit): boolean {
  if (input instanceof Request && input.body !== null) return false;
  if (body instanceof ReadableStream) return false;
  return typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body);
}

/** A 401, or a GraphQL answer that asks for another token. What was read of it is read from a copy. */
async function isRefused(response: Response): Promise<boolean> {
  if (response.status === 401) return true;
  const isJson = /[/+]json\s*(;|$)/.test(response.headers.get('content-type') ?? '');
  if (!isJson) return false;
  const text = await beginningOf(response.clone());
  if (text === null || !text.includes('"UNAUTHENTICATED"')) return false;
  try {
    const { errors } = JSON.parse(text) as {
      readonly errors?: readonly { extensions?: { code?: unknown } }[];
    };
    return errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
  } catch {
    return false;
  }
}

/** All of it, where it is short; null where it is not, so that no stream is waited for. */
async function beginningOf({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let [text, read] = ['', 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    read += value.length;
    text += decoder.decode(value, { stream: true });
    if (read > MOST_BYTES) {
      reader.cancel().catch(() => {});
      return null;
    }
  }
}
