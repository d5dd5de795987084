/**
 * Sessions of one user, put into the database in bulk: rows of the shape that logins write, whose credentials nobody
 * holds. Ten thousand real logins would take minutes of password hashing and leave the same rows behind.
 */

import Database from 'better-sqlite3';
import { DEFAULT_LIFETIMES } from '../../src/config/config.js';

/** Safe beside a server that runs on the same file: one transaction, and the WAL is emptied afterwards. */
export function addSessions(file: string, userId: string, count: number): void {
  const database = new Database(file, { timeout: 10_000 });
  try {
    const now = Date.now();
    const user = Buffer.from(userId, 'base64url');
    database.transaction(() => {
      const added = database
        .prepare(
          `insert into sessions (id, user_id, epoch, generation, salt, cookie, keyed, created_at, last_seen_at, expires_at)
           with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < :count)
           select randomblob(16), users.id, users.epoch, 0, randomblob(16), 0, 0, :now, :now, :until
           from numbers join users on users.id = :user`,
        )
        .run({ count, user, now, until: now + DEFAULT_LIFETIMES.absoluteTtlMs });
      if (added.changes !== count) throw new Error(`${added.changes} sessions instead of ${count}`);
      database.prepare('update users set session_count = session_count + ? where id = ?').run(count, user);
    })();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
