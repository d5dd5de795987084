/**
 * The server's public keys, as its JWK Set says (RFC 7517). Fetched when first needed, again when the `max-age` of the
 * answer is nearly over, when the feed says that keys have changed, and for an unknown `kid`, so seldom that nobody can
 * make us fetch by sending garbage. One request at a time. What an answer no longer has is dropped with it.
 *
 * Where the keys cannot be fetched, those that are there serve on for as long as the longest token lives: what was
 * signed before the server went away can be checked until it dies. Then nothing is decided.
 */

import type { VerifyingMaterial } from '../entities/key-material.js';
import { boundedFetch } from './bounded-fetch.js';
import type { Closing } from './closing.js';
import { ageOf, type Instant, instantOf, NEVER } from './instant.js';
import { namedKey } from './jwk.js';
import type { VerifierOptions } from './settings.js';

const DEFAULT_TTL_SECONDS = 300;
const MIN_TTL_SECONDS = 10;
const MAX_TTL_SECONDS = 3600;
/** From this part of its life on, an answer is renewed without making anybody wait. */
const AGEING = 0.8;
const UNKNOWN_KID_COOLDOWN_MS = 30_000;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 5_000;
const LIMIT_BYTES = 256 * 1024;
const MAX_KEYS = 64;

interface KnownKey {
  readonly text: string;
  readonly material: VerifyingMaterial;
}

export class KnownKeys {
  readonly #options: VerifierOptions;
  readonly #closing: Closing;
  #keys: ReadonlyMap<string, KnownKey> = new Map();
  #fetchedAt: Instant = NEVER;
  #ttlMs = 0;
  #failedAt: Instant = NEVER;
  #failing = false;
  #unknownAt: Instant = NEVER;
  #fetching: Promise<boolean> | null = null;
  #again = false;

  constructor(options: VerifierOptions, closing: Closing) {
    this.#options = options;
    this.#closing = closing;
  }

  get size(): number {
    return this.#keys.size;
  }

  find(kid: string): VerifyingMaterial | undefined {
    return this.#keys.get(kid)?.material;
  }

  /** Whether the keys may be used. Waits for a request only where they may not be without it. */
  async prepare(): Promise<boolean> {
    const age = ageOf(this.#options.clock, this.#fetchedAt);
    if (age <= this.#ttlMs * AGEING) return true;
    const mayFetch = this.#fetching !== null || this.#mayRetry();
    const usable = age <= this.#ttlMs + this.#options.maxLifetimeMs;
    if (age <= this.#ttlMs || (usable && this.#failing)) {
      if (mayFetch) void this.#fetch();
      return true;
    }
    return (mayFetch && (await this.#fetch())) || usable;
  }

  /**
   * For a `kid` that is not among them. `fetched`: they are new, look again. `cooling`: they were looked up for such a
   * one a moment ago, so there is no such key. `failed`: nobody knows.
   */
  async seekUnknown(): Promise<'fetched' | 'cooling' | 'failed'> {
    const { clock } = this.#options;
    if (this.#fetching !== null) return (await this.#fetching) ? 'fetched' : 'failed';
    if (this.#failing && !this.#mayRetry()) return 'failed';
    if (ageOf(clock, this.#unknownAt) < UNKNOWN_KID_COOLDOWN_MS) return this.#failing ? 'failed' : 'cooling';
    this.#unknownAt = instantOf(clock);
    return (await this.#fetch()) ? 'fetched' : 'failed';
  }

  /** Whoever calls has heard that the keys have changed: a request that is under way may have been too early. */
  renew(): void {
    if (this.#fetching !== null) this.#again = true;
    void this.#fetch();
  }

  #mayRetry(): boolean {
    return ageOf(this.#options.clock, this.#failedAt) >= RETRY_MS;
  }

  #fetch(): Promise<boolean> {
    this.#fetching ??= this.#request().finally(() => {
      this.#fetching = null;
      if (!this.#again) return;
      this.#again = false;
      void this.#fetch();
    });
    return this.#fetching;
  }

  /** Never rejects. */
  async #request(): Promise<boolean> {
    const { clock, fetch, jwksUrl: url, hooks } = this.#options;
    const startedAt = instantOf(clock);
    const answer = await boundedFetch({
      fetch,
      url,
      // A cache on the way may hold what was there before the keys changed.
      init: {
        headers: { accept: 'application/jwk-set+json, application/json', 'cache-control': 'no-cache' },
      },
      timeoutMs: TIMEOUT_MS,
      limitBytes: LIMIT_BYTES,
      closing: this.#closing,
    });
    const keys = answer.kind === 'answered' ? await this.#read(answer.text) : null;
    this.#failing = keys === null;
    if (answer.kind === 'failed' || keys === null) {
      this.#failedAt = instantOf(clock);
      if (!this.#closing.closed) hooks.jwks('failed');
      return false;
    }
    this.#keys = keys;
    this.#fetchedAt = startedAt;
    this.#ttlMs = ttlOf(answer.headers) * 1000;
    hooks.jwks('fetched');
    return true;
  }

  /** Null for what is no JWK Set, or has no key that could be used. */
  async #read(text: string): Promise<ReadonlyMap<string, KnownKey> | null> {
    const keys = new Map<string, KnownKey>();
    for (const value of keysIn(text)) {
      const named = namedKey(value);
      if (named === null || keys.has(named.kid)) continue;
      const known = this.#keys.get(named.kid);
      // The same object for the same key: what it has verified need not be verified again.
      const material = known?.text === named.text ? known.material : await named.material();
      if (material !== null) keys.set(named.kid, { text: named.text, material });
    }
    return keys.size === 0 ? null : keys;
  }
}

function keysIn(text: string): readonly unknown[] {
  try {
    const set = JSON.parse(text) as { readonly keys?: unknown } | null;
    return Array.isArray(set?.keys) ? set.keys.slice(0, MAX_KEYS) : [];
  } catch {
    return [];
  }
}

/** RFC 9111 §5.2.2.1, less what the answer had aged on the way (§5.1); seconds, within bounds. */
function ttlOf(headers: Headers): number {
  const [, given] = /(?:^|[\s,])max-age=(\d{1,9})/.exec(headers.get('cache-control') ?? '') ?? [];
  const maxAge = given === undefined ? DEFAULT_TTL_SECONDS : Number(given);
  const age = Number(/^\d{1,9}$/.exec(headers.get('age') ?? '')?.[0] ?? 0);
  return Math.min(Math.max(maxAge - age, MIN_TTL_SECONDS), MAX_TTL_SECONDS);
}
