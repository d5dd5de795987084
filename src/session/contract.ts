/**
 * The contract of a session model: who may say that a credential is good. One file per model implements it
 * (`stateful.ts`, `stateless.ts`, `hybrid.ts`); the differences between models are data (`guarantees.ts`). Called by
 * `account/` and `graphql/`; knows nothing of either.
 */

import type { AuditEvent } from '../entities/audit.js';
import type { SessionId, UserId } from '../entities/identifier.js';
import type { RevokedBy } from '../entities/revocation.js';
import type { ClientDescription, Delivery, EndReason, Session } from '../entities/session.js';
import type { ModelName } from '../entities/session-model.js';
import type { Role, User } from '../entities/user.js';
import type { EndedAll } from '../store/ports/sessions.js';
import type { TokenFault } from '../tokens/access-token.js';
import type { TokenMark } from '../tokens/token-id.js';
import type { Guarantees } from './guarantees.js';
import type { Verdict } from './judge.js';

/** Credentials as they arrived with a request, unproven. Which of them counts is the model's to say. */
export interface PresentedCredentials {
  /** Of the `Authorization` header. Empty for a header that holds no bearer token, which no model accepts. */
  readonly bearer: string | null;
  /** The value of the `__Host-` cookie. */
  readonly cookie: string | null;
}

export const NOTHING_PRESENTED: PresentedCredentials = { bearer: null, cookie: null };

export interface IssuedTokens {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: number;
  /** Null in models that have none; then the access token is what a browser keeps in its cookie. */
  readonly refreshToken: string | null;
  readonly refreshTokenExpiresAt: number | null;
  /** Until when a browser should keep its cookie. */
  readonly cookieExpiresAt: number;
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
  /** What its access token says of itself, where it is a JWT. */
  readonly token?: TokenMark;
}

export type Refusal = TokenFault | RevokedBy | 'session-unknown';

export type Authentication =
  | Authenticated
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly because: Refusal }
  /** Neither the log nor the store can be asked: try again later; nothing is known against the credential. */
  | { readonly kind: 'undecided' };

export interface Renewal {
  /** What the client names as the credential to renew: it counts before what came in headers. */
  readonly refreshToken: string | null;
  readonly presented: PresentedCredentials;
  readonly idempotencyKey: string | null;
  readonly ipAddress: string | null;
}

export type Renewed =
  | {
      readonly kind: 'renewed';
      readonly verdict: 'rotate' | 'replay';
      readonly session: Session;
      readonly tokens: IssuedTokens;
    }
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

/** The model cannot do it, whatever the arguments. `why` is for the user. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly why: string;
}

export type EndedOne =
  | { readonly kind: 'ended'; readonly session: Session }
  | { readonly kind: 'not-found' }
  | Unsupported;

export interface SessionModel {
  readonly name: ModelName;
  readonly guarantees: Guarantees;
  /** The longest life of an access token; milliseconds. */
  readonly accessTtlMs: number;
  /** How long a session lives without being renewed; milliseconds. */
  readonly idleTtlMs: number;
  /** Null when the user was suspended, deleted, or logged out everywhere since `user` was read. */
  begin(user: User, beginning: Beginning): Promise<SignedIn | null>;
  /** `by-store`: asks the store, too, however fresh the log is: for an answer that somebody else will rest on. */
  authenticate(presented: PresentedCredentials, certainty?: 'by-store'): Promise<Authentication>;
  renew(renewal: Renewal): Promise<Renewed>;
  /** The live session that a cookie or a refresh token belongs to, without using it up; null if it proves none. */
  identify(cookie: string): Promise<IdentifiedSession | null>;
  end(ending: EndOne): Promise<EndedOne>;
  endAll(
    userId: UserId,
    survivor: SessionId | null,
    audit: AuditEvent,
  ): Promise<EndedAll | { kind: 'not-found' } | Unsupported>;
  /**
   * Tokens for a session that goes on in a new epoch; null where what its client holds goes on being good. `token` is
   * what the caller proved to be its client by: for one that this server did not write there is nothing.
   */
  reissue(user: User, session: Session, token: TokenMark | undefined): Promise<IssuedTokens | null>;
  /** The session as the store keeps it, for a change to rest on; null in a model that keeps none. */
  storedSession(sessionId: SessionId): SessionId | null;
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
  /** Whether `renew` would give tokens for it now, to a client that sends no idempotency key. */
  readonly renewable: boolean;
}

/** Told of each verdict, for metrics and logs. */
export interface VerdictObserver {
  verdict(kind: Verdict['kind'], because: string | null): void;
}
