/** What a signed-in client is told of, unasked. All of it is read from the audit log: whatever is told has happened. */

import type { AuditRecord } from './audit.js';
import type { SessionId, UserId } from './identifier.js';
import { END_REASONS, type EndReason } from './session.js';

export type SessionNews =
  | {
      readonly kind: 'session-ended';
      readonly at: number;
      readonly sessionId: SessionId;
      readonly reason: EndReason;
    }
  /** All sessions of the user, or all but the one that is told. */
  | { readonly kind: 'sessions-ended'; readonly at: number; readonly reason: EndReason }
  | { readonly kind: 'signed-in'; readonly at: number; readonly sessionId: SessionId }
  /** A refresh token was presented after its successor was in use: one of two holders is a thief. The session has ended. */
  | { readonly kind: 'reuse-detected'; readonly at: number; readonly sessionId: SessionId }
  /** Another signing key signs. Whoever holds tokens need do nothing. */
  | { readonly kind: 'key-rotated'; readonly at: number }
  | { readonly kind: 'message'; readonly at: number; readonly text: string };

/** Whom news is for: everybody, a user, or one session of theirs. */
export type Addressee =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'user'; readonly userId: UserId }
  | { readonly kind: 'session'; readonly userId: UserId; readonly sessionId: SessionId };

export interface AddressedNews {
  readonly to: Addressee;
  readonly news: SessionNews;
}

/** What an entry of the audit log says to clients; null for one that is nothing to them. */
export function newsOf(record: AuditRecord): AddressedNews | null {
  const { kind, at, userId, sessionId, detail } = record;
  if (kind === 'key.rotated' || kind === 'key.revoked')
    return { to: { kind: 'everybody' }, news: { kind: 'key-rotated', at } };
  if (kind === 'message.sent')
    return { to: addressee(userId, sessionId), news: { kind: 'message', at, text: detail ?? '' } };
  if (userId === null) return null;
  const to: Addressee = { kind: 'user', userId };
  const allEnded = (reason: EndReason) => ({ to, news: { kind: 'sessions-ended', at, reason } as const });
  switch (kind) {
    case 'login.succeeded':
      return sessionId && { to, news: { kind: 'signed-in', at, sessionId } };
    case 'session.ended':
      return sessionId && { to, news: { kind: 'session-ended', at, sessionId, reason: reasonOf(detail) } };
    case 'session.reuse-detected':
      return sessionId && { to, news: { kind: 'reuse-detected', at, sessionId } };
    case 'sessions.ended':
      return allEnded(detail === 'operator' ? 'operator' : 'logout-all');
    case 'password.changed':
      return allEnded('password-changed');
    case 'user.suspended':
      return allEnded('suspended');
    case 'user.deleted':
      return allEnded('account-deleted');
    default:
      return null;
  }
}

function addressee(userId: UserId | null, sessionId: SessionId | null): Addressee {
  if (userId === null) return { kind: 'everybody' };
  return sessionId === null ? { kind: 'user', userId } : { kind: 'session', userId, sessionId };
}

/** The log's word for why; a word of another version, or of a verifier that revoked a token, is a logout like any other. */
function reasonOf(detail: string | null): EndReason {
  return END_REASONS.find((reason) => reason === detail) ?? 'logout';
}
