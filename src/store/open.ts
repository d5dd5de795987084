/**
 * Opens the configured database, whichever kind it is. The only place that knows both kinds; called by `app.ts`. The
 * PostgreSQL room is loaded when it is asked for, so that a server on SQLite starts without its driver.
 */

import { join } from 'node:path';
import type { Database } from './ports/database.js';
import type { DatabaseFacts, DatabaseStatus } from './ports/inspection.js';
import { sqliteFacts, sqliteStatus } from './sqlite/inspect.js';
import { openSqlite } from './sqlite/open.js';

export type DatabaseSettings =
  /** A path, or `:memory:`. */
  | { readonly kind: 'sqlite'; readonly file: string }
  /** A connection URI (libpq §32.1.1.2) and how many connections this process may hold. */
  | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number };

/**
 * `migrations`: the folder that has one folder of migrations for each kind. `random`: from 0 to 1, for the pauses before
 * something is tried again.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  migrations: string,
  random: () => number,
): Promise<Database> {
  if (settings.kind === 'sqlite') return openSqlite(settings.file, join(migrations, 'sqlite'));
  const { openPostgres } = await import('./postgres/open.js');
  return openPostgres({ ...settings, random }, join(migrations, 'postgres'));
}

/** Whether the database is there and migrated. Changes nothing. */
export async function databaseStatus(
  settings: DatabaseSettings,
  migrations: string,
): Promise<DatabaseStatus> {
  if (settings.kind === 'sqlite') return sqliteStatus(settings.file, join(migrations, 'sqlite'));
  const { postgresStatus } = await import('./postgres/inspect.js');
  return postgresStatus(settings.url, join(migrations, 'postgres'));
}

/** What a migrated database says of itself. Changes nothing; reads all of it. `now`: our clock, to compare. */
export async function databaseFacts(settings: DatabaseSettings, now: () => number): Promise<DatabaseFacts> {
  if (settings.kind === 'sqlite') return sqliteFacts(settings.file);
  const { postgresFacts } = await import('./postgres/inspect.js');
  return postgresFacts(settings.url, now);
}
