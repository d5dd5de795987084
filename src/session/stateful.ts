/**
 * The stateful model: an opaque random text names a row, and the row is looked up on every request. The row keeps the
 * SHA-256 of the secret, never the secret: its first half is the session's id, its second half is kept beside it. Idle
 * expiry slides by use, absolute expiry does not. What ends is felt by the next request on every process.
 */

import { timingSafeEqual } from 'node:crypto';
import { diesAt, type Session } from '../entities/session.js';
import { Unavailable } from '../entities/unavailable.js';
import type { FoundSession } from '../store/ports/sessions.js';
import { digestOf, readSessionToken, SECRET_BYTES, writeSessionToken } from '../tokens/session-token.js';
import type { Authentication, IssuedTokens, Refusal, SessionModel } from './contract.js';
import { storedEndings } from './endings.js';
import { GUARANTEES } from './guarantees.js';
import { newSession, scopesOf } from './issue.js';
import { deadBecause, type EndedBecause } from './judge.js';
import type { StatefulParts } from './parts.js';

/** Use is written down at most this often, or once in a twentieth of the idle lifetime where that is shorter. */
const SLIDE_EVERY_MS = 60_000;

export function statefulModel(parts: StatefulParts): SessionModel {
  const { sessions, clock, randomness, policy, observer } = parts;
  const slideEveryMs = Math.min(SLIDE_EVERY_MS, policy.idleTtlMs / 20);

  async function lookUp(token: string): Promise<FoundSession | Refusal> {
    const secret = readSessionToken(token);
    if (secret === null) return 'malformed';
    const { id, rest } = digestOf(secret);
    const found = await sessions.find(id);
    if (found === null || !timingSafeEqual(found.session.salt, rest)) return 'session-unknown';
    const because = deadBecause(found, clock.now(), policy);
    return because === null ? found : REFUSALS[because];
  }

  async function slide({ session }: FoundSession): Promise<Session> {
    const at = clock.now();
    if (at - session.lastSeenAt < slideEveryMs) return session;
    const { id: sessionId, userId, epoch, generation: from } = session;
    try {
      await sessions.rotate({ sessionId, userId, epoch, from, to: from + 1, at, keyHash: null });
    } catch (fault) {
      // The session was found alive. That its use could not be written down may cost it an earlier end, and no more.
      if (!(fault instanceof Unavailable)) throw fault;
      return session;
    }
    return { ...session, generation: from + 1, lastSeenAt: at };
  }

  const tokensOf = (session: Session, accessToken: string): IssuedTokens => ({
    accessToken,
    accessTokenExpiresAt: diesAt(session, policy.idleTtlMs),
    refreshToken: null,
    refreshTokenExpiresAt: null,
    cookieExpiresAt: session.expiresAt,
  });

  async function authenticate(token: string): Promise<Authentication> {
    const found = await lookUp(token);
    if (typeof found === 'string') return { kind: 'refused', because: found };
    const session = await slide(found);
    const { id: userId, roles } = found.user;
    return {
      kind: 'authenticated',
      userId,
      sessionId: session.id,
      roles,
      scopes: scopesOf(roles),
      authenticatedAt: session.createdAt,
      expiresAt: diesAt(session, policy.idleTtlMs),
    };
  }

  return {
    name: 'stateful',
    guarantees: GUARANTEES.stateful,
    accessTtlMs: policy.idleTtlMs,
    idleTtlMs: policy.idleTtlMs,
    begin: async (user, beginning) => {
      const secret = randomness.bytes(SECRET_BYTES);
      const { id, rest } = digestOf(secret);
      const session = newSession(parts, { id, salt: rest }, user, beginning);
      const begun = await sessions.begin(session, { ...beginning.audit, sessionId: id });
      return begun.kind === 'stale'
        ? null
        : { user, session, tokens: tokensOf(session, writeSessionToken(secret)) };
    },
    authenticate: async ({ bearer, cookie }) => {
      const token = bearer ?? cookie;
      if (token === null) return { kind: 'anonymous' };
      return authenticate(token).catch((fault: unknown) => {
        if (fault instanceof Unavailable) return { kind: 'undecided' };
        throw fault;
      });
    },
    renew: async ({ refreshToken, presented }) => {
      const token = refreshToken ?? presented.bearer ?? presented.cookie ?? '';
      const found = await lookUp(token);
      if (found === 'malformed' || found === 'session-unknown') return refused('invalid');
      if (typeof found === 'string') return refused('ended');
      const session = await slide(found);
      observer.verdict('rotate', null);
      return { kind: 'renewed', verdict: 'rotate', session, tokens: tokensOf(session, token) };
    },
    identify: async (cookie) => {
      const found = await lookUp(cookie);
      return typeof found === 'string' ? null : { ...found, current: true, renewable: true };
    },
    ...storedEndings(parts),
    reissue: async () => null,
    accessTokensDeadBy: () => clock.now(),
  };

  function refused(kind: 'invalid' | 'ended') {
    observer.verdict(kind, null);
    return { kind };
  }
}

const REFUSALS: Readonly<Record<EndedBecause, Refusal>> = {
  unknown: 'session-unknown',
  ended: 'session-ended',
  suspended: 'session-ended',
  epoch: 'epoch-raised',
  expired: 'expired',
  idle: 'expired',
};
