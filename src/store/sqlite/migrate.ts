/**
 * Brings a SQLite file to the present tables. Several processes may start on one file at once: all but one wait. A file
 * whose deployment has moved elsewhere is refused, and with it whatever would have run on it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { knownMigrations } from '../migrations.js';
import type { MigrationStatus } from '../ports/database.js';
import type { Connection } from './connection.js';

const ATTEMPTS = 50;
const PAUSE_MS = 100;

export async function migrateSqlite(connection: Connection, folder: string): Promise<MigrationStatus> {
  connection.lookWhetherMoved();
  connection.expectHere();
  for (let attempt = 1; ; attempt++) {
    if (migrationStatus(connection, folder).applied >= knownMigrations(folder)) break;
    try {
      migrate(connection.db, { migrationsFolder: folder });
    } catch (fault) {
      // Another process may be half-way through the same step; what it does will be there at the next look.
      if (attempt === ATTEMPTS) throw fault;
      await sleep(PAUSE_MS);
    }
  }
  return migrationStatus(connection, folder);
}

/** How many migrations the file has had, and how many this version knows. A newer version may have applied more. */
export function migrationStatus(connection: Pick<Connection, 'raw'>, folder: string): MigrationStatus {
  const table = connection.raw
    .prepare("select 1 from sqlite_master where name = '__drizzle_migrations'")
    .get();
  const row = table && connection.raw.prepare('select count(*) as applied from __drizzle_migrations').get();
  return { applied: (row as { applied: number } | undefined)?.applied ?? 0, known: knownMigrations(folder) };
}
