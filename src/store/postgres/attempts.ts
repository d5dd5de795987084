/**
 * Attempt counters on PostgreSQL: all nodes count together. The table is not logged, so that counting waits for no disk
 * and no standby; a crash of the server, or a failover, forgets the counts of the running windows.
 */

import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { attemptCounters } from '../attempt-counters.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { Connection } from './connection.js';

export function postgresAttempts(connection: Connection): AttemptCounters {
  return attemptCounters(
    (rule) =>
      new RateLimiterPostgres({
        storeClient: connection.pool,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix: rule.name,
        points: rule.points,
        duration: rule.windowSeconds,
      }),
    async (now) => {
      await connection.pool.query('delete from rate_limits where expire < $1', [now]);
    },
  );
}
