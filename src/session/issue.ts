/**
 * Beginning sessions and issuing access tokens: the claims of RFC 9068 §2.2. Never extends anything: an access token
 * ends no later than its session's absolute expiry.
 */

import type { SessionId } from '../entities/identifier.js';
import type { Session } from '../entities/session.js';
import type { Role, User } from '../entities/user.js';
import type { KeyRing } from '../keys/ring.js';
import type { Clock } from '../system/clock.js';
import type { Randomness } from '../system/randomness.js';
import { type AccessClaims, signAccessToken } from '../tokens/access-token.js';
import type { Beginning } from './contract.js';

export interface IssuePolicy {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly accessTtlMs: number;
  readonly idleTtlMs: number;
  readonly absoluteTtlMs: number;
}

export interface Issuer {
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly policy: IssuePolicy;
}

/** What makes one session's row differ from every other's. */
export interface SessionSeed {
  readonly id: SessionId;
  readonly salt: Uint8Array;
}

/** Lifetimes are shortened by up to this part, so that clients that signed in together do not refresh together. */
const JITTER = 0.05;

export function newSession(
  { clock, policy }: Pick<Issuer, 'clock' | 'policy'>,
  { id, salt }: SessionSeed,
  user: Pick<User, 'id' | 'epoch'>,
  { delivery, client }: Pick<Beginning, 'delivery' | 'client'>,
): Session {
  const now = clock.now();
  return {
    id,
    userId: user.id,
    epoch: user.epoch,
    generation: 0,
    salt,
    delivery,
    client,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + policy.absoluteTtlMs,
    rotationKeyHash: null,
    keyed: false,
    life: { kind: 'live' },
  };
}

/** The claims that each model makes in its own way. */
export interface OwnClaims {
  /** `jti` of a token that is issued at this time; seconds. */
  tokenId(issuedAt: number): string;
  /** Null in a model that cannot check it. */
  readonly epoch: number | null;
}

export async function issueAccessToken(
  issuer: Issuer,
  roles: readonly Role[],
  session: Session,
  own: OwnClaims,
): Promise<{ readonly accessToken: string; readonly accessTokenExpiresAt: number }> {
  const claims = claimsFor(issuer, roles, session, own);
  return {
    accessToken: await signAccessToken(claims, issuer.keys.signer()),
    accessTokenExpiresAt: claims.exp * 1000,
  };
}

function claimsFor(
  { clock, randomness, policy }: Issuer,
  roles: readonly Role[],
  session: Session,
  { tokenId, epoch }: OwnClaims,
): AccessClaims {
  const iat = Math.floor(clock.now() / 1000);
  const draw = Buffer.from(randomness.bytes(2)).readUInt16BE() / 0xffff;
  const lifetime = Math.max(1, Math.floor((policy.accessTtlMs / 1000) * (1 - JITTER * draw)));
  return {
    iss: policy.issuer,
    aud: policy.audience,
    sub: session.userId,
    sid: session.id,
    client_id: policy.clientId,
    iat,
    exp: Math.min(iat + lifetime, Math.floor(session.expiresAt / 1000)),
    jti: tokenId(iat),
    ...(epoch === null ? {} : { epoch }),
    scope: scopesOf(roles).join(' '),
    auth_time: Math.floor(session.createdAt / 1000),
  };
}

/** Roles travel as scopes, in lower case: `user`, `user operator`. */
export function scopesOf(roles: readonly Role[]): string[] {
  return roles.map((role) => role.toLowerCase());
}

export function rolesOf(scopes: readonly string[]): Role[] {
  return scopes.flatMap((scope) =>
    scope === 'user' ? ['USER' as const] : scope === 'operator' ? ['OPERATOR' as const] : [],
  );
}
