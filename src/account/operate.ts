/** What operators may do to users: suspend, reinstate, end one session or all. An operator never learns or sets a password. */

import { type AuditKind, auditEvent } from '../entities/audit.js';
import { isIdentifier, type SessionId, type UserId } from '../entities/identifier.js';
import { NOT_FOUND } from '../entities/outcomes.js';
import type { Session } from '../entities/session.js';
import type { User } from '../entities/user.js';
import type { Unsupported } from '../session/contract.js';
import type { EndedAll } from '../store/ports/sessions.js';
import type { AccountParts, Caller } from './parts.js';

export type UserEndedOutcome =
  | {
      readonly kind: 'user-ended';
      readonly user: User;
      readonly sessionsEnded: number;
      readonly accessTokensDeadBy: number;
    }
  | typeof NOT_FOUND;

/** The operator who acts, or null for the command line of the machine itself. */
export interface Actor {
  readonly userId: UserId | null;
  readonly caller: Caller;
}

export async function suspendUser(
  parts: AccountParts,
  userId: string,
  reason: string,
  actor: Actor,
): Promise<UserEndedOutcome> {
  if (!isIdentifier(userId)) return NOT_FOUND;
  const { store, model, clock } = parts;
  const at = clock.now();
  const audit = audited('user.suspended', at, userId, actor);
  const ended = await store.users.suspend({
    userId: userId as UserId,
    reason,
    at,
    until: model.rememberUntil(),
    audit,
  });
  return outcomeOf(parts, ended);
}

export async function endUserSessions(
  parts: AccountParts,
  userId: string,
  actor: Actor,
): Promise<UserEndedOutcome | Unsupported> {
  if (!isIdentifier(userId)) return NOT_FOUND;
  const audit = audited('sessions.ended', parts.clock.now(), userId, actor, 'operator');
  const ended = await parts.model.endAll(userId as UserId, null, audit);
  return ended.kind === 'unsupported' ? ended : outcomeOf(parts, ended);
}

export type SessionEndedOutcome =
  | { readonly kind: 'session-ended'; readonly session: Session; readonly accessTokensDeadBy: number }
  | typeof NOT_FOUND
  | Unsupported;

/** Ends one session, whoever's it is. */
export async function endSession(
  parts: AccountParts,
  sessionId: string,
  actor: Actor,
): Promise<SessionEndedOutcome> {
  const { store, model, clock } = parts;
  const found = isIdentifier(sessionId) ? await store.sessions.find(sessionId as SessionId) : null;
  if (found === null) return NOT_FOUND;
  const { id, userId } = found.session;
  const audit = { ...audited('session.ended', clock.now(), userId, actor, 'operator'), sessionId: id };
  const ended = await model.end({ sessionId: id, ownerId: null, reason: 'operator', audit });
  if (ended.kind !== 'ended') return ended;
  return { kind: 'session-ended', session: ended.session, accessTokensDeadBy: model.accessTokensDeadBy() };
}

export async function reinstateUser(parts: AccountParts, userId: string, actor: Actor) {
  if (!isIdentifier(userId)) return NOT_FOUND;
  return parts.store.users.reinstate(
    userId as UserId,
    audited('user.reinstated', parts.clock.now(), userId, actor),
  );
}

function audited(kind: AuditKind, at: number, userId: string, actor: Actor, detail: string | null = null) {
  return auditEvent(kind, at, {
    userId: userId as UserId,
    actorId: actor.userId,
    ipAddress: actor.caller.ipAddress,
    detail,
  });
}

function outcomeOf({ model }: AccountParts, ended: EndedAll | typeof NOT_FOUND): UserEndedOutcome {
  if (ended.kind === 'not-found') return NOT_FOUND;
  const { user, sessionsEnded } = ended;
  return { kind: 'user-ended', user, sessionsEnded, accessTokensDeadBy: model.accessTokensDeadBy() };
}
