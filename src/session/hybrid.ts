/**
 * The hybrid model: authenticate like the stateless one (`authenticate.ts`), renew like the stateful one (`renew.ts`).
 * Every way a session ends goes through the store's one door, which writes its revocation-log row beside it.
 */

import { identifierFromBytes, type SessionId } from '../entities/identifier.js';
import type { Session } from '../entities/session.js';
import type { User } from '../entities/user.js';
import { readRefreshToken } from '../tokens/refresh-token.js';
import { authenticator } from './authenticate.js';
import type { Beginning, SessionModel } from './contract.js';
import type { HybridParts } from './hybrid-parts.js';
import { issueTokens } from './issue.js';
import { deadBecause, type Judge } from './judge.js';
import { presentedBy, renewer } from './renew.js';

/** `verdictOn` is replaced only by tests that show what a wrong judge would do. */
export function hybridModel(parts: HybridParts, verdictOn?: Judge): SessionModel {
  const { sessions, clock, policy } = parts;
  const rememberUntil = () => clock.now() + policy.accessTtlMs + policy.skewMs;
  const end: SessionModel['end'] = (ending) =>
    sessions.end({ ...ending, at: clock.now(), until: rememberUntil() });

  return {
    name: 'hybrid',
    guarantees: {
      storeReadsPerRequest: 0,
      storeWritesPerRenewal: 1,
      revocationFelt: 'within maxStaleness',
      leakedSigningKeyCosts: 'forged access tokens until the key is revoked; no session and no refresh token',
      leakedDatabaseCosts: 'no credential: refresh tokens need the server secret, which is sealed',
      serverCanReachClient: true,
    },
    begin: async (user, beginning) => {
      const session = newSession(parts, user, beginning);
      const begun = await sessions.begin(session, { ...beginning.audit, sessionId: session.id });
      return begun.kind === 'stale'
        ? null
        : { user, session, tokens: await issueTokens(parts, user, session) };
    },
    authenticate: authenticator(parts),
    renew: renewer(parts, end, verdictOn),
    identify: async (refreshToken) => {
      const token = readRefreshToken(refreshToken);
      const found = token === null ? null : await sessions.find(token.sessionId);
      const presented = presentedBy(parts, token, found, null);
      if (found === null || presented.kind === 'malformed' || !presented.genuine) return null;
      const now = clock.now();
      if (deadBecause(found, now, policy) !== null) return null;
      const { generation, lastSeenAt } = found.session;
      const inGrace = presented.generation === generation - 1 && now - lastSeenAt <= policy.graceMs;
      return { ...found, current: presented.generation >= generation || inGrace };
    },
    end,
    endAll: (userId, survivor, audit) =>
      sessions.endAll({ userId, survivor, at: clock.now(), until: rememberUntil(), audit }),
    reissue: (user, session) => issueTokens(parts, user, session),
    accessTokensDeadBy: () => clock.now() + policy.maxStalenessMs,
    rememberUntil,
  };
}

function newSession({ clock, randomness, policy }: HybridParts, user: User, beginning: Beginning): Session {
  const now = clock.now();
  return {
    id: identifierFromBytes<SessionId>(randomness.bytes(16)),
    userId: user.id,
    epoch: user.epoch,
    generation: 0,
    salt: randomness.bytes(16),
    delivery: beginning.delivery,
    client: beginning.client,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + policy.absoluteTtlMs,
    rotationKeyHash: null,
    keyed: false,
    life: { kind: 'live' },
  };
}
