/**
 * The stateless model: a JWT and nothing else. Nothing is kept of a session, so nothing can be ended: logging out is the
 * client's forgetting. A token that is still good buys another, until the absolute lifetime since the login is over;
 * whoever holds a copy can do the same. Only the signing key can be revoked, and then everybody signs in again.
 */

import { identifierFromBytes, type SessionId } from '../entities/identifier.js';
import { LAST_EPOCH } from '../entities/revocation.js';
import type { Delivery, Session } from '../entities/session.js';
import { Unavailable } from '../entities/unavailable.js';
import type { Role } from '../entities/user.js';
import type { AccessClaims, Verification } from '../tokens/access-token.js';
import type { IssuedTokens, SessionModel, Unsupported } from './contract.js';
import { GUARANTEES } from './guarantees.js';
import { issueAccessToken, newSession } from './issue.js';
import { rememberUntil, type StatelessParts } from './parts.js';
import { authenticatedBy, verifier } from './verify.js';

const UNSUPPORTED: Unsupported = {
  kind: 'unsupported',
  why: 'This server keeps no sessions, so it cannot end one: each access token is good until it expires. A device is logged out when it forgets its token.',
};

const NO_SALT = new Uint8Array(16);

export function statelessModel(parts: StatelessParts): SessionModel {
  const { clock, randomness, policy, users, audit, keyStore, revocations, observer } = parts;
  const verifySignature = verifier(parts, false);

  /** Rejects with `Unavailable` where neither the log nor the store can say whether the key still counts. */
  async function verify(token: string, certainty?: 'by-store'): Promise<Verification> {
    const verification = await verifySignature(token);
    if (verification.kind === 'refused') return verification;
    const { claims, kid } = verification;
    // The key ring forgets a revoked key, too; but a ring that cannot be read anew must not keep it alive.
    const { sid: sessionId, sub: userId } = claims;
    const by = revocations.revokes({ sessionId, userId, epoch: LAST_EPOCH, kid });
    const asks = certainty === 'by-store' || revocations.stalenessMs() > policy.maxStalenessMs;
    const revoked = by === 'key-revoked' || (asks && !(await keyStore.inForce(kid)));
    return revoked ? { kind: 'refused', fault: 'unknown-key' } : verification;
  }

  async function issue(roles: readonly Role[], session: Session): Promise<IssuedTokens> {
    const issued = await issueAccessToken(parts, roles, session, {
      tokenId: () => identifierFromBytes(randomness.bytes(16)),
      epoch: null,
    });
    return {
      ...issued,
      refreshToken: null,
      refreshTokenExpiresAt: null,
      cookieExpiresAt: issued.accessTokenExpiresAt,
    };
  }

  /** What can be said of the session from the token alone. */
  function sessionIn(claims: AccessClaims, delivery: Delivery): Session {
    const user = { id: claims.sub, epoch: 0 };
    const client = { deviceName: null, clientLabel: null, ipAddress: null };
    const session = newSession(parts, { id: claims.sid, salt: NO_SALT }, user, { delivery, client });
    const createdAt = claims.auth_time * 1000;
    return { ...session, createdAt, expiresAt: createdAt + policy.absoluteTtlMs };
  }

  return {
    name: 'stateless',
    guarantees: GUARANTEES.stateless,
    accessTtlMs: policy.accessTtlMs,
    idleTtlMs: policy.accessTtlMs,
    begin: async (user, beginning) => {
      const id = identifierFromBytes<SessionId>(randomness.bytes(16));
      const now = await users.find(user.id);
      if (now?.epoch !== user.epoch || now.standing.kind !== 'active') return null;
      const session = newSession(parts, { id, salt: NO_SALT }, user, beginning);
      await audit.append({ ...beginning.audit, sessionId: session.id });
      return { user, session, tokens: await issue(user.roles, session) };
    },
    authenticate: async ({ bearer, cookie }, certainty) => {
      const token = bearer ?? cookie;
      if (token === null) return { kind: 'anonymous' };
      try {
        const verification = await verify(token, certainty);
        return verification.kind === 'refused'
          ? { kind: 'refused', because: verification.fault }
          : authenticatedBy(verification.claims);
      } catch (fault) {
        if (fault instanceof Unavailable) return { kind: 'undecided' };
        throw fault;
      }
    },
    renew: async ({ refreshToken, presented }) => {
      const byHand = refreshToken ?? presented.bearer;
      const verification = await verify(byHand ?? presented.cookie ?? '');
      if (verification.kind === 'refused')
        return refused(verification.fault === 'expired' ? 'ended' : 'invalid');
      const { claims } = verification;
      const session = sessionIn(claims, byHand === null ? 'cookie' : 'body');
      if (session.expiresAt <= clock.now()) return refused('ended');
      observer.verdict('rotate', null);
      const tokens = await issue(authenticatedBy(claims).roles, session);
      return { kind: 'renewed', verdict: 'rotate', session, tokens };
    },
    identify: async () => null,
    end: async () => UNSUPPORTED,
    endAll: async () => UNSUPPORTED,
    reissue: async () => null,
    storedSession: () => null,
    // Until then, a token that was not forgotten can be renewed.
    accessTokensDeadBy: () => clock.now() + policy.absoluteTtlMs,
    rememberUntil: () => rememberUntil(clock, policy),
  };

  function refused(kind: 'invalid' | 'ended') {
    observer.verdict(kind, null);
    return { kind };
  }
}
