/**
 * The one door through which sessions end: state and revocation-log row, together, inside the caller's transaction.
 * Called by the session store and the user store only; nothing else writes `ended_at`, `epoch` or a revocation of them.
 *
 * Many write at once here. Whatever changes sessions in number or epoch locks the user's row first and the session's
 * second, so that all who concern one user follow one another, and no two wait for each other. A rotation locks the
 * session alone.
 */

import { and, eq, isNull, sql } from 'drizzle-orm';
import { auditLog, revocations, sessions, users } from '../../../schema/postgres.js';
import type { AuditEvent } from '../../entities/audit.js';
import { identifierToBytes, type SessionId, type UserId } from '../../entities/identifier.js';
import { LAST_EPOCH, type Revocation } from '../../entities/revocation.js';
import type { EndedAll, Ending } from '../ports/sessions.js';
import { revocationRowOf, sessionOf, userOf } from '../rows.js';
import type { Tell, Transaction } from './connection.js';

export async function appendRevocation(
  tx: Transaction,
  tell: Tell,
  revocation: Revocation,
  at: number,
  until: number,
): Promise<void> {
  const [row] = await tx
    .insert(revocations)
    .values({ ...revocationRowOf(revocation), at, until })
    .returning({ sequence: revocations.sequence, transaction: revocations.transaction });
  if (row === undefined) throw new Error('The log row was not returned.');
  tell({ entry: { sequence: row.sequence, at, until, revocation }, transaction: row.transaction });
}

export function auditRowOf(event: AuditEvent): typeof auditLog.$inferInsert {
  return {
    at: event.at,
    kind: event.kind,
    userId: event.userId && identifierToBytes(event.userId),
    actorId: event.actorId && identifierToBytes(event.actorId),
    sessionId: event.sessionId && identifierToBytes(event.sessionId),
    ipAddress: event.ipAddress,
    detail: event.detail,
  };
}

export async function appendAudit(tx: Pick<Transaction, 'insert'>, event: AuditEvent): Promise<void> {
  await tx.insert(auditLog).values(auditRowOf(event));
}

/** The user's row, which nobody else changes until this transaction has ended. */
export async function lockedUser(tx: Transaction, id: UserId) {
  const [row] = await tx
    .select()
    .from(users)
    .where(eq(users.id, identifierToBytes(id)))
    .for('update');
  return row ?? null;
}

/** Whether a session of the user has neither ended nor fallen behind the epoch. The user is locked by the caller. */
export async function isAlive(tx: Transaction, sessionId: SessionId, user: typeof users.$inferSelect) {
  const alive = and(
    eq(sessions.id, identifierToBytes(sessionId)),
    eq(sessions.userId, user.id),
    eq(sessions.epoch, user.epoch),
    isNull(sessions.endedAt),
  );
  const rows = await tx.select({ id: sessions.id }).from(sessions).where(alive);
  return rows.length === 1 && user.suspendedAt === null;
}

/** Ends one live session of the present epoch. */
export async function endSession(tx: Transaction, tell: Tell, ending: Ending) {
  const id = identifierToBytes(ending.sessionId);
  // Whose session it is never changes, so it can be read before the lock.
  const [owned] = await tx.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.id, id));
  if (owned === undefined) return null;
  if (ending.ownerId !== null && !owned.userId.equals(identifierToBytes(ending.ownerId))) return null;
  const [user] = await tx
    .select({ epoch: users.epoch })
    .from(users)
    .where(eq(users.id, owned.userId))
    .for('update');
  if (user === undefined) return null;
  const [row] = await tx
    .update(sessions)
    .set({ endedAt: ending.at, endReason: ending.reason })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.userId, owned.userId),
        eq(sessions.epoch, user.epoch),
        isNull(sessions.endedAt),
      ),
    )
    .returning();
  if (row === undefined) return null;
  await tx
    .update(users)
    .set({ sessionCount: sql`${users.sessionCount} - 1` })
    .where(eq(users.id, row.userId));
  const revocation = { kind: 'session-ended', sessionId: ending.sessionId } as const;
  await appendRevocation(tx, tell, revocation, ending.at, ending.until);
  await appendAudit(tx, ending.audit);
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
export async function raiseEpoch(tx: Transaction, tell: Tell, raise: EpochRaise): Promise<EndedAll | null> {
  const before = await lockedUser(tx, raise.userId);
  if (before === null) return null;
  const epoch = before.epoch + 1;
  const survivor = raise.survivor === null ? undefined : await carryOver(tx, raise.survivor, before, epoch);
  const [after] = await tx
    .update(users)
    .set({ epoch, sessionCount: survivor ? 1 : 0 })
    .where(eq(users.id, before.id))
    .returning();
  const revocation = { kind: 'epoch-raised', userId: raise.userId, epoch } as const;
  await appendRevocation(tx, tell, revocation, raise.at, raise.until);
  await appendAudit(tx, raise.audit);
  return {
    kind: 'ended',
    user: userOf(after ?? before),
    sessionsEnded: before.sessionCount - (survivor ? 1 : 0),
    survivor: survivor ? sessionOf(survivor) : null,
  };
}

async function carryOver(
  tx: Transaction,
  survivor: SessionId,
  user: typeof users.$inferSelect,
  epoch: number,
) {
  const [row] = await tx
    .update(sessions)
    .set({ epoch })
    .where(
      and(
        eq(sessions.id, identifierToBytes(survivor)),
        eq(sessions.userId, user.id),
        eq(sessions.epoch, user.epoch),
        isNull(sessions.endedAt),
      ),
    )
    .returning();
  return row;
}

/** Removes a user; the sessions are dead with the row gone, and their access tokens by an epoch above every other. */
export async function removeUser(
  tx: Transaction,
  tell: Tell,
  raise: Omit<EpochRaise, 'survivor'>,
): Promise<EndedAll | null> {
  const [row] = await tx
    .delete(users)
    .where(eq(users.id, identifierToBytes(raise.userId)))
    .returning();
  if (row === undefined) return null;
  const revocation = { kind: 'epoch-raised', userId: raise.userId, epoch: LAST_EPOCH } as const;
  await appendRevocation(tx, tell, revocation, raise.at, raise.until);
  await appendAudit(tx, raise.audit);
  return { kind: 'ended', user: userOf(row), sessionsEnded: row.sessionCount, survivor: null };
}
