/** Looks at a PostgreSQL database without changing it, beside running nodes or alone. */

import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { Unavailable } from '../../entities/unavailable.js';
import type { DatabaseFacts, DatabaseStatus, ServerFacts } from '../ports/inspection.js';
import { clientSettings } from './connection-settings.js';
import { UNFINISHED, unfinishedCopyOf } from './copy-mark.js';
import { sorted } from './faults.js';
import { whyUnfit, whyUnmigratable } from './fitness.js';
import { loadKeyRing } from './keys.js';
import { migrationsIn, withClient } from './migrate.js';

const NEWEST = `select greatest(
  (select max(at) from audit_log), (select max(at) from revocations), (select max(created_at) from users),
  (select max(greatest(last_seen_at, ended_at)) from sessions), (select max(published_at) from signing_keys)
)::float8 as at`;

export async function postgresStatus(url: string, folder: string): Promise<DatabaseStatus> {
  try {
    return await looking(url, async (client) => {
      const unfit = await whyUnfit(client);
      if (unfit !== null) return { kind: 'unreadable', reason: unfit };
      await readOnly(client);
      if ((await unfinishedCopyOf(client)) !== null) return { kind: 'closed', reason: UNFINISHED };
      const status = await migrationsIn(client, folder);
      if (status.applied > 0) return { kind: 'present', ...status };
      const reason = await whyUnmigratable(client);
      return reason === null ? { kind: 'absent' } : { kind: 'unreadable', reason };
    });
  } catch (fault) {
    const why = sorted(fault);
    if (why instanceof Unavailable) return { kind: 'unreadable', reason: reasonOf(why) };
    throw why;
  }
}

/** Throws where the database is not there or has not had the known migrations. */
export async function postgresFacts(url: string, now: () => number): Promise<DatabaseFacts> {
  return looking(url, async (client) => {
    await readOnly(client);
    const count = async (table: string) =>
      (await client.query(`select count(*)::int as count from ${table}`)).rows[0].count as number;
    const damaged = await client.query(
      `select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indexrelid
       where not indisvalid and relnamespace = 'public'::regnamespace`,
    );
    return {
      damage: damaged.rows.map(({ name }) => `the index ${name} is not valid`),
      users: await count('users'),
      revocationLogRows: await count('revocations'),
      newestAt: (await client.query(NEWEST)).rows[0].at as number | null,
      ring: await loadKeyRing(drizzle(client)),
      server: await serverFacts(client, now),
    };
  }).catch((fault: unknown) => {
    throw sorted(fault);
  });
}

function looking<Result>(url: string, look: (client: pg.Client) => Promise<Result>): Promise<Result> {
  // Reads all of it, which may take longer than a request may wait.
  const settings = { ...clientSettings(url), statement_timeout: 60_000, query_timeout: 60_000 };
  return withClient(settings, look);
}

async function readOnly(client: pg.Client): Promise<void> {
  await client.query('set default_transaction_read_only = on');
}

/** Of the limits of the server, the database and the role the least. Some places of a server are kept for superusers. */
const SERVER = `select current_setting('server_version') as version,
  least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
    (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)) as connections,
  extract(epoch from clock_timestamp())::float8 * 1000 as now`;

async function serverFacts(client: pg.Client, now: () => number): Promise<ServerFacts> {
  const asked = now();
  const { rows } = await client.query(SERVER);
  const answered = now();
  const { version, connections, now: there } = rows[0];
  return { version, connections, clockAheadMs: there - (asked + answered) / 2 };
}

function reasonOf({ cause, message }: Unavailable): string {
  return cause instanceof Error ? cause.message : message;
}
