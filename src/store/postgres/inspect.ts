/** Looks at a PostgreSQL database without changing it, beside running nodes or alone. */

import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { Unavailable } from '../../entities/unavailable.js';
import type { DatabaseFacts, DatabaseStatus } from '../ports/inspection.js';
import { clientSettings } from './connection-settings.js';
import { UNFINISHED, unfinishedCopyOf } from './copy-mark.js';
import { reportIn, sorted } from './faults.js';
import { loadKeyRing } from './keys.js';
import { migrationsIn, withClient } from './migrate.js';

/** No such database. */
const ABSENT = '3D000';

const NEWEST = `select greatest(
  (select max(at) from audit_log), (select max(at) from revocations), (select max(created_at) from users),
  (select max(greatest(last_seen_at, ended_at)) from sessions), (select max(published_at) from signing_keys)
)::float8 as at`;

export async function postgresStatus(url: string, folder: string): Promise<DatabaseStatus> {
  try {
    return await looking(url, async (client) => {
      if ((await unfinishedCopyOf(client)) !== null) return { kind: 'closed', reason: UNFINISHED };
      const status = await migrationsIn(client, folder);
      return status.applied === 0 ? { kind: 'absent' } : { kind: 'present', ...status };
    });
  } catch (fault) {
    const code = reportIn(fault)?.code;
    if (code === ABSENT) return { kind: 'absent' };
    const why = sorted(fault);
    if (why instanceof Unavailable) return { kind: 'unreadable', reason: reasonOf(why) };
    throw why;
  }
}

/** Throws where the database is not there or has not had the known migrations. */
export async function postgresFacts(url: string): Promise<DatabaseFacts> {
  return looking(url, async (client) => {
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
    };
  }).catch((fault: unknown) => {
    throw sorted(fault);
  });
}

function looking<Result>(url: string, look: (client: pg.Client) => Promise<Result>): Promise<Result> {
  // Reads all of it, which may take longer than a request may wait.
  const settings = { ...clientSettings(url), statement_timeout: 60_000, query_timeout: 60_000 };
  return withClient(settings, async (client) => {
    await client.query('set default_transaction_read_only = on');
    return look(client);
  });
}

function reasonOf({ cause, message }: Unavailable): string {
  return cause instanceof Error ? cause.message : message;
}
