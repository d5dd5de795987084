/** Opens a PostgreSQL database as a `Store`. Called by `store/open.ts` and tests; the rest of the code sees ports. */

import type { Database } from '../ports/database.js';
import type { Store } from '../ports/store.js';
import { postgresAttempts } from './attempts.js';
import { postgresAudit } from './audit.js';
import { Connection, type PostgresSettings } from './connection.js';
import { guarded, sorted } from './faults.js';
import { postgresKeys } from './keys.js';
import { postgresLeases } from './leases.js';
import { migratePostgres, migrationStatusOf } from './migrate.js';
import { postgresRevocations } from './revocations.js';
import { postgresSessions } from './sessions.js';
import { postgresUsers } from './users.js';
import { postgresVerifiers } from './verifiers.js';

/** Connects when there is something to ask, and not before. */
export function openPostgres(settings: PostgresSettings, migrationsFolder: string): Database {
  let store: Store | null = null;
  const { url } = settings;
  return guarded({
    migrationStatus: () => migrationStatusOf(url, migrationsFolder),
    migrate: () => migratePostgres(url, migrationsFolder),
    store: () => {
      store ??= storeOver(new Connection(settings));
      return store;
    },
    close: async () => store?.close(),
  });
}

/** The store over connections to a migrated database; `close` closes them. */
export function storeOver(connection: Connection): Store {
  return {
    users: guarded(postgresUsers(connection)),
    sessions: guarded(postgresSessions(connection)),
    keys: guarded(postgresKeys(connection)),
    revocations: guarded(postgresRevocations(connection)),
    audit: guarded(postgresAudit(connection)),
    attempts: guarded(postgresAttempts(connection)),
    leases: guarded(postgresLeases(connection)),
    verifiers: guarded(postgresVerifiers(connection)),
    pool: () => connection.figures(),
    troubles: () => connection.troubles(),
    ping: async () => {
      const asked = connection.repeatedly(() => connection.pool.query('select 1'));
      await asked.catch((fault: unknown) => {
        throw sorted(fault);
      });
    },
    close: () => connection.close(),
  };
}
