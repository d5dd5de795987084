/**
 * The one door through which sessions end: state and revocation-log row, together, inside the caller's transaction.
 * Called by the session store and the user store only; nothing else writes `ended_at`, `epoch` or a revocation of them.
 */

import { and, eq, isNull, sql } from 'drizzle-orm';
import { auditLog, revocations, sessions, users } from '../../../schema/sqlite.js';
import type { AuditEvent } from '../../entities/audit.js';
import { identifierToBytes, type SessionId, type UserId } from '../../entities/identifier.js';
import { LAST_EPOCH, type Revocation, type RevocationEntry } from '../../entities/revocation.js';
import type { EndedAll, Ending } from '../ports/sessions.js';
import { revocationRowOf, sessionOf, userOf } from '../rows.js';
import type { Transaction } from './connection.js';

type Tell = (entry: RevocationEntry) => void;

export function appendRevocation(
  tx: Transaction,
  tell: Tell,
  revocation: Revocation,
  at: number,
  until: number,
): void {
  const row = tx
    .insert(revocations)
    .values({ ...revocationRowOf(revocation), at, until })
    .returning({ sequence: revocations.sequence })
    .get();
  tell({ sequence: row.sequence, at, until, revocation });
}

export function appendAudit(tx: Pick<Transaction, 'insert'>, event: AuditEvent): void {
  tx.insert(auditLog)
    .values({
      at: event.at,
      kind: event.kind,
      userId: event.userId && identifierToBytes(event.userId),
      actorId: event.actorId && identifierToBytes(event.actorId),
      sessionId: event.sessionId && identifierToBytes(event.sessionId),
      ipAddress: event.ipAddress,
      detail: event.detail,
    })
    .run();
}

/** Whether a session of the user has neither ended nor fallen behind the epoch, nor its user been suspended. */
export function isAlive(tx: Transaction, sessionId: SessionId, userId: UserId): boolean {
  const alive = and(
    eq(sessions.id, identifierToBytes(sessionId)),
    eq(sessions.userId, identifierToBytes(userId)),
    isNull(sessions.endedAt),
    isNull(users.suspendedAt),
  );
  const own = and(eq(users.id, sessions.userId), eq(users.epoch, sessions.epoch));
  return tx.select({ id: sessions.id }).from(sessions).innerJoin(users, own).where(alive).get() !== undefined;
}

/** Ends one live session of the present epoch. */
export function endSession(tx: Transaction, tell: Tell, ending: Ending) {
  const id = identifierToBytes(ending.sessionId);
  const row = tx
    .update(sessions)
    .set({ endedAt: ending.at, endReason: ending.reason })
    .where(
      and(
        eq(sessions.id, id),
        isNull(sessions.endedAt),
        ending.ownerId === null ? undefined : eq(sessions.userId, identifierToBytes(ending.ownerId)),
        sql`${sessions.epoch} = (select ${users.epoch} from ${users} where ${users.id} = ${sessions.userId})`,
      ),
    )
    .returning()
    .get();
  if (row === undefined) return null;
  tx.update(users)
    .set({ sessionCount: sql`${users.sessionCount} - 1` })
    .where(eq(users.id, row.userId))
    .run();
  appendRevocation(tx, tell, { kind: 'session-ended', sessionId: ending.sessionId }, ending.at, ending.until);
  appendAudit(tx, ending.audit);
  return sessionOf(row);
}

interface EpochRaise {
  readonly userId: UserId;
  readonly survivor: SessionId | null;
  readonly at: number;
  readonly until: number;
  readonly audit: AuditEvent;
}

/** Ends all sessions of a user but the survivor by raising the epoch: one user row, one log row, however many. */
export function raiseEpoch(tx: Transaction, tell: Tell, raise: EpochRaise): EndedAll | null {
  const id = identifierToBytes(raise.userId);
  const before = tx.select().from(users).where(eq(users.id, id)).get();
  if (before === undefined) return null;
  const epoch = before.epoch + 1;
  const survivor =
    raise.survivor === null ? undefined : carryOver(tx, raise.survivor, id, before.epoch, epoch);
  const after = tx
    .update(users)
    .set({ epoch, sessionCount: survivor ? 1 : 0 })
    .where(eq(users.id, id))
    .returning()
    .get();
  appendRevocation(tx, tell, { kind: 'epoch-raised', userId: raise.userId, epoch }, raise.at, raise.until);
  appendAudit(tx, raise.audit);
  return {
    kind: 'ended',
    user: userOf(after),
    sessionsEnded: before.sessionCount - (survivor ? 1 : 0),
    survivor: survivor ? sessionOf(survivor) : null,
  };
}

function carryOver(tx: Transaction, survivor: SessionId, userId: Buffer, from: number, to: number) {
  return tx
    .update(sessions)
    .set({ epoch: to })
    .where(
      and(
        eq(sessions.id, identifierToBytes(survivor)),
        eq(sessions.userId, userId),
        eq(sessions.epoch, from),
        isNull(sessions.endedAt),
      ),
    )
    .returning()
    .get();
}

/** Removes a user; the sessions are dead with the row gone, and their access tokens by an epoch above every other. */
export function removeUser(
  tx: Transaction,
  tell: Tell,
  raise: Omit<EpochRaise, 'survivor'>,
): EndedAll | null {
  const row = tx
    .delete(users)
    .where(eq(users.id, identifierToBytes(raise.userId)))
    .returning()
    .get();
  if (row === undefined) return null;
  const revocation = { kind: 'epoch-raised', userId: raise.userId, epoch: LAST_EPOCH } as const;
  appendRevocation(tx, tell, revocation, raise.at, raise.until);
  appendAudit(tx, raise.audit);
  return { kind: 'ended', user: userOf(row), sessionsEnded: row.sessionCount, survivor: null };
}
