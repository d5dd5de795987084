/**
 * One request with bounds: a time for all of it, a size for the answer, no redirects. What goes wrong is a value. Used for
 * the keys and for introspection; the feed, which never ends, has its own way.
 */

import type { Closing } from './closing.js';
import { later } from './later.js';
import type { Fetch } from './settings.js';

export interface BoundedRequest {
  readonly fetch: Fetch;
  readonly url: string;
  readonly init: Omit<RequestInit, 'signal' | 'redirect'>;
  readonly timeoutMs: number;
  readonly limitBytes: number;
  /** Ends the request early. */
  readonly closing: Closing;
}

export type BoundedAnswer =
  | { readonly kind: 'answered'; readonly text: string; readonly headers: Headers }
  /** No answer, one with another status than 200, or one that is too long. `status`: null where there was none. */
  | { readonly kind: 'failed'; readonly status: number | null };

const FAILED: BoundedAnswer = { kind: 'failed', status: null };

export async function boundedFetch(request: BoundedRequest): Promise<BoundedAnswer> {
  const { fetch, url, init, timeoutMs, limitBytes, closing } = request;
  const controller = new AbortController();
  const abort = () => controller.abort();
  const forget = closing.on(abort);
  const callOff = later(timeoutMs, abort);
  try {
    // Not `error`, which some edge runtimes do not know: a redirect is an answer whose status is not 200.
    const response = await fetch(url, { ...init, redirect: 'manual', signal: controller.signal });
    const { status } = response;
    if (status !== 200 || response.redirected) return { kind: 'failed', status };
    const text = await textOf(response, limitBytes);
    return text === null ? FAILED : { kind: 'answered', text, headers: response.headers };
  } catch {
    return FAILED;
  } finally {
    callOff();
    forget();
    // Whatever was not read is let go.
    abort();
  }
}

async function textOf({ body }: Response, limitBytes: number): Promise<string | null> {
  if (body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limitBytes) return null;
    text += decoder.decode(value, { stream: true });
  }
}
