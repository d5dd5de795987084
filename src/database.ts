/**
 * The configured database, for the app and for commands that need no app: they look at it, migrate it or move it. Which
 * kind it is, is known here and in `store/open.ts` alone.
 */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config/config.js';
import type { CopyOutcome, CopyRequest } from './store/copy/order.js';
import { databaseFacts, databaseStatus, openDatabase } from './store/open.js';
import type { Database } from './store/ports/database.js';
import type { DatabaseFacts, DatabaseStatus } from './store/ports/inspection.js';
import { type Clock, systemClock } from './system/clock.js';
import { type Randomness, systemRandomness } from './system/randomness.js';

export type { CopyOutcome, CopyProgress, CopyReport } from './store/copy/order.js';
export type { DatabaseFacts, DatabaseStatus } from './store/ports/inspection.js';

/** Where to copy to, and how far to go. */
export interface CopyOrder extends Pick<CopyRequest, 'targetName' | 'mode' | 'maxHoldMs' | 'onProgress'> {
  readonly target: Extract<Config['database'], { kind: 'postgres' }>;
}

const MIGRATIONS = fileURLToPath(new URL('../schema/migrations', import.meta.url));

/** The configured database, open. */
export function databaseOf(config: Config, randomness: Randomness = systemRandomness): Promise<Database> {
  const random = () => Buffer.from(randomness.bytes(4)).readUInt32BE() / 2 ** 32;
  return openDatabase(config.database, MIGRATIONS, random);
}

/** Whether the configured database is there and migrated. Changes nothing. */
export function statusOfDatabase(config: Config): Promise<DatabaseStatus> {
  return databaseStatus(config.database, MIGRATIONS);
}

/** What a migrated database says of itself. Changes nothing; reads all of it. */
export function factsOfDatabase(config: Config, clock: Clock): Promise<DatabaseFacts> {
  return databaseFacts(config.database, () => clock.now());
}

/** Copies the configured SQLite file to a PostgreSQL database, and moves the deployment there if it is told to. */
export async function copyDatabase(
  config: Config,
  { target, ...options }: CopyOrder,
  clock: Clock = systemClock,
): Promise<CopyOutcome> {
  const { copyToPostgres } = await import('./store/copy/copy.js');
  return copyToPostgres({
    ...options,
    file: sqliteFile(config),
    url: target.url,
    migrations: { sqlite: join(MIGRATIONS, 'sqlite'), postgres: join(MIGRATIONS, 'postgres') },
    migrateTarget: async () => {
      const database = await databaseOf({ ...config, database: target });
      await database.migrate().finally(() => database.close());
    },
    clock,
  });
}

/** Lets servers run again on a SQLite file that had been moved. Answers where to, or null where it had not. */
export async function unsealDatabase(config: Config): Promise<{ readonly unsealedFrom: string | null }> {
  const { unsealSqlite } = await import('./store/copy/unseal.js');
  return { unsealedFrom: unsealSqlite(sqliteFile(config)) };
}

function sqliteFile({ database }: Config): string {
  if (database.kind !== 'sqlite') throw new Error('the database is not a SQLite file');
  return database.file;
}
