/**
 * Counterfoil for tests, on the store that the run is about: SQLite in memory, or a PostgreSQL database of its own where
 * COUNTERFOIL_TEST_STORE says so. The tests are the same.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import * as published from '../../src/testing/index.js';

export * from '../../src/testing/index.js';

export const ON_POSTGRES = process.env['COUNTERFOIL_TEST_STORE'] === 'postgres';

/** A database that more than one process or app can open. */
export interface SharedDatabase {
  /** For the setting `database`. */
  readonly setting: string;
  /** Every text and byte string of every row: what a copy of the database shows. */
  values(): Promise<(string | Buffer)[]>;
  /** Keeps everybody from writing sessions until the returned function is called. */
  holdWrites(): Promise<() => Promise<void>>;
  drop(): Promise<void>;
}

export async function sharedDatabase(): Promise<SharedDatabase> {
  return ON_POSTGRES ? onPostgres() : onFile();
}

async function onPostgres(): Promise<SharedDatabase> {
  const { freshDatabase } = await import('./postgres.js');
  const { url, drop } = await freshDatabase();
  const connected = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  return {
    setting: url,
    drop,
    values: async () => {
      const client = await connected();
      const names = await client.query<[string]>({
        text: "select table_name from information_schema.tables where table_schema = 'public'",
        rowMode: 'array',
      });
      const values: unknown[] = [];
      for (const [name] of names.rows) {
        const { rows } = await client.query({ text: `select * from "${name}"`, rowMode: 'array' });
        values.push(...rows.flat());
      }
      await client.end();
      return values.filter(isLoot);
    },
    holdWrites: async () => {
      const client = await connected();
      await client.query('begin');
      await client.query('lock table sessions in exclusive mode');
      return () => client.end();
    },
  };
}

async function onFile(): Promise<SharedDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-'));
  const file = join(folder, 'counterfoil.db');
  return {
    setting: `file:${file}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
    values: async () => {
      const database = new Database(file, { readonly: true });
      const names = database.prepare("select name from sqlite_master where type = 'table'").pluck().all();
      const rows = names.map((name) => database.prepare(`select * from "${name}"`).raw().all());
      database.close();
      return rows.flat(2).filter(isLoot);
    },
    holdWrites: async () => {
      const database = new Database(file);
      database.exec('begin immediate');
      return async () => void database.close();
    },
  };
}

function isLoot(value: unknown): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

/** As `counterfoil/testing` has it; stopping takes the database with it. */
export async function startCounterfoil(
  options: published.TestOptions = {},
): Promise<published.TestCounterfoil> {
  if (!ON_POSTGRES || options.settings?.database !== undefined) return published.startCounterfoil(options);
  const { setting, drop } = await sharedDatabase();
  const settings = { databasePool: 4, ...options.settings, database: setting };
  try {
    const counterfoil = await published.startCounterfoil({ ...options, settings });
    return {
      ...counterfoil,
      stop: async () => {
        await counterfoil.stop();
        await drop();
      },
    };
  } catch (fault) {
    await drop();
    throw fault;
  }
}
