/**
 * One reader of the revocation feed, at the other end of one response that does not end: writes events, and lets go of
 * a reader that does not take them. It holds no copies: what waits in the socket are bytes that all readers share.
 */

import type { ServerResponse } from 'node:http';
import type { VerifierId } from '../entities/identifier.js';
import type { Following, RevocationFeed } from '../revocation/feed.js';
import { writeFeedEvent } from '../revocation/feed-events.js';
import { cutOffLater } from './server-sent-events.js';

export interface Reader {
  readonly verifierId: VerifierId;
  readonly response: ServerResponse;
  /** By the monotonic clock: when its request was taken up, and when it is to be sent away. */
  readonly acceptedAt: number;
  readonly endsAt: number;
  readonly bufferBytes: number;
}

export class FeedConnection {
  readonly reader: Reader;
  readonly #feed: RevocationFeed;
  readonly #following: Following;
  #allowance: number;
  #over = false;

  /** Sends all that the reader lacks, and from then on whatever comes. The head of the response has been written. */
  constructor(feed: RevocationFeed, reader: Reader, lastEventId: string | null) {
    this.#feed = feed;
    this.reader = reader;
    this.#following = feed.follow(lastEventId, (bytes) => this.#write(bytes));
    const { resumed, catchUp } = this.#following;
    const { response, bufferBytes } = reader;
    // What it catches up with may take its time; only once that is through is it held to the limit.
    this.#allowance = bufferBytes + catchUp.reduce((sum, { length }) => sum + length, 0);
    response.on('drain', () => {
      this.#allowance = bufferBytes;
    });
    response.on('close', () => this.#stop('gone'));
    this.#write(writeFeedEvent({ kind: 'hello', resumed }));
    for (const bytes of catchUp) this.#write(bytes);
    this.beat();
  }

  /** Says how fresh the reader's knowledge is now. */
  beat(): void {
    const freshMs = this.#feed.freshMs(this.reader.acceptedAt);
    if (freshMs !== null) this.#write(writeFeedEvent({ kind: 'fresh', freshMs }));
  }

  /** Asks the reader to connect again. */
  sayBye(): void {
    this.#end(writeFeedEvent({ kind: 'bye' }));
  }

  /** For one that may not come back. */
  cutOff(): void {
    this.#end('');
  }

  #write(bytes: Uint8Array | string): void {
    if (this.#over) return;
    const { response } = this.reader;
    // A reader that has taken everything so far is not too slow for a piece that is large.
    if (response.writableLength === 0)
      this.#allowance = Math.max(this.#allowance, this.reader.bufferBytes + bytes.length);
    if (bytes.length > 0) response.write(bytes);
    if (response.writableLength <= this.#allowance) return;
    this.#stop('too-slow');
    response.destroy();
  }

  #end(lastWords: string): void {
    if (this.#over) return;
    this.#stop('gone');
    const { response } = this.reader;
    response.end(lastWords);
    cutOffLater(response);
  }

  #stop(because: 'gone' | 'too-slow'): void {
    this.#over = true;
    this.#following.stop(because);
  }
}
