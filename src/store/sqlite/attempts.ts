/** Attempt counters on SQLite, in the same file: all processes count together, and a restart forgets nothing. */

import { RateLimiterSQLite } from 'rate-limiter-flexible';
import { attemptCounters } from '../attempt-counters.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { Connection } from './connection.js';

export function sqliteAttempts(connection: Connection): AttemptCounters {
  return attemptCounters(
    (rule) =>
      new RateLimiterSQLite({
        storeClient: connection.raw,
        storeType: 'better-sqlite3',
        tableName: 'rate_limits',
        tableCreated: true,
        keyPrefix: rule.name,
        points: rule.points,
        duration: rule.windowSeconds,
      }),
    async (now, limit) =>
      connection.raw
        .prepare(
          'delete from rate_limits where key in (select key from rate_limits where expire < ? limit ?)',
        )
        .run(now, limit).changes,
  );
}
