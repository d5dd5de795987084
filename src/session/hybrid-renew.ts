/**
 * Renewal of the hybrid model: read the row, judge, and for a rotation compare and swap. Every verdict is told to the
 * observer once; a lost swap is no verdict, it only means that the row has moved and must be judged again.
 */

import { auditEvent } from '../entities/audit.js';
import { isIdempotencyKey, type Session } from '../entities/session.js';
import type { User } from '../entities/user.js';
import type { FoundSession } from '../store/ports/sessions.js';
import {
  hashIdempotencyKey,
  isGenuine,
  MAX_GENERATION,
  type ReadRefreshToken,
  readRefreshToken,
} from '../tokens/refresh-token.js';
import type { IssuedTokens, Renewal, Renewed, SessionModel } from './contract.js';
import { type Judge, judge, type Presented, type Verdict } from './judge.js';
import type { HybridParts } from './parts.js';

/** The rest of the model, as far as renewing needs it. */
interface Model {
  readonly end: SessionModel['end'];
  issue(user: User, session: Session): Promise<IssuedTokens>;
  readonly verdictOn: Judge | undefined;
}

export function renewer(parts: HybridParts, { end, issue, verdictOn = judge }: Model): SessionModel['renew'] {
  const { sessions, clock, policy, observer } = parts;

  return async (renewal) => {
    const token = readRefreshToken(renewal.refreshToken ?? renewal.presented.cookie ?? '');
    let counted = false;
    // A lost swap is somebody else's progress, so this ends.
    for (;;) {
      const found = token === null ? null : await sessions.find(token.sessionId);
      const presented = presentedBy(parts, token, found, renewal.idempotencyKey);
      const outcome = await judged(found, presented, renewal, counted);
      if (outcome !== 'lost') return outcome;
      counted = true;
    }
  };

  async function judged(
    found: FoundSession | null,
    presented: Presented,
    renewal: Renewal,
    counted: boolean,
  ): Promise<Renewed | 'lost'> {
    const at = clock.now();
    const verdict = verdictOn(found, presented, at, policy);
    if (found === null || verdict.kind === 'invalid' || verdict.kind === 'ended') return refused(verdict);
    if (verdict.kind === 'reuse') return endReused(found, renewal);
    const wait = counted ? 0 : await overLimit(found.session);
    if (wait > 0) return { kind: 'too-many', retryAfterSeconds: wait };
    if (verdict.kind === 'replay') return renewed(found, found.session, 'replay');
    const keyHash = presented.kind === 'readable' ? presented.keyHash : null;
    const { id: sessionId, userId, epoch } = found.session;
    const rotation = { sessionId, userId, epoch, from: verdict.from, to: verdict.to, at, keyHash };
    if ((await sessions.rotate(rotation)).kind === 'lost') return 'lost';
    return renewed(found, { ...found.session, generation: verdict.to, lastSeenAt: at }, 'rotate');
  }

  function refused(verdict: Verdict): Renewed {
    const kind = verdict.kind === 'invalid' ? 'invalid' : 'ended';
    observer.verdict(kind, verdict.kind === 'ended' ? verdict.because : null);
    return { kind };
  }

  async function renewed(
    found: FoundSession,
    session: Session,
    verdict: 'rotate' | 'replay',
  ): Promise<Renewed> {
    observer.verdict(verdict, null);
    return { kind: 'renewed', verdict, session, tokens: await issue(found.user, session) };
  }

  async function endReused({ session }: FoundSession, { ipAddress }: Renewal): Promise<Renewed> {
    observer.verdict('reuse', null);
    const about = { userId: session.userId, sessionId: session.id, ipAddress };
    const audit = auditEvent('session.reuse-detected', clock.now(), about);
    await end({ sessionId: session.id, ownerId: null, reason: 'reuse', audit });
    return { kind: 'reused', session };
  }

  async function overLimit({ id }: Session): Promise<number> {
    if (parts.refreshLimit === null) return 0;
    const spent = await parts.refreshLimit.counters.spend(parts.refreshLimit.rule, id);
    return spent.kind === 'over' ? spent.retryAfterSeconds : 0;
  }
}

/** What a token and key amount to beside the session they name. */
export function presentedBy(
  { keys }: Pick<HybridParts, 'keys'>,
  token: ReadRefreshToken | null,
  found: FoundSession | null,
  key: string | null,
): Presented {
  if (token === null || token.generation >= MAX_GENERATION) return { kind: 'malformed' };
  if (key !== null && !isIdempotencyKey(key)) return { kind: 'malformed' };
  const secret = keys.secret(token.keyVersion);
  const genuine = found !== null && secret !== undefined && isGenuine(token, secret, found.session.salt);
  return {
    kind: 'readable',
    generation: token.generation,
    genuine,
    keyHash: key === null ? null : hashIdempotencyKey(key),
  };
}
