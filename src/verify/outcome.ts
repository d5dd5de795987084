/** What a verifier says of a token. A closed union: expected outcomes are values, and nothing is thrown. */

/** The claims of an access token (RFC 9068 §2.2). Times are whole seconds since the epoch. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly sid: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** Missing in tokens of the stateless model. */
  readonly epoch?: number;
  /** Separated by spaces (RFC 6749 §3.3). */
  readonly scope: string;
  readonly auth_time: number;
}

export type Role = 'USER' | 'OPERATOR';

/** Good: of this issuer, for this audience, alive, and not known to be revoked. */
export interface Verified {
  readonly kind: 'verified';
  readonly userId: string;
  readonly sessionId: string;
  /** Those of the token; where the server had to be asked, those of them that it still grants. */
  readonly scopes: readonly string[];
  /** The server's roles, which travel as the scopes `user` and `operator`. */
  readonly roles: readonly Role[];
  /** Milliseconds since the epoch. */
  readonly authenticatedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly claims: Claims;
}

/**
 * Bad, and asking again does not help. From `bad-claims` on, the signature was good. `inactive` is what the server said
 * when it was asked (RFC 7662 §2.2), without a reason.
 */
export type RefusedBecause =
  | 'malformed'
  | 'refresh-token'
  | 'wrong-type'
  | 'unknown-key'
  | 'wrong-algorithm'
  | 'bad-signature'
  | 'bad-claims'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'not-yet-valid'
  | 'lives-too-long'
  | 'expired'
  | 'session-ended'
  | 'epoch-raised'
  | 'key-revoked'
  | 'inactive';

export interface Refused {
  readonly kind: 'refused';
  readonly because: RefusedBecause;
}

/**
 * - `keys-unavailable`: there are no keys, or none that are young enough.
 * - `revocations-stale`: what is known of revocations is too old, and the owner chose to refuse then.
 * - `introspection-unreachable`: it is too old, and the server could not be asked.
 * - `credential-refused`: it is too old, and the server does not know the credential: it was withdrawn, or is another's.
 * - `closed`: the verifier has been closed.
 */
export type UndecidedBecause =
  | 'keys-unavailable'
  | 'revocations-stale'
  | 'introspection-unreachable'
  | 'credential-refused'
  | 'closed';

/** Neither: let nobody in, and say to try again. Answer 503, never 401: the client's token may be good. */
export interface Undecided {
  readonly kind: 'undecided';
  readonly because: UndecidedBecause;
  /** Seconds. */
  readonly retryAfter: number;
}

export type Outcome = Verified | Refused | Undecided;

export function refused(because: RefusedBecause): Refused {
  return { kind: 'refused', because };
}

const RETRY_AFTER_SECONDS = 1;

export function undecided(because: UndecidedBecause): Undecided {
  return { kind: 'undecided', because, retryAfter: RETRY_AFTER_SECONDS };
}

const known = new WeakMap<Claims, Verified>();

/** Worked out once for a token that is remembered. */
export function verified(claims: Claims): Verified {
  const before = known.get(claims);
  if (before !== undefined) return before;
  const made = withScopes(claims, claims.scope.split(' '));
  known.set(claims, made);
  return made;
}

export function withScopes(claims: Claims, scopes: readonly string[]): Verified {
  return Object.freeze({
    kind: 'verified' as const,
    userId: claims.sub,
    sessionId: claims.sid,
    scopes: Object.freeze([...scopes]),
    roles: Object.freeze(scopes.flatMap(roleOf)),
    authenticatedAt: claims.auth_time * 1000,
    expiresAt: claims.exp * 1000,
    claims: Object.freeze(claims),
  });
}

function roleOf(scope: string): Role[] {
  if (scope === 'user') return ['USER'];
  return scope === 'operator' ? ['OPERATOR'] : [];
}
