/**
 * Brings a PostgreSQL database to the present tables. Several processes may start at once: all but one wait. An
 * unfinished copy of another database is refused, and with it whatever would have run on it.
 */

import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { Unavailable } from '../../entities/unavailable.js';
import { knownMigrations } from '../migrations.js';
import type { MigrationStatus } from '../ports/database.js';
import { clientSettings, PINNED } from './connection-settings.js';
import { UNFINISHED, unfinishedCopyOf } from './copy-mark.js';
import { unavailable } from './faults.js';
import { whyUnfit } from './fitness.js';

/** Any number will do that nobody else in the database locks by: the first eight bytes of our name. */
const LOCK = '7165065861826179442';
const TABLE = { migrationsSchema: 'public', migrationsTable: 'counterfoil_migrations' };

export async function migratePostgres(url: string, folder: string): Promise<MigrationStatus> {
  // Patient: a migration may take long, and another process may be at it.
  const patience = { statement_timeout: 0, lock_timeout: 0, query_timeout: 0 };
  return withClient({ ...clientSettings(url), ...patience }, async (client) => {
    const why = await whyUnfit(client);
    if (why !== null) throw unavailable(why);
    await client.query(`select pg_advisory_lock(${LOCK})`);
    if ((await unfinishedCopyOf(client)) !== null) throw new Unavailable(UNFINISHED);
    const before = await migrationsIn(client, folder);
    if (before.applied >= before.known) return before;
    await migrate(drizzle(client), { migrationsFolder: folder, ...TABLE });
    return migrationsIn(client, folder);
  });
}

export function migrationStatusOf(url: string, folder: string): Promise<MigrationStatus> {
  return withClient(clientSettings(url), (client) => migrationsIn(client, folder));
}

/** Whether our tables are there, and how far they have come. */
export async function migrationsIn(client: pg.Client, folder: string): Promise<MigrationStatus> {
  const known = knownMigrations(folder);
  const { rows } = await client.query(
    `select to_regclass('public.${TABLE.migrationsTable}') is not null as there`,
  );
  if (!rows[0].there) return { applied: 0, known };
  const counted = await client.query(`select count(*)::int as applied from public.${TABLE.migrationsTable}`);
  return { applied: counted.rows[0].applied, known };
}

/** A connection of its own for a short piece of work; locks that it takes end with it. */
export async function withClient<Result>(
  settings: pg.ClientConfig,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(settings);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(PINNED);
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
