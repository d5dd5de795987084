/** SQLite for the store contract: in memory, and on a file in a throw-away folder. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { migrateSqlite } from '../../../src/store/sqlite/migrate.js';
import { storeOver } from '../../../src/store/sqlite/open.js';
import { REPOSITORY } from '../../support/sandbox.js';
import type { OpenedStore, Probe, StoreFactory } from './factory.js';

export const MIGRATIONS = join(REPOSITORY, 'schema/migrations/sqlite');

export interface OpenedSqlite extends OpenedStore {
  readonly connection: Connection;
  /** The path of the file; `:memory:` where there is none. */
  readonly file: string;
  reopen(): Promise<OpenedSqlite>;
}

export interface SqliteFactory extends StoreFactory {
  open(): Promise<OpenedSqlite>;
}

export const inMemory: SqliteFactory = {
  name: 'SQLite in memory',
  persists: false,
  open: () => openAt(':memory:', async () => {}),
};

export const onFile: SqliteFactory = {
  name: 'SQLite on a file',
  persists: true,
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-store-'));
    return openAt(join(folder, 'counterfoil.db'), () => rm(folder, { recursive: true, force: true }));
  },
};

async function openAt(file: string, remove: () => Promise<void>): Promise<OpenedSqlite> {
  const connection = new Connection(file);
  await migrateSqlite(connection, MIGRATIONS);
  const store = storeOver(connection);
  return {
    store,
    connection,
    file,
    probe: probeOf(connection),
    reopen: async () => {
      await store.close();
      return openAt(file, remove);
    },
    close: async () => {
      await store.close();
      await remove();
    },
  };
}

function probeOf({ raw }: Connection): Probe {
  return {
    rows: async (sql) => raw.prepare(sql).all() as Record<string, unknown>[],
    execute: async (sql) => {
      raw.exec(sql);
    },
    rowsWritten: async () => {
      const row = raw.prepare('select total_changes() as written').get() as { written: number };
      return row.written;
    },
    breakInserts: async (table) => {
      raw.exec(
        `create temp trigger broken_${table} before insert on main.${table} begin select raise(abort, 'broken'); end`,
      );
      return async () => {
        raw.exec(`drop trigger broken_${table}`);
      };
    },
  };
}
