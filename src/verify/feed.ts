/**
 * The revocations, followed: keeps a connection to the feed, brings what it tells into the filter, knows how old this
 * knowledge is, and comes back where it was when a connection is gone. Owns no decision about a token.
 *
 * A connection is not kept for ever: two clocks run apart, and its heartbeats count from its beginning by the server's.
 */

import type { RevocationEntry } from '../entities/revocation.js';
import type { FeedEvent } from '../revocation/feed-events.js';
import { RevocationFilter } from '../revocation/filter.js';
import { patientNow } from '../system/clock.js';
import type { Closing } from './closing.js';
import { type Ending, followFeed } from './feed-connection.js';
import { Freshness } from './freshness.js';
import { ageOf, type Instant, instantOf, NEVER } from './instant.js';
import { pause } from './later.js';
import type { RevocationOptions, VerifierOptions } from './settings.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
const REFUSED_WAIT_MS = 15_000;
const LONGEST_CONNECTION_MS = 900_000;
const PRUNE_EVERY_MS = 10_000;
/**
 * An entry's end is told by the server's clock, and a token's by ours: whatever the two differ by, a token dies before its
 * entry does. The margin is for a clock of ours that is set forth and back again.
 */
const PRUNE_MARGIN_MS = 60_000;
const EVENT_ID = /^[\x21-\x7e]{1,200}$/;

/** `refused`: the server does not take the credential. */
type FeedState = 'idle' | 'connecting' | 'connected' | 'refused';

export class Feed {
  readonly filter = new RevocationFilter();
  /**
   * Never forgotten, unlike the rest: whoever has a leaked key can sign at any time, and a copy of the JWK Set that is older
   * than the revocation may be all that can be fetched. There are few in the life of a server.
   */
  readonly revokedKeys = new Set<string>();
  readonly #options: VerifierOptions;
  readonly #revocations: RevocationOptions;
  readonly #closing: Closing;
  readonly #onKeysChanged: () => void;
  readonly #freshness: Freshness;
  readonly #patientNow: () => number;
  #state: FeedState = 'idle';
  #position: string | null = null;
  #sentAt: Instant = NEVER;
  #prunedAt: Instant = NEVER;
  #failures = 0;

  constructor(
    options: VerifierOptions,
    revocations: RevocationOptions,
    closing: Closing,
    onKeysChanged: () => void,
  ) {
    this.#options = options;
    this.#revocations = revocations;
    this.#closing = closing;
    this.#onKeysChanged = onKeysChanged;
    this.#freshness = new Freshness(options.clock);
    this.#patientNow = patientNow(options.clock);
  }

  get state(): FeedState {
    return this.#state;
  }

  stalenessMs(): number {
    return this.#freshness.stalenessMs();
  }

  get isFresh(): boolean {
    return this.stalenessMs() <= this.#revocations.maxStalenessMs;
  }

  /** Begins to follow, once. */
  start(): void {
    if (this.#state === 'idle') void this.#followForEver();
  }

  async #followForEver(): Promise<void> {
    while (!this.#closing.closed) {
      const ending = await this.#followOnce();
      if (this.#closing.closed) break;
      this.#state = ending.kind === 'refused' ? 'refused' : 'connecting';
      if (ending.kind !== 'bye') this.#options.hooks.feed(ending.kind);
      await pause(this.#waitAfter(ending), this.#closing);
      this.#failures += 1;
    }
  }

  #followOnce(): Promise<Ending> {
    const { fetch, clock, hooks } = this.#options;
    const { feedUrl: url, credential } = this.#revocations;
    if (this.#state !== 'refused') this.#state = 'connecting';
    this.#sentAt = instantOf(clock);
    return followFeed({
      fetch,
      url,
      credential,
      lastEventId: this.#position,
      closing: this.#closing,
      onOpen: () => {
        this.#state = 'connected';
        hooks.feed('connected');
      },
      onEvent: (event) => this.#hear(event),
    });
  }

  /** Longer from failure to failure, and never the same for two verifiers that lost the same server. */
  #waitAfter(ending: Ending): number {
    if (ending.kind === 'bye' && this.#failures === 0) return 0;
    const doubled = Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.#failures, 10), LONGEST_WAIT_MS);
    const asked = ending.kind === 'lost' ? Math.min(ending.retryAfterMs, REFUSED_WAIT_MS) : 0;
    const least = ending.kind === 'refused' ? REFUSED_WAIT_MS : asked;
    return Math.max(doubled, least) * (0.5 + 0.5 * this.#options.chance()) + (asked > 0 ? asked / 2 : 0);
  }

  /** False where the connection should be given up. */
  #hear(event: FeedEvent): boolean {
    switch (event.kind) {
      case 'hello':
        // What was heard before stays true; only the place in a feed that knows nothing of it is worthless.
        if (!event.resumed) this.#position = null;
        return true;
      case 'revocation':
        this.#take(event.entry);
        if (event.id !== null && !EVENT_ID.test(event.id)) return false;
        this.#position = event.id ?? this.#position;
        return true;
      case 'fresh':
        return this.#beat(event.freshMs);
      case 'bye':
        return true;
    }
  }

  #take(entry: Pick<RevocationEntry, 'revocation' | 'until'>): void {
    const { revocation } = entry;
    this.filter.apply(entry);
    if (revocation.kind === 'key-revoked') this.revokedKeys.add(revocation.kid);
    if (revocation.kind === 'keys-changed') this.#onKeysChanged();
  }

  #beat(freshMs: number): boolean {
    const { clock, hooks } = this.#options;
    if (!this.#freshness.hear(this.#sentAt, freshMs)) {
      // Clocks were set, and what was forgotten by them is not known: all of it is asked for again.
      this.#position = null;
      return false;
    }
    this.#prune();
    hooks.staleness(this.stalenessMs());
    const age = ageOf(clock, this.#sentAt);
    if (this.isFresh) {
      this.#failures = 0;
      return age < LONGEST_CONNECTION_MS;
    }
    // A node that knows nothing new itself, or clocks that were set: another connection may do better.
    return age < this.#revocations.maxStalenessMs;
  }

  #prune(): void {
    const { clock } = this.#options;
    if (ageOf(clock, this.#prunedAt) < PRUNE_EVERY_MS) return;
    this.#prunedAt = instantOf(clock);
    this.filter.prune(this.#patientNow() - PRUNE_MARGIN_MS);
  }
}
