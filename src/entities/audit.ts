/** Audit events: what happened to accounts, sessions and keys, for operators. Never holds a secret or an address book. */

import type { SessionId, UserId } from './identifier.js';

export const AUDIT_KINDS = [
  'user.registered',
  'user.created',
  'login.succeeded',
  'login.failed',
  'session.ended',
  'session.reuse-detected',
  'sessions.ended',
  'password.changed',
  'password.change-failed',
  'user.suspended',
  'user.reinstated',
  'user.deleted',
  'user.delete-failed',
  'key.rotated',
  'key.scheduled',
  'key.revoked',
  'keys.rewrapped',
  'verifier.created',
  'verifier.withdrawn',
  'message.sent',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface AuditEvent {
  readonly at: number;
  readonly kind: AuditKind;
  /** Whose account it concerns. */
  readonly userId: UserId | null;
  /** Who did it, when that is another user (an operator). */
  readonly actorId: UserId | null;
  readonly sessionId: SessionId | null;
  readonly ipAddress: string | null;
  /** A short word more: an end reason, a key id; of a message its text. Never a secret. */
  readonly detail: string | null;
}

export interface AuditRecord extends AuditEvent {
  readonly sequence: number;
}

/** An event of `kind` at `at`; what is not given is null. */
export function auditEvent(
  kind: AuditKind,
  at: number,
  about: Partial<Omit<AuditEvent, 'kind' | 'at'>> = {},
): AuditEvent {
  const nothing = { userId: null, actorId: null, sessionId: null, ipAddress: null, detail: null };
  // Last, since what is handed in may have a kind of its own that the type does not show.
  return { ...nothing, ...about, kind, at };
}
