/**
 * A `fetch` that sends the access token along, and comes again with another where one was refused. For Apollo Client
 * (`new HttpLink({ fetch })`), urql, graphql-request, and for your own services beside the API.
 */

import { unlessAborted } from './answers.js';
import type { SessionClient } from './session-client.js';

const MOST_BYTES = 64 * 1024;
const BODILESS = ['GET', 'HEAD'];

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
    // Read once: a URL may be changed while the token is waited for.
    const address = isRequest(input) ? input.url : String(input);
    const url = absolute(address);
    // Not before it is used: a module that makes one may be loaded on a server, where there is no page.
    const prefixes = options.to.map((to) => absolute(to) ?? new URL(to).href);
    if (url === null || !prefixes.some((prefix) => isWithin(url, prefix)))
      return send(isRequest(input) ? input : address, init);
    // What was judged is what is sent.
    const what = isRequest(input) ? input : url;
    let refused: Response | null = null;
    const answer = client.retried(async (token) => {
      // What it says is for nobody any more, and would hold its connection.
      refused?.body?.cancel().catch(() => {});
      const response = await send(what, authorized(what, init, token));
      refused = response;
      return { refused: isReplayable(what, init) && (await isRefused(response)), answer: response };
    });
    // A token may be long in coming; what is sent has the signal itself.
    return unlessAborted(answer, init.signal ?? (isRequest(what) ? what.signal : null));
  };
}

/** By its shape: it may be of another realm, or of the library that `fetch` is of. */
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof (input as Partial<Request>).url === 'string';
}

/** Relative addresses are of the page, as `fetch` has them. Null where there is no page that they could be of. */
function absolute(url: string): string | null {
  const { document, location } = globalThis as {
    readonly document?: { readonly baseURI?: string };
    readonly location?: { readonly href: string };
  };
  const base = document?.baseURI ?? location?.href;
  return URL.canParse(url, base) ? new URL(url, base).href : null;
}

/** Not as texts: `https://api.example.com` is no beginning of `https://api.example.com.evil.example`. */
function isWithin(url: string, prefix: string): boolean {
  return (
    url === prefix ||
    url.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`) ||
    url.startsWith(`${prefix}?`)
  );
}

function authorized(input: RequestInfo, init: RequestInit, token: string | null): RequestInit {
  const headers = new Headers(init.headers ?? (isRequest(input) ? input.headers : undefined));
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers, redirect: 'error' };
}

/** A stream can be sent once, be it the platform's or Node.js's own, and a `Request` has nothing else for a body. */
function isReplayable(input: RequestInfo, { body }: RequestInit): boolean {
  // Firefox does not say whether it has one.
  const isBodiless = (request: Request) =>
    request.body === null || (request.body === undefined && BODILESS.includes(request.method));
  if (isRequest(input) && !isBodiless(input)) return false;
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
