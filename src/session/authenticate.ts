/**
 * Authentication of the hybrid model: signature, claims, and the revocation filter, in this order and without a store.
 * Only when the log has not been read for too long is the session itself asked; and silence is no yes.
 */

import type { FoundSession } from '../store/ports/sessions.js';
import { type AccessClaims, verifyAccessToken } from '../tokens/access-token.js';
import type { Authentication, SessionModel } from './contract.js';
import type { HybridParts } from './hybrid-parts.js';
import { rolesOf } from './issue.js';
import { deadBecause } from './judge.js';

export function authenticator(parts: HybridParts): SessionModel['authenticate'] {
  const { sessions, revocations, clock, keys, policy } = parts;

  async function askTheStore(claims: AccessClaims): Promise<Authentication> {
    let found: FoundSession | null;
    try {
      found = await sessions.find(claims.sid);
    } catch {
      return { kind: 'undecided' };
    }
    if (found === null || found.user.id !== claims.sub)
      return { kind: 'refused', because: 'session-unknown' };
    if (claims.epoch !== found.user.epoch) return { kind: 'refused', because: 'epoch-raised' };
    if (deadBecause(found, clock.now(), policy) !== null)
      return { kind: 'refused', because: 'session-ended' };
    return authenticated(claims);
  }

  return async (accessToken) => {
    const verification = await verifyAccessToken(accessToken, {
      issuer: policy.issuer,
      audience: policy.audience,
      now: clock.now(),
      skewMs: policy.skewMs,
      expiryLeewayMs: 0,
      maxLifetimeMs: policy.accessTtlMs,
      findKey: (kid) => keys.verifier(kid),
    });
    if (verification.kind === 'refused') return { kind: 'refused', because: verification.fault };
    const { claims, kid } = verification;
    const by = revocations.revokes({ sessionId: claims.sid, userId: claims.sub, epoch: claims.epoch, kid });
    if (by !== null) return { kind: 'refused', because: by };
    return revocations.stalenessMs() > policy.maxStalenessMs ? askTheStore(claims) : authenticated(claims);
  };
}

function authenticated(claims: AccessClaims): Authentication {
  const scopes = claims.scope.split(' ');
  return {
    kind: 'authenticated',
    userId: claims.sub,
    sessionId: claims.sid,
    roles: rolesOf(scopes),
    scopes,
    authenticatedAt: claims.auth_time * 1000,
    expiresAt: claims.exp * 1000,
  };
}
