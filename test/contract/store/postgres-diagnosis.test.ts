/** What people are told whose PostgreSQL cannot be used, by each command, from a real server; and what doctor finds there. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkSettings } from '../../../src/cli/check-settings.js';
import { examine } from '../../../src/cli/doctor.js';
import { readEnvironment } from '../../../src/config/environment.js';
import { whyUnfitServer } from '../../../src/store/postgres/fitness.js';
import { systemClock } from '../../../src/system/clock.js';
import { commandIn } from '../../support/command.js';
import { asAdmin, type FreshDatabase, freshDatabase } from '../../support/postgres.js';

const SECRET = 'a-password-that-nobody-may-read';
const role = `counterfoil_poor_${randomBytes(4).toString('hex')}`;
const MASTER_KEY = `${'B'.repeat(42)}A=`;
let folder: string;
let empty: FreshDatabase;
let full: FreshDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  [empty, full] = [await freshDatabase({ migrated: false }), await freshDatabase()];
  await asAdmin(empty.url, `create role ${role} login password '${SECRET}'`);
  for (const { url } of [empty, full]) await asAdmin(url, 'revoke create on schema public from public');
});
afterAll(async () => {
  await Promise.all([empty.drop(), full.drop()]);
  await asAdmin(inject('postgres').admin, `drop role ${role}`);
  rmSync(folder, { recursive: true });
});

function changed(address: string, change: (url: URL) => void): string {
  const url = new URL(address);
  change(url);
  return url.href;
}

function asRole(url: URL): void {
  url.username = role;
  url.password = SECRET;
}

const settings = (url: string) => ({ COUNTERFOIL_DATABASE: url, COUNTERFOIL_MASTER_KEY: MASTER_KEY });
const run = (url: string, ...line: string[]) => commandIn(folder, settings(url))(line);

/** What each command says; it is the same in all that matters, names where and never who. */
async function saidOf(url: string): Promise<string> {
  const { hostname, port, pathname, password, username } = new URL(url);
  for (const line of [['migrate', '--status'], ['migrate'], ['users', 'list'], ['serve'], ['doctor']]) {
    const { code, out, err } = await run(url, ...line);
    const said = out + err;
    expect({ code, line }).toEqual({ code: 1, line });
    expect(said).toContain(`postgres://${hostname}:${port}${pathname} cannot be used: `);
    expect(said).not.toContain(password);
    expect(said.replaceAll(pathname, '')).not.toContain(`${username}@`);
  }
  return (await run(url, 'users', 'list')).err;
}

describe('a database that cannot be used is told with the reason and what to do', () => {
  const CASES: Readonly<Record<string, [change: (url: URL) => void, says: string]>> = {
    'a password that is wrong': [
      (url) => {
        url.password = 'another-one';
      },
      'the user or the password',
    ],
    'a database that is not there': [
      (url) => {
        url.pathname = '/nowhere';
      },
      'create database NAME',
    ],
    'a port where nothing listens': [
      (url) => {
        url.port = '1';
      },
      'nothing listens there',
    ],
    'a host that is not known': [
      (url) => {
        url.hostname = 'nowhere.invalid';
      },
      'no host of that name',
    ],
    'a server without TLS': [
      (url) => {
        url.search = 'sslmode=verify-full';
      },
      'does not support SSL',
    ],
    'an authority in a file that is not there': [
      (url) => {
        url.search = 'sslmode=verify-full&sslrootcert=%2Fnowhere.pem';
      },
      'a file or socket that the URL names is not there',
    ],
  };

  it.each(Object.entries(CASES))('%s', async (_name, [change, says]) => {
    const url = changed(changed(empty.url, asRole), change);
    expect(await saidOf(url)).toContain(says);
  });

  it('a role that may not make tables', async () => {
    expect(await saidOf(changed(empty.url, asRole))).toContain('CREATE on schema public');
  });

  it('a role that may not read tables', async () => {
    const said = await run(changed(full.url, asRole), 'users', 'list');
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain('its role lacks a right');
  });

  it('a role that may have no more connections', async () => {
    await asAdmin(empty.url, `alter role ${role} connection limit 0`);
    expect(await saidOf(changed(empty.url, asRole))).toContain('too many connections');
    await asAdmin(empty.url, `alter role ${role} connection limit -1`);
  });

  it('a database that is read-only', async () => {
    const name = new URL(empty.url).pathname.slice(1);
    await asAdmin(empty.url, `alter database ${name} set default_transaction_read_only = on`);
    expect(await saidOf(changed(empty.url, asRole))).toContain('must lead to the primary');
    await asAdmin(inject('postgres').admin, `alter database ${name} reset all`);
  });

  it('a database in another encoding', async () => {
    const name = new URL(empty.url).pathname.slice(1);
    await asAdmin(empty.url, `create database ${name}_ascii encoding 'SQL_ASCII' template template0`);
    const url = changed(changed(empty.url, asRole), (to) => {
      to.pathname += '_ascii';
    });
    expect(await saidOf(url)).toContain("encoding 'UTF8'");
    await asAdmin(empty.url, `drop database ${name}_ascii with (force)`);
  });

  it('a database with tables of somebody else', async () => {
    await asAdmin(empty.url, 'create table users (id int)');
    const { code, err } = await run(empty.url, 'migrate', '--status');
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('somebody else: users') });
    await asAdmin(empty.url, 'drop table users');
  });

  it('a version that is too old', () => {
    const server = {
      number: 120_022,
      version: '12.22',
      encoding: 'UTF8',
      recovering: false,
      read_only: false,
    };
    expect(whyUnfitServer(server)).toContain('12.22 is too old');
    expect(whyUnfitServer({ ...server, number: 130_000 })).toBeNull();
    expect(whyUnfitServer({ ...server, number: 130_000, recovering: true })).toContain('primary');
  });
});

it('an empty database that can be migrated is no problem, and is not called missing', async () => {
  expect((await run(empty.url, 'migrate', '--status')).out).toContain('no tables yet');
  expect((await run(empty.url, 'users', 'list')).err).toContain('no tables');
  expect((await run(empty.url, 'doctor')).code).toBe(0);
});

it('tables are in the schema public, wherever the role looks by default', async () => {
  const other = await freshDatabase({ migrated: false });
  const name = new URL(other.url).pathname.slice(1);
  await asAdmin(other.url, 'create schema elsewhere');
  await asAdmin(other.url, `alter database ${name} set search_path = elsewhere`);
  expect(await run(other.url, 'migrate')).toMatchObject({ code: 0 });
  expect(await run(other.url, 'users', 'list')).toMatchObject({ code: 0 });
  expect((await run(other.url, 'keys', 'list')).code).toBe(0);
  await asAdmin(other.url, 'select 1 from public.users, public.counterfoil_migrations');
  await other.drop();
});

describe('doctor', () => {
  const found = async (check: string, environment: Record<string, string> = {}, clock = systemClock) =>
    (await examine({ ...settings(full.url), ...environment }, clock)).filter((row) => row.check === check);

  it('compares the connections of a node with those that the server lets it have', async () => {
    await run(full.url, 'keys', 'list');
    expect(await found('database')).toMatchObject([
      { level: 'ok', says: expect.stringContaining('up to 11 of') },
    ]);
    const greedy = await found('database', { COUNTERFOIL_DATABASE_POOL: '500' });
    expect(greedy).toMatchObject([{ level: 'problem', says: expect.stringContaining('max_connections') }]);
  });

  it('warns where the clock of the server is another than ours', async () => {
    expect(await found('clock')).toMatchObject([{ level: 'ok' }]);
    const fast = { ...systemClock, now: () => systemClock.now() + 40_000 };
    expect(await found('clock', {}, fast)).toMatchObject([
      { level: 'warning', says: expect.stringContaining('40 s behind') },
      { level: 'ok' },
    ]);
  });

  it.each([
    ['postgres://u:p@db.example.com/a', 'problem'],
    ['postgres://u:p@db.example.com/a?sslmode=disable', 'problem'],
    ['postgres://u:p@localhost/a?host=db.example.com', 'problem'],
    ['postgres://u:p@postgres/a?sslmode=disable', 'warning'],
    ['postgres://u:p@db.example.com/a?sslmode=no-verify', 'warning'],
    ['postgres://u:p@db.example.com/a?uselibpqcompat=true&sslmode=require', 'warning'],
    ['postgres://u:p@db.example.com/a?uselibpqcompat=true&sslmode=verify-full', null],
    ['postgres://u:p@db.example.com/a?sslmode=verify-full', null],
    ['postgres://u:p@localhost/a', null],
    ['postgres://u:p@localhost/a?host=/var/run/postgresql', null],
  ])('says of TLS to %s: %s', (url, level) => {
    const environment = settings(url);
    const outcome = readEnvironment(environment);
    if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
    const findings = checkSettings(outcome.config, environment);
    expect(findings.find(({ check }) => check === 'database')?.level ?? null).toBe(level);
  });
});
