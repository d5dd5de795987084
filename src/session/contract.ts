/**
 * The contract of a session model: who may say that a credential is good. `hybrid.ts` implements it; the differences
 * between models are data (`guarantees`). Called by `account/` and `graphql/`; knows nothing of either.
 */

import type { AuditEvent } from '../entities/audit.js';
import type { SessionId, UserId } from '../entities/identifier.js';
import type { RevokedBy } from '../entities/revocation.js';
import type { ClientDescription, Delivery, EndReason, Session } from '../entities/session.js';
import type { Role, User } from '../entities/user.js';
import type { EndedAll } from '../store/ports/sessions.js';
import type { TokenFault } from '../tokens/access-token.js';
import type { Verdict } from './judge.js';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: number;
  /** Null in models that have none. */
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: number | null;
}

export interface SignedIn {
  readonly user: User;
  readonly session: Session;
  readonly tokens: IssuedTokens;
}

export interface Beginning {
  readonly delivery: Delivery;
  readonly client: ClientDescription;
  readonly audit: AuditEvent;
}

/** Who calls, as far as the credential proves it. */
export interface Authenticated {
  readonly kind: 'authenticated';
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly roles: readonly Role[];
  readonly scopes: readonly string[];
  /** When the user last proved who they are. */
  readonly authenticatedAt: number;
  readonly expiresAt: number;
}

export type Refusal = TokenFault | RevokedBy | 'session-unknown';

export type Authentication =
  | Authenticated
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly because: Refusal }
  /** Neither the log nor the store can be asked: try again later; nothing is known against the credential. */
  | { readonly kind: 'undecided' };

/** A renewable credential as it arrived. */
export interface Renewal {
  readonly refreshToken: string;
  readonly idempotencyKey: string | null;
  readonly ipAddress: string | null;
}

export type Renewed =
  | ({ readonly kind: 'renewed'; readonly verdict: 'rotate' | 'replay' } & SignedIn)
  | { readonly kind: 'invalid' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'reused'; readonly session: Session }
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number };

export interface EndOne {
  readonly sessionId: SessionId;
  readonly ownerId: UserId | null;
  readonly reason: EndReason;
  readonly audit: AuditEvent;
}

export interface Guarantees {
  readonly storeReadsPerRequest: number;
  readonly storeWritesPerRenewal: number;
  readonly revocationFelt: 'next request' | 'within maxStaleness' | 'not before expiry';
  readonly leakedSigningKeyCosts: string;
  readonly leakedDatabaseCosts: string;
  readonly serverCanReachClient: boolean;
}

export interface SessionModel {
  readonly name: 'hybrid';
  readonly guarantees: Guarantees;
  /** Null when the user was suspended, deleted, or logged out everywhere since `user` was read. */
  begin(user: User, beginning: Beginning): Promise<SignedIn | null>;
  authenticate(accessToken: string): Promise<Authentication>;
  renew(renewal: Renewal): Promise<Renewed>;
  /** The live session a renewable credential belongs to, without using it up; null if it proves none. */
  identify(refreshToken: string): Promise<IdentifiedSession | null>;
  end(ending: EndOne): Promise<{ kind: 'ended'; session: Session } | { kind: 'not-found' }>;
  endAll(
    userId: UserId,
    survivor: SessionId | null,
    audit: AuditEvent,
  ): Promise<EndedAll | { kind: 'not-found' }>;
  /** Tokens of the present generation of a session that goes on in a new epoch. */
  reissue(user: User, session: Session): Promise<IssuedTokens>;
  /** When an access token issued before now, by any node, is certainly refused by all: the honest residual. */
  accessTokensDeadBy(): number;
  /** Until when a revocation made now must be remembered. */
  rememberUntil(): number;
}

export interface IdentifiedSession {
  readonly user: User;
  readonly session: Session;
  /** Whether the token is the present one, or may still be taken for it; a used-up one proves less. */
  readonly current: boolean;
}

/** Told of each verdict, for metrics and logs. */
export interface VerdictObserver {
  verdict(kind: Verdict['kind'], because: string | null): void;
}
