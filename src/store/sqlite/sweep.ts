/**
 * Sweeping of dead sessions in small batches along the primary key, so that no index on expiry has to be stored for
 * it and no batch holds the write lock for long.
 */

import { asc, eq, gt, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/sqlite.js';
import { deadAmong } from '../dead.js';
import type { SweepRequest } from '../ports/sessions.js';
import type { Connection } from './connection.js';

export function sweepSessions(connection: Connection, request: SweepRequest) {
  const cursor = Buffer.from(request.cursor ?? '', 'base64url');
  const rows = connection.db
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
    .where(gt(sessions.id, cursor))
    .orderBy(asc(sessions.id))
    .limit(request.limit)
    .all();

  const dead = deadAmong(rows, request);
  if (dead.length > 0) {
    connection.durably((tx) => {
      for (const row of dead) {
        const removed = tx
          .delete(sessions)
          .where(sql`${sessions.id} = ${row.id} and ${sessions.lastSeenAt} = ${row.lastSeenAt}`)
          .returning({ epoch: sessions.epoch, endedAt: sessions.endedAt })
          .get();
        // Ended sessions and those of a past epoch have left the counter already.
        if (removed === undefined || removed.endedAt !== null) continue;
        tx.update(users)
          .set({ sessionCount: sql`${users.sessionCount} - 1` })
          .where(sql`${users.id} = ${row.userId} and ${users.epoch} = ${removed.epoch}`)
          .run();
      }
    });
  }
  const last = rows.at(-1);
  return {
    removed: dead.length,
    cursor: rows.length < request.limit || last === undefined ? null : last.id.toString('base64url'),
  };
}
