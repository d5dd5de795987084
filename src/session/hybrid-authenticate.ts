/**
 * Authentication of the hybrid model: signature, claims, and the revocation filter, in this order and without a store.
 * Only when the log has not been read for too long are the session and the key themselves asked; and silence is no yes.
 */

import type { FoundSession } from '../store/ports/sessions.js';
import type { AccessClaims } from '../tokens/access-token.js';
import type { Authentication, SessionModel } from './contract.js';
import { deadBecause } from './judge.js';
import type { HybridParts } from './parts.js';
import { authenticatedBy, verifier } from './verify.js';

export function authenticator(parts: HybridParts): SessionModel['authenticate'] {
  const { sessions, keyStore, revocations, clock, policy } = parts;
  const verify = verifier(parts, true);

  async function askTheStore(claims: AccessClaims, kid: string): Promise<Authentication> {
    let found: FoundSession | null;
    try {
      if (!(await keyStore.inForce(kid))) return { kind: 'refused', because: 'key-revoked' };
      found = await sessions.find(claims.sid);
    } catch {
      return { kind: 'undecided' };
    }
    if (found === null || found.user.id !== claims.sub)
      return { kind: 'refused', because: 'session-unknown' };
    if (claims.epoch !== found.user.epoch) return { kind: 'refused', because: 'epoch-raised' };
    if (deadBecause(found, clock.now(), policy) !== null)
      return { kind: 'refused', because: 'session-ended' };
    return authenticatedBy(claims);
  }

  // The cookie holds a refresh token, which opens no door: only the bearer token counts.
  return async ({ bearer }, certainty) => {
    if (bearer === null) return { kind: 'anonymous' };
    const verification = await verify(bearer);
    if (verification.kind === 'refused') return { kind: 'refused', because: verification.fault };
    const { claims, kid } = verification;
    const { sid: sessionId, sub: userId, epoch = 0 } = claims;
    const by = revocations.revokes({ sessionId, userId, epoch, kid });
    if (by !== null) return { kind: 'refused', because: by };
    const isStale = revocations.stalenessMs() > policy.maxStalenessMs;
    return isStale || certainty === 'by-store' ? askTheStore(claims, kid) : authenticatedBy(claims);
  };
}
