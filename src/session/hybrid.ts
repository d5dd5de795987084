/**
 * The hybrid model: authenticate like the stateless one, but for what the revocation filter knows (`hybrid-authenticate.ts`);
 * renew like the stateful one, by a row that is compared and swapped (`hybrid-renew.ts`). Every way a session ends goes
 * through the store's one door, which writes its revocation-log row beside it.
 */

import { identifierFromBytes, type SessionId } from '../entities/identifier.js';
import { diesAt, type Session } from '../entities/session.js';
import type { User } from '../entities/user.js';
import { readRefreshToken, writeRefreshToken } from '../tokens/refresh-token.js';
import { isOwnTokenId, NONCE_BYTES, writeTokenId } from '../tokens/token-id.js';
import type { IssuedTokens, SessionModel } from './contract.js';
import { storedEndings } from './endings.js';
import { GUARANTEES } from './guarantees.js';
import { authenticator } from './hybrid-authenticate.js';
import { presentedBy, renewer } from './hybrid-renew.js';
import { issueAccessToken, newSession } from './issue.js';
import { type Judge, judge } from './judge.js';
import type { HybridParts } from './parts.js';

/** `verdictOn` is replaced only by tests that show what a wrong judge would do. */
export function hybridModel(parts: HybridParts, verdictOn?: Judge): SessionModel {
  const { sessions, clock, randomness, policy, keys } = parts;
  const endings = storedEndings(parts);
  const issue = (user: User, session: Session) => issueTokens(parts, user, session);

  return {
    name: 'hybrid',
    guarantees: GUARANTEES.hybrid,
    accessTtlMs: policy.accessTtlMs,
    idleTtlMs: policy.idleTtlMs,
    begin: async (user, beginning) => {
      const id = identifierFromBytes<SessionId>(randomness.bytes(16));
      const session = newSession(parts, { id, salt: randomness.bytes(16) }, user, beginning);
      const begun = await sessions.begin(session, { ...beginning.audit, sessionId: session.id });
      return begun.kind === 'stale' ? null : { user, session, tokens: await issue(user, session) };
    },
    authenticate: authenticator(parts),
    renew: renewer(parts, { end: endings.end, issue, verdictOn }),
    identify: async (cookie) => {
      const token = readRefreshToken(cookie);
      const found = token === null ? null : await sessions.find(token.sessionId);
      const presented = presentedBy(parts, token, found, null);
      const now = clock.now();
      const verdict = judge(found, presented, now, policy);
      if (found === null || presented.kind === 'malformed') return null;
      if (verdict.kind === 'invalid' || verdict.kind === 'ended') return null;
      const { generation, lastSeenAt } = found.session;
      const inGrace = presented.generation === generation - 1 && now - lastSeenAt <= policy.graceMs;
      const current = presented.generation >= generation || inGrace;
      return { ...found, current, renewable: verdict.kind !== 'reuse' };
    },
    ...endings,
    // Whoever forged an access token with a stolen signing key must not get what outlives the key for it.
    reissue: async (user, session, mark) =>
      mark !== undefined && isOwnTokenId(keys.currentSecret(), session, mark) ? issue(user, session) : null,
    accessTokensDeadBy: () => clock.now() + policy.maxStalenessMs,
  };
}

async function issueTokens(parts: HybridParts, user: User, session: Session): Promise<IssuedTokens> {
  const { keys, policy, randomness } = parts;
  const tokenId = (issuedAt: number) =>
    writeTokenId(keys.currentSecret(), session, issuedAt, randomness.bytes(NONCE_BYTES));
  const refreshTokenExpiresAt = diesAt(session, policy.idleTtlMs);
  return {
    ...(await issueAccessToken(parts, user.roles, session, { tokenId, epoch: session.epoch })),
    refreshToken: writeRefreshToken(keys.currentSecret(), session.salt, session.id, session.generation),
    refreshTokenExpiresAt,
    cookieExpiresAt: refreshTokenExpiresAt,
  };
}
