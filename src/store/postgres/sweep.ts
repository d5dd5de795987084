/**
 * Sweeping of dead sessions in small batches along the primary key, so that no index on expiry has to be stored for it.
 * The users whose sessions go are locked first and in one order, as `ending.ts` asks.
 */

import { asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/postgres.js';
import { deadAmong, type LookedAt } from '../dead.js';
import type { SweepRequest } from '../ports/sessions.js';
import type { Connection, Transaction } from './connection.js';

interface Row extends LookedAt {
  readonly id: Buffer;
  readonly userId: Buffer;
}

export async function sweepSessions(connection: Connection, request: SweepRequest) {
  const rows = await connection.repeatedly(() => lookedAt(connection, request));
  const dead = deadAmong(rows, request);
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

/**
 * Removes them, and takes those from their users' counters that were still counted: ended sessions and those of a past
 * epoch have left it already. What was used or carried into another epoch since it was looked at is judged as it is now.
 */
async function removeAll(tx: Transaction, dead: readonly Row[]): Promise<void> {
  const owners = [...new Map(dead.map(({ userId }) => [userId.toString('hex'), userId])).values()];
  await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, owners))
    .orderBy(asc(users.id))
    .for('update');
  const ids = sql.param(dead.map(({ id }) => id));
  const seen = sql.param(dead.map(({ lastSeenAt }) => lastSeenAt));
  await tx.execute(sql`
    with removed as (
      delete from sessions using unnest(${ids}::bytea[], ${seen}::bigint[]) as dead (id, last_seen_at)
      where sessions.id = dead.id and sessions.last_seen_at = dead.last_seen_at
      returning sessions.user_id, sessions.epoch, sessions.ended_at
    ), counted as (
      select user_id, epoch, count(*) as sessions from removed where ended_at is null group by user_id, epoch
    )
    update users set session_count = users.session_count - counted.sessions from counted
    where users.id = counted.user_id and users.epoch = counted.epoch`);
}
