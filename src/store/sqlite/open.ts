/** Opens a SQLite file as a `Store`. Called by `app.ts`, the command line and tests; the rest of the code sees ports. */

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../ports/database.js';
import type { Store } from '../ports/store.js';
import { sqliteAttempts } from './attempts.js';
import { sqliteAudit } from './audit.js';
import { Connection } from './connection.js';
import { guarded } from './guarded.js';
import { sqliteKeys } from './keys.js';
import { sqliteLeases } from './leases.js';
import { migrateSqlite, migrationStatus } from './migrate.js';
import { sqliteRevocations } from './revocations.js';
import { sqliteSessions } from './sessions.js';
import { sqliteUsers } from './users.js';
import { sqliteVerifiers } from './verifiers.js';

/** `file` is a path or `:memory:`; folders on the way to it are made, for the owner only. */
export function openSqlite(file: string, migrationsFolder: string): Database {
  if (file !== ':memory:') prepareFile(file);
  const connection = new Connection(file);
  return {
    migrationStatus: async () => migrationStatus(connection, migrationsFolder),
    migrate: () => migrateSqlite(connection, migrationsFolder),
    store: () => storeOver(connection),
    close: async () => connection.close(),
  };
}

/** The store over a connection to a migrated file; `close` closes the connection. */
export function storeOver(connection: Connection): Store {
  const here = () => connection.expectHere();
  return {
    users: guarded(sqliteUsers(connection)),
    // Once the deployment has moved, others decide whether a credential is good: nothing here may say yes.
    sessions: guarded(sqliteSessions(connection), here),
    keys: guarded(sqliteKeys(connection), here),
    revocations: guarded(sqliteRevocations(connection)),
    audit: guarded(sqliteAudit(connection)),
    attempts: guarded(sqliteAttempts(connection)),
    leases: guarded(sqliteLeases(connection)),
    verifiers: guarded(sqliteVerifiers(connection), here),
    pool: () => null,
    troubles: () => null,
    ping: async () => {
      connection.lookWhetherMoved();
      connection.expectHere();
      connection.raw.prepare('select 1').get();
    },
    close: async () => connection.close(),
  };
}

/** For the owner's eyes only, as its WAL will be too: SQLite gives that the mode of the file. */
function prepareFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}
