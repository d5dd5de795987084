/** PostgreSQL for the store contract: one database a worker, emptied for each test. */

import pg from 'pg';
import { Connection } from '../../../src/store/postgres/connection.js';
import { storeOver } from '../../../src/store/postgres/open.js';
import { type FreshDatabase, freshDatabase } from '../../support/postgres.js';
import type { OpenedStore, Probe, StoreFactory } from './factory.js';

export interface OpenedPostgres extends OpenedStore {
  readonly connection: Connection;
  readonly url: string;
  reopen(): Promise<OpenedPostgres>;
}

let database: FreshDatabase | null = null;

export interface PostgresFactory extends StoreFactory {
  open(): Promise<OpenedPostgres>;
}

export const onPostgres: PostgresFactory = {
  name: 'PostgreSQL',
  persists: true,
  open: async () => {
    if (database === null) {
      database = await freshDatabase();
      await countWrites(database.url);
    }
    const { url } = database;
    await emptied(url);
    return openAt(url);
  },
};

/** A store of its own on the database, as another process would have. */
export function storeAt(url: string, poolSize = 10) {
  const connection = new Connection({ url, poolSize, random: Math.random });
  return { connection, store: storeOver(connection) };
}

async function openAt(url: string): Promise<OpenedPostgres> {
  const { connection, store } = storeAt(url);
  const client = new pg.Pool({ connectionString: url, max: 1 });
  const close = async () => {
    await client.end();
    await store.close();
  };
  return {
    store,
    connection,
    url,
    probe: probeOf(client),
    reopen: async () => {
      await close();
      return openAt(url);
    },
    close,
  };
}

const TABLES =
  'users, sessions, revocations, signing_keys, refresh_secrets, key_ring, audit_log, rate_limits, leases, verifiers';

/** A sequence that is moved by every row that anybody writes. */
async function countWrites(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create sequence written');
  await client.query(
    `create function count_write() returns trigger language plpgsql as
     $$ begin perform nextval('written'); return null; end $$`,
  );
  for (const table of TABLES.split(', ')) {
    await client.query(
      `create trigger counted after insert or update or delete on ${table} for each row execute function count_write()`,
    );
  }
  await client.end();
}

async function emptied(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`truncate ${TABLES} restart identity`);
  await client.end();
}

/** Numbers as numbers: what is counted or timed here fits. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === 20 ? Number : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

function probeOf(client: pg.Pool): Probe {
  const rows = async (text: string) => (await client.query({ text, types })).rows;
  return {
    rows,
    execute: async (text) => {
      await client.query(text);
    },
    rowsWritten: async () => {
      const [row] = await rows(
        'select case when is_called then last_value else 0 end as written from written',
      );
      return row?.['written'] ?? 0;
    },
    breakInserts: async (table) => {
      await client.query(
        `create function broken_${table}() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$`,
      );
      await client.query(
        `create trigger broken before insert on ${table} for each statement execute function broken_${table}()`,
      );
      return async () => {
        await client.query(`drop function broken_${table}() cascade`);
      };
    },
  };
}
