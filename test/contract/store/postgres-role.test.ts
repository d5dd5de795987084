/**
 * What rights a node's role in PostgreSQL must have (ASVS V13.2.2): those that docs/operations.md grants, which change no
 * table, are enough for a whole server.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { sweep } from '../../../src/account/sweep.js';
import type { CounterfoilContext } from '../../../src/graphql/context.js';
import { startCounterfoil } from '../../../src/testing/index.js';
import { asAdmin, type FreshDatabase, freshDatabase } from '../../support/postgres.js';
import { REPOSITORY } from '../../support/sandbox.js';

const page = readFileSync(join(REPOSITORY, 'docs/operations.md'), 'utf8');
const GRANTS = [...page.matchAll(/^grant .* to counterfoil_node;$/gm)].map(([statement]) => statement);

const role = `counterfoil_node_${randomBytes(6).toString('hex')}`;
let database: FreshDatabase;
let url: string;

beforeAll(async () => {
  database = await freshDatabase();
  const password = randomBytes(12).toString('hex');
  await asAdmin(
    database.url,
    `create role ${role} login nosuperuser nocreatedb nocreaterole password '${password}'`,
  );
  // What PostgreSQL gives to everybody before version 15.
  await asAdmin(database.url, 'revoke create on schema public from public');
  // As deploy/compose/make-database.sh leaves it.
  const name = new URL(database.url).pathname.slice(1);
  await asAdmin(database.url, `revoke connect, temporary on database ${name} from public`);
  for (const statement of GRANTS)
    await asAdmin(
      database.url,
      statement.replace('counterfoil_node', role).replace('database counterfoil', `database ${name}`),
    );
  const named = new URL(database.url);
  named.username = role;
  named.password = password;
  url = named.href;
});
afterAll(async () => {
  await database?.drop();
  await asAdmin(inject('postgres').admin, `drop role if exists ${role}`);
});

it('the documented grants are enough to start, sign in, refresh, end, rotate keys, count guesses and sweep', async () => {
  expect(GRANTS).toHaveLength(4);
  const counterfoil = await startCounterfoil({ settings: { database: url, databasePool: 2 } });
  try {
    const operator = await counterfoil.signedInAs({}, ['USER', 'OPERATOR']);
    const nobody = await counterfoil.anonymous();
    const ask = async (document: string, context: CounterfoilContext = operator) => {
      const { data, errors } = await counterfoil.run(document, context);
      expect(errors, document).toBeUndefined();
      return data;
    };
    const { refreshToken } = operator.tokens;
    expect(
      await ask(`mutation { refresh(input: { refreshToken: "${refreshToken}" }) { __typename } }`, nobody),
    ).toMatchObject({ refresh: { __typename: 'RefreshSuccess' } });
    const guess =
      'mutation { login(input: { email: "operator@example.test", password: "a wrong one, 12" }) { __typename } }';
    expect(await ask(guess, nobody)).toMatchObject({ login: { __typename: 'InvalidCredentials' } });
    expect(await ask('mutation { rotateSigningKey(input: { force: true }) { __typename } }')).toMatchObject({
      rotateSigningKey: { __typename: 'RotateSigningKeySuccess' },
    });
    expect(await ask('mutation { createVerifier(input: { name: "orders" }) { __typename } }')).toMatchObject({
      createVerifier: { __typename: 'CreateVerifierSuccess' },
    });
    expect(await ask('{ auditLog { edges { node { kind } } } }')).not.toBeNull();
    const { store } = counterfoil.app;
    expect(await store.leases.hold('sweep', 'a test', 1_000)).toBe(true);
    const inAYear = counterfoil.clock.now() + 365 * 86_400_000;
    const policy = { idleTtlMs: 1, keepDeadMs: 1, auditKeepMs: 1 };
    expect(await sweep(store, policy, inAYear, null)).toBeNull();
  } finally {
    await counterfoil.stop();
  }
});

it('and whoever has them changes no table and no trigger, and reads neither the server’s files nor its passwords', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of [
      'create table more (id int)',
      'alter table users add column more int',
      'drop table sessions',
      'truncate audit_log',
      'alter table audit_log disable trigger all',
      'create role another',
      'select * from pg_authid',
      `copy users from '/etc/hostname'`,
      `copy users to program 'true'`,
    ]) {
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
  } finally {
    await client.end();
  }
});
