/**
 * What happened to an account, as its owner may know it: an audit event without what is an operator's own. Owns who is
 * said to have done it, and the words for how it came about; pure.
 */

import type { AuditKind, AuditRecord } from './audit.js';
import type { SessionId } from './identifier.js';

/** How sessions came to their end. */
export const ACTIVITY_WORDS = [
  'logout',
  'logout-device',
  'replaced',
  'operator',
  'verifier',
  'others',
  'all',
] as const;
type ActivityWord = (typeof ACTIVITY_WORDS)[number];

export interface Activity {
  readonly at: number;
  readonly kind: AuditKind;
  readonly sessionId: SessionId | null;
  /** Where it came from; null where somebody else did it. */
  readonly ipAddress: string | null;
  readonly byAnother: boolean;
  /** One of the words above; of a message its text, where it is for the reader's device. */
  readonly detail: string | null;
}

/** What nobody does to themselves, but for an operator who does it to their own account. */
const BY_OPERATORS: readonly AuditKind[] = [
  'user.created',
  'user.suspended',
  'user.reinstated',
  'message.sent',
];
const BY_VERIFIER = 'logout by verifier ';

/** The detail of a logout that a verifier asked for (RFC 7009); for operators, since services are theirs. */
export function logoutByVerifier(verifierId: string, usedUp: boolean): string {
  return `${BY_VERIFIER}${verifierId}${usedUp ? ', by a used-up token' : ''}`;
}

/** Of a record about its owner, who reads it on the device of `reader`. What was said to one device is for that one. */
export function activityOf(record: AuditRecord, reader: SessionId | null): Activity {
  const { at, kind, userId, actorId, sessionId, ipAddress } = record;
  const word = wordOf(record);
  const byAnother =
    word === 'verifier' ||
    // The command line has no name: there, an operator is nobody.
    (actorId === null ? word === 'operator' || BY_OPERATORS.includes(kind) : actorId !== userId);
  const isForReader = sessionId === null || sessionId === reader;
  const said = isForReader ? record.detail : null;
  const detail = kind === 'message.sent' ? said : word;
  return { at, kind, sessionId, ipAddress: byAnother ? null : ipAddress, byAnother, detail };
}

function wordOf({ kind, detail }: AuditRecord): ActivityWord | null {
  if (detail === null || (kind !== 'session.ended' && kind !== 'sessions.ended')) return null;
  if (detail.startsWith(BY_VERIFIER)) return 'verifier';
  return ACTIVITY_WORDS.find((word) => word === detail) ?? null;
}
