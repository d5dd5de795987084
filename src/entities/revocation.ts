/**
 * Revocation-log entries: what must no longer be accepted. Append-only and short-lived: an entry lives until the last
 * token it can concern has expired.
 */

import type { SessionId, UserId } from './identifier.js';

export type Revocation =
  | { readonly kind: 'session-ended'; readonly sessionId: SessionId }
  /** Tokens of this user with an epoch below `epoch` are dead. */
  | { readonly kind: 'epoch-raised'; readonly userId: UserId; readonly epoch: number }
  | { readonly kind: 'key-revoked'; readonly kid: string }
  /** Not a revocation: tells the other nodes that the key ring has a new revision to load. */
  | { readonly kind: 'keys-changed'; readonly revision: number };

export interface RevocationEntry {
  readonly sequence: number;
  readonly at: number;
  /** After this instant no token it concerns can be alive, and the entry may be forgotten. */
  readonly until: number;
  readonly revocation: Revocation;
}

/**
 * Added to how long a revocation is remembered: that much the clocks of nodes and verifiers may be wrong, in either
 * direction, without its being forgotten while a token lives that it concerns. It also covers tokens of a longer
 * lifetime, of up to so much more, that were given out before the setting was lowered.
 */
export const CLOCK_MARGIN_MS = 600_000;

/** How long the news that the keys have changed stays in the log: nodes read it within seconds, or load the ring at start. */
export const NEWS_LIFETIME_MS = 10 * 60_000;

/** An epoch above every other: a deleted user's tokens are all of the past. */
export const LAST_EPOCH = 2 ** 31 - 1;

/** What an access token says that a revocation can concern. */
export interface AccessCredential {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly epoch: number;
  readonly kid: string;
}

export type RevokedBy = Exclude<Revocation['kind'], 'keys-changed'>;
