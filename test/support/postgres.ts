/**
 * PostgreSQL for tests: one real server for the whole run (or the one that COUNTERFOIL_TEST_POSTGRES names, as a user
 * who may make databases), and an empty, migrated database of its own for whoever asks.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from '../../lab/harness/postgres.js';
import { migratePostgres } from '../../src/store/postgres/migrate.js';
import { REPOSITORY } from './sandbox.js';

export const MIGRATIONS = join(REPOSITORY, 'schema/migrations/postgres');

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgres: { readonly admin: string; readonly template: string };
  }
}

/** For the `globalSetup` of a project. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const given = process.env['COUNTERFOIL_TEST_POSTGRES'];
  // What this server keeps is worth nothing tomorrow, so it need not wait for the disk. Durability has tests of its own.
  const server: PostgresServer | null =
    given === undefined ? await startPostgres({ settings: { fsync: 'off', full_page_writes: 'off' } }) : null;
  const admin = given ?? server?.url() ?? '';
  const template = `counterfoil_template_${process.pid}`;
  await asAdmin(admin, `create database ${template}`);
  await migratePostgres(databaseUrl(admin, template), MIGRATIONS);
  provide('postgres', { admin, template });
  return async () => {
    if (server === null) await asAdmin(admin, `drop database ${template}`);
    else await server.stop();
  };
}

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Migrated unless told otherwise. */
export async function freshDatabase({ migrated = true } = {}): Promise<FreshDatabase> {
  const { admin, template } = inject('postgres');
  const name = `counterfoil_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(admin, `create database ${name} template ${migrated ? template : 'template0'}`);
  return {
    url: databaseUrl(admin, name),
    drop: () => asAdmin(admin, `drop database ${name} with (force)`),
  };
}

export async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function databaseUrl(admin: string, database: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.href;
}
