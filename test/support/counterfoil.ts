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

/** Every row of every table. */
export type Dump = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** A database that more than one process or app can open. */
export interface SharedDatabase {
  /** For the setting `database`. */
  readonly setting: string;
  /** Where it is a file: what lies on the disk. */
  readonly file: string | null;
  dump(): Promise<Dump>;
  /** Every text and byte string of every row: what a copy of the database shows. */
  values(): Promise<(string | Buffer)[]>;
  /** A statement past the store. */
  execute(sql: string): Promise<void>;
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
  // One connection for all looks into the database, which some tests take after each request.
  let looking: Promise<pg.Client> | null = null;
  const dump = async (): Promise<Dump> => {
    looking ??= connected();
    const client = await looking;
    const { rows } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' order by name",
    );
    const all = await client.query(rows.map(({ name }) => `select * from "${name}"`).join(';'));
    const results = all as unknown as pg.QueryResult<Record<string, unknown>>[];
    return Object.fromEntries(rows.map(({ name }, index) => [name, results[index]?.rows ?? []]));
  };
  return {
    setting: url,
    file: null,
    drop: async () => {
      await (await looking)?.end();
      await drop();
    },
    dump,
    values: async () => lootOf(await dump()),
    execute: async (sql) => {
      const client = await connected();
      await client.query(sql);
      await client.end();
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
  const dump = async () => {
    const database = new Database(file, { readonly: true });
    const names = database.prepare("select name from sqlite_master where type = 'table' order by name");
    const tables = (names.pluck().all() as string[]).map((name) => [
      name,
      database.prepare(`select * from "${name}"`).all(),
    ]);
    database.close();
    return Object.fromEntries(tables) as Dump;
  };
  return {
    setting: `file:${file}`,
    file,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
    dump,
    values: async () => lootOf(await dump()),
    execute: async (sql) => {
      const database = new Database(file);
      database.exec(sql);
      database.close();
    },
    holdWrites: async () => {
      const database = new Database(file);
      database.exec('begin immediate');
      return async () => void database.close();
    },
  };
}

function lootOf(dump: Dump): (string | Buffer)[] {
  const values = Object.values(dump).flatMap((rows) => rows.flatMap((row) => Object.values(row)));
  // What a column of JSON holds comes as an object, and would hide a text as well as any.
  return values
    .map((value) => (typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value))
    .filter((value) => typeof value === 'string' || Buffer.isBuffer(value));
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
