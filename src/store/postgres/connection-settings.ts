/** What every connection to PostgreSQL is told, whatever it is for. TLS and its checks are as the URL says (`sslmode`). */

import type pg from 'pg';

/**
 * How long a connection is waited for, a new one or one of the pool, and what a statement may take. A server that hangs
 * answers nothing, so our side counts, too.
 */
const CONNECT_TIMEOUT_MS = 4_000;
const STATEMENT_TIMEOUT_MS = 3_000;
const LOCK_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 4_000;
const IDLE_IN_TRANSACTION_MS = 5_000;

export function clientSettings(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'counterfoil',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
  };
}

/** To be read from by a statement that need not wait for the disk: turns the waiting off until its transaction ends. */
export const LOOSELY = `select set_config('synchronous_commit', 'off', true)`;

/** Our tables are in the schema `public`, whatever the role or the database looks through by default. */
export const PINNED = 'set search_path to public';

/** Where a default of the role or the database would not wait for the disk, our sessions do. What waits longer stays. */
export const DURABLE = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') in ('off', 'local')`;
