/** Logout, logout of one device, and logout of all: three ways for their owner to end sessions. */

import { auditEvent } from '../entities/audit.js';
import { isIdentifier, type SessionId, type UserId } from '../entities/identifier.js';
import { NOT_FOUND, type Throttled } from '../entities/outcomes.js';
import type { Session } from '../entities/session.js';
import type { Authenticated, IssuedTokens, Unsupported } from '../session/contract.js';
import type { AccountParts, Caller } from './parts.js';

/** Whose session it is, as a credential proved it. */
export interface Owner {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  /** The access token that proved it, where one did. */
  readonly token?: Authenticated['token'];
}

export interface LoggedOut {
  readonly kind: 'logged-out';
  readonly accessTokensDeadBy: number;
}

/** Ends the caller's own session. One that has ended already is logged out all the same. */
export async function logout(parts: AccountParts, owner: Owner, caller: Caller): Promise<LoggedOut> {
  const { model, clock } = parts;
  const { userId, sessionId } = owner;
  const about = { userId, sessionId, ipAddress: caller.ipAddress, detail: 'logout' };
  const audit = auditEvent('session.ended', clock.now(), about);
  await model.end({ sessionId, ownerId: userId, reason: 'logout', audit });
  return { kind: 'logged-out', accessTokensDeadBy: model.accessTokensDeadBy() };
}

export type LogoutDeviceOutcome =
  | { readonly kind: 'device-logged-out'; readonly session: Session; readonly accessTokensDeadBy: number }
  | typeof NOT_FOUND
  | Unsupported;

/** Ends one of the caller's sessions. Another user's session and one that does not exist look the same. */
export async function logoutDevice(
  parts: AccountParts,
  owner: Owner,
  sessionId: string,
  caller: Caller,
): Promise<LogoutDeviceOutcome> {
  if (!isIdentifier(sessionId)) return NOT_FOUND;
  const { model, clock } = parts;
  const id = sessionId as SessionId;
  const about = { userId: owner.userId, sessionId: id, ipAddress: caller.ipAddress, detail: 'logout-device' };
  const audit = auditEvent('session.ended', clock.now(), about);
  const ended = await model.end({ sessionId: id, ownerId: owner.userId, reason: 'logout-device', audit });
  if (ended.kind !== 'ended') return ended;
  return {
    kind: 'device-logged-out',
    session: ended.session,
    accessTokensDeadBy: model.accessTokensDeadBy(),
  };
}

export interface AllLoggedOut {
  readonly kind: 'all-logged-out';
  readonly accessTokensDeadBy: number;
  readonly sessionsEnded: number;
  /**
   * The device that stays signed in, when that was asked for and it still lived; its tokens are null where those it
   * holds go on being good.
   */
  readonly survivor: { readonly session: Session; readonly tokens: IssuedTokens | null } | null;
}

/** Ends all sessions of the caller, or all but this one, by raising the epoch. Null when the user is gone. */
export async function logoutAllDevices(
  parts: AccountParts,
  owner: Owner,
  exceptCurrent: boolean,
  caller: Caller,
): Promise<AllLoggedOut | Unsupported | Throttled | null> {
  const { model, clock, attempts } = parts;
  const refused = exceptCurrent ? await attempts.endOthers(owner.sessionId) : null;
  if (refused !== null) return refused;
  const about = {
    userId: owner.userId,
    ipAddress: caller.ipAddress,
    detail: exceptCurrent ? 'others' : 'all',
  };
  const audit = auditEvent('sessions.ended', clock.now(), about);
  const ended = await model.endAll(owner.userId, exceptCurrent ? owner.sessionId : null, audit);
  if (ended.kind === 'not-found') return null;
  if (ended.kind === 'unsupported') return ended;
  const { user, survivor, sessionsEnded } = ended;
  return {
    kind: 'all-logged-out',
    accessTokensDeadBy: model.accessTokensDeadBy(),
    sessionsEnded,
    survivor: survivor && { session: survivor, tokens: await model.reissue(user, survivor, owner.token) },
  };
}
