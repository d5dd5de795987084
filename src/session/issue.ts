/**
 * Issuing tokens for a session: the claims of RFC 9068 §2.2 and the refresh token of a generation. Never extends
 * anything: an access token ends no later than its session's absolute expiry.
 */

import { identifierFromBytes } from '../entities/identifier.js';
import { diesAt, type Session } from '../entities/session.js';
import type { Role, User } from '../entities/user.js';
import type { KeyRing } from '../keys/ring.js';
import type { Clock } from '../system/clock.js';
import type { Randomness } from '../system/randomness.js';
import { type AccessClaims, signAccessToken } from '../tokens/access-token.js';
import { writeRefreshToken } from '../tokens/refresh-token.js';
import type { IssuedTokens } from './contract.js';

export interface IssuePolicy {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly accessTtlMs: number;
  readonly idleTtlMs: number;
}

export interface Issuer {
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly policy: IssuePolicy;
}

/** Lifetimes are shortened by up to this part, so that clients that signed in together do not refresh together. */
const JITTER = 0.05;

export async function issueTokens(issuer: Issuer, user: User, session: Session): Promise<IssuedTokens> {
  const claims = claimsFor(issuer, user, session);
  const { keys, policy } = issuer;
  return {
    accessToken: await signAccessToken(claims, keys.signer()),
    accessTokenExpiresAt: claims.exp * 1000,
    refreshToken: writeRefreshToken(keys.currentSecret(), session.salt, session.id, session.generation),
    refreshTokenExpiresAt: diesAt(session, policy.idleTtlMs),
  };
}

function claimsFor({ clock, randomness, policy }: Issuer, user: User, session: Session): AccessClaims {
  const now = clock.now();
  const iat = Math.floor(now / 1000);
  const draw = Buffer.from(randomness.bytes(2)).readUInt16BE() / 0xffff;
  const lifetime = Math.max(1, Math.floor((policy.accessTtlMs / 1000) * (1 - JITTER * draw)));
  return {
    iss: policy.issuer,
    aud: policy.audience,
    sub: user.id,
    sid: session.id,
    client_id: policy.clientId,
    iat,
    exp: Math.min(iat + lifetime, Math.floor(session.expiresAt / 1000)),
    jti: identifierFromBytes(randomness.bytes(16)),
    epoch: session.epoch,
    scope: scopeOf(user.roles),
    auth_time: Math.floor(session.createdAt / 1000),
  };
}

/** Roles travel as scopes, in lower case: `user`, `user operator`. */
function scopeOf(roles: readonly Role[]): string {
  return roles.map((role) => role.toLowerCase()).join(' ');
}

export function rolesOf(scopes: readonly string[]): Role[] {
  return scopes.flatMap((scope) =>
    scope === 'user' ? ['USER' as const] : scope === 'operator' ? ['OPERATOR' as const] : [],
  );
}
