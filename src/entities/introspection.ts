/** What a verifier is told of a token (RFC 7662 §2.2); instants in milliseconds. */

import type { SessionId, UserId } from './identifier.js';

export interface ActiveToken {
  readonly kind: 'active';
  readonly use: 'access' | 'refresh';
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  /** When the user last proved who they are. */
  readonly authenticatedAt: number;
  /** Null where it is not known. */
  readonly issuedAt: number | null;
  /** Null for a token that has no name of its own. */
  readonly tokenId: string | null;
}

/** Nothing more is said of a token that is not good: not even whether there ever was one. */
export type Introspection = ActiveToken | { readonly kind: 'inactive' };
