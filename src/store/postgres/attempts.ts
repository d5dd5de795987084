/**
 * Attempt counters on PostgreSQL: all nodes count together. The table is not logged, so that counting waits for no disk
 * and no standby; a crash of the server, or a failover, forgets the counts of the running windows.
 */

import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { attemptCounters } from '../attempt-counters.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { Connection } from './connection.js';

/** The window is looked at again where the row is removed: somebody may have begun another in it meanwhile. */
const PRUNE = `delete from rate_limits where expire < $1
  and key in (select key from rate_limits where expire < $1 order by expire limit $2)`;

export function postgresAttempts(connection: Connection): AttemptCounters {
  const counters = attemptCounters(
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
    async (now, limit) => {
      const { rowCount } = await connection.pool.query(PRUNE, [now, limit]);
      return rowCount ?? 0;
    },
  );
  return {
    spend: (rule, key) => connection.repeatedly(() => counters.spend(rule, key)),
    refund: (rule, key) => connection.repeatedly(() => counters.refund(rule, key)),
    block: (rule, key, seconds) => connection.repeatedly(() => counters.block(rule, key, seconds)),
    waitFor: (rule, key) => connection.repeatedly(() => counters.waitFor(rule, key)),
    forget: (rule, key) => connection.repeatedly(() => counters.forget(rule, key)),
    prune: (now, limit) => connection.repeatedly(() => counters.prune(now, limit)),
  };
}
