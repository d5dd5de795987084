/**
 * Sweeping of dead sessions in small batches along the primary key, so that no index on expiry has to be stored for it.
 * The users whose sessions go are locked first and in one order, as `ending.ts` asks.
 */

import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/postgres.js';
import type { SweepRequest } from '../ports/sessions.js';
import type { Connection, Transaction } from './connection.js';

interface Row {
  readonly id: Buffer;
  readonly userId: Buffer;
  readonly userEpoch: number | null;
  readonly epoch: number;
  readonly endedAt: number | null;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

export async function sweepSessions(connection: Connection, request: SweepRequest) {
  const rows = await connection.repeatedly(() => lookedAt(connection, request));
  const before = request.now - request.keepMs;
  const dead = rows.filter(
    (row) =>
      row.userEpoch !== row.epoch ||
      Math.min(row.expiresAt, row.lastSeenAt + request.idleTtlMs) <= before ||
      (row.endedAt !== null && row.endedAt <= before),
  );
  if (dead.length > 0) await connection.durably({ repeatable: true }, (tx) => removeAll(tx, dead));
  const last = rows.at(-1);
  return {
    removed: dead.length,
    cursor: rows.length < request.limit || last === undefined ? null : last.id.toString('base64url'),
  };
}

function lookedAt({ db }: Connection, { cursor, limit }: SweepRequest): Promise<Row[]> {
  return db
    .select({
      id: sessions.id,
      userId: sessions.userId,
      userEpoch: users.epoch,
      epoch: sessions.epoch,
      endedAt: sessions.endedAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .leftJoin(users, eq(users.id, sessions.userId))
    .where(gt(sessions.id, Buffer.from(cursor ?? '', 'base64url')))
    .orderBy(asc(sessions.id))
    .limit(limit);
}

async function removeAll(tx: Transaction, dead: readonly Row[]): Promise<void> {
  const owners = [...new Map(dead.map(({ userId }) => [userId.toString('hex'), userId])).values()];
  await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, owners))
    .orderBy(asc(users.id))
    .for('update');
  const gone = new Map<string, { readonly userId: Buffer; readonly epoch: number; count: number }>();
  for (const row of dead) {
    const [removed] = await tx
      .delete(sessions)
      .where(and(eq(sessions.id, row.id), eq(sessions.lastSeenAt, row.lastSeenAt)))
      .returning({ epoch: sessions.epoch, endedAt: sessions.endedAt });
    // Ended sessions and those of a past epoch have left the counter already.
    if (removed === undefined || removed.endedAt !== null) continue;
    const key = `${row.userId.toString('hex')} ${removed.epoch}`;
    const counted = gone.get(key) ?? { userId: row.userId, epoch: removed.epoch, count: 0 };
    counted.count += 1;
    gone.set(key, counted);
  }
  for (const { userId, epoch, count } of gone.values()) {
    await tx
      .update(users)
      .set({ sessionCount: sql`${users.sessionCount} - ${count}` })
      .where(and(eq(users.id, userId), eq(users.epoch, epoch)));
  }
}
