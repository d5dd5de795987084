/** The access token that a client holds: until when it is good by the server's clock, and when it is due to be renewed. */

import type { Clock } from '../system/clock.js';
import type { Tokens } from './renewal.js';
import { ServerClock } from './server-clock.js';
import type { Message } from './storage.js';

/** Before an access token expires it is renewed, at the first use in this last part of its life. */
const RENEW_IN_LAST = 0.2;
const RENEW_AHEAD_MS = 30_000;

/** What the clients on one storage tell each other of it. */
export type News = Extract<Message, { readonly kind: 'renewed' }>;

export class Access {
  readonly #serverClock: ServerClock;
  #held: News | null = null;
  #version = 0;

  constructor(clock: Clock) {
    this.#serverClock = new ServerClock(clock);
  }

  /** Of the tokens that this client holds, or has held; 0 where it has none. */
  get version(): number {
    return this.#version;
  }

  /** What it holds, good or not. */
  get held(): News | null {
    return this.#held;
  }

  /** What it holds, if it is good at this moment. */
  good(): News | null {
    const held = this.#held;
    return held !== null && this.#serverClock.now() < held.accessTokenExpiresAt ? held : null;
  }

  /** Milliseconds until it is due to be renewed; 0 or less where it is. Null where there is none. */
  get dueInMs(): number | null {
    if (this.#held === null) return null;
    const { accessTokenExpiresAt, serverTime } = this.#held;
    const aheadMs = Math.min(RENEW_AHEAD_MS, (accessTokenExpiresAt - serverTime) * RENEW_IN_LAST);
    return accessTokenExpiresAt - aheadMs - this.#serverClock.now();
  }

  /** Milliseconds since it was made; 0 where there is none. */
  get ageMs(): number {
    return this.#held === null ? 0 : this.#serverClock.now() - this.#held.serverTime;
  }

  hold(news: News): void {
    this.#serverClock.set(news.serverTime, news.at);
    this.#held = news;
    this.#version = news.version;
  }

  drop(): void {
    this.#held = null;
    this.#version = 0;
  }

  isNewer({ sessionId, version, serverTime }: News): boolean {
    // Versions are of one session.
    if (this.#held?.sessionId !== sessionId) return true;
    if (version !== this.#version) return version > this.#version;
    return serverTime > this.#held.serverTime;
  }
}

/** `at`: when they came, by the wall clock. */
export function newsOf(tokens: Tokens, sessionId: string, version: number, at: number): News {
  return {
    kind: 'renewed',
    sessionId,
    version,
    accessToken: tokens.accessToken,
    accessTokenExpiresAt: Date.parse(tokens.accessTokenExpiresAt),
    isAllThereIs: tokens.refreshTokenExpiresAt === null,
    serverTime: Date.parse(tokens.serverTime),
    at,
  };
}

/** Whose session a token is of, as it says itself; null for one that says nothing. */
export function sessionOf(accessToken: string | null): string | null {
  try {
    const [, payload = ''] = (accessToken ?? '').split('.');
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));
    const { sid } = claims as { readonly sid?: unknown };
    return typeof sid === 'string' ? sid : null;
  } catch {
    return null;
  }
}
