/**
 * One connection to the revocation feed: asks, reads its events one by one, and says how it ended. Gives up where nothing
 * is heard for a few heartbeats. What the events mean, and when to come back, is the business of `feed.ts`.
 */

import { type FeedEvent, HEARTBEAT_MS, readFeedEvent } from '../revocation/feed-events.js';
import type { Closing } from './closing.js';
import { EventStream } from './event-stream.js';
import { later } from './later.js';
import type { Fetch } from './settings.js';

const CONNECT_MS = 5_000;
const SILENCE_MS = 3.5 * HEARTBEAT_MS;

export interface ConnectionParts {
  readonly fetch: Fetch;
  readonly url: string;
  readonly credential: string;
  readonly lastEventId: string | null;
  readonly closing: Closing;
  readonly onOpen: () => void;
  /** False drops the connection. */
  readonly onEvent: (event: FeedEvent) => boolean;
}

/**
 * - `bye`: the server has asked to come back at once.
 * - `lost`: it could not be made, or ended; `retryAfterMs` is what the server asked for, or 0.
 * - `dropped`: silent, broken, or not worth keeping.
 * - `refused`: the server does not take the credential.
 */
export type Ending =
  | { readonly kind: 'bye' | 'dropped' | 'refused' }
  | { readonly kind: 'lost'; readonly retryAfterMs: number };

const LOST: Ending = { kind: 'lost', retryAfterMs: 0 };
const DROPPED: Ending = { kind: 'dropped' };

/** Never rejects. */
export async function followFeed(parts: ConnectionParts): Promise<Ending> {
  const connection = new Connection(parts);
  try {
    return await connection.follow();
  } catch {
    return connection.reading || connection.silent ? DROPPED : LOST;
  } finally {
    connection.end();
  }
}

class Connection {
  readonly #parts: ConnectionParts;
  readonly #controller = new AbortController();
  readonly #forget: () => void;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #callOff: () => void = () => {};
  /** Nothing was heard for too long. */
  silent = false;
  /** Working on what came, so that what is thrown is the fault of what came. */
  reading = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#forget = parts.closing.on(() => this.#abort());
  }

  async follow(): Promise<Ending> {
    const { fetch, url, credential, lastEventId, onOpen } = this.#parts;
    this.#watch(CONNECT_MS);
    const response = await fetch(url, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${credential}`,
        'cache-control': 'no-store',
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      },
      redirect: 'manual',
      signal: this.#controller.signal,
    });
    if (response.status === 401 || response.status === 403) return { kind: 'refused' };
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !/^text\/event-stream\b/i.test(type) || response.body === null)
      return { kind: 'lost', retryAfterMs: retryAfterMs(response.headers) };
    onOpen();
    this.#reader = response.body.getReader();
    return this.#read(this.#reader);
  }

  end(): void {
    this.#callOff();
    this.#forget();
    this.#abort();
  }

  #abort(): void {
    this.#controller.abort();
    // A stream that does not heed the signal is let go all the same.
    this.#reader?.cancel().catch(() => {});
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Ending> {
    const stream = new EventStream();
    this.#watch(SILENCE_MS);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return this.silent ? DROPPED : LOST;
      this.reading = true;
      const events = stream.push(value);
      if (events.length > 0) this.#watch(SILENCE_MS);
      for (const { name, id, data } of events) {
        const event = readFeedEvent(name, id, data);
        if (event?.kind === 'bye') return { kind: 'bye' };
        if (event !== null && !this.#parts.onEvent(event)) return DROPPED;
      }
      this.reading = false;
    }
  }

  #watch(milliseconds: number): void {
    this.#callOff();
    this.#callOff = later(milliseconds, () => {
      this.silent = true;
      this.#abort();
    });
  }
}

/** RFC 9110 §10.2.3, in seconds only. */
function retryAfterMs(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : 0;
}
