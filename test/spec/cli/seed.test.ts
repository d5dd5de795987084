import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../../seeds/people.js';
import { commandIn, type Ran } from '../../support/command.js';

/** Everything but what the system's own randomness and clock made: keys, and the operations on them. */
const TABLES: Record<string, string> = {
  users: 'select * from users order by rowid',
  sessions: 'select * from sessions order by rowid',
  audit:
    "select at, kind, user_id, session_id, ip_address, detail from audit_log where kind not like 'key%' order by sequence",
};

describe('the demo', () => {
  const folders: string[] = [];
  const ran: Ran[] = [];

  beforeAll(async () => {
    for (const name of ['first-', 'second-']) {
      const folder = mkdtempSync(join(tmpdir(), name));
      folders.push(folder);
      ran.push(await commandIn(folder)(['seed']));
    }
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  function rows(folder: string | undefined, sql: string): unknown[] {
    const raw = new Database(join(folder ?? '', 'data', 'counterfoil.db'), { readonly: true });
    try {
      return raw.prepare(sql).all();
    } finally {
      raw.close();
    }
  }

  it('has 50 users and an operator, 200 devices and more, and prints how to sign in', () => {
    expect(ran[0]?.code).toBe(0);
    expect(ran[0]?.out).toContain('operator@demo.example');
    expect(PEOPLE).toHaveLength(50);
    expect(rows(folders[0], 'select id from users')).toHaveLength(51);
    expect(rows(folders[0], 'select id from sessions').length).toBeGreaterThanOrEqual(200);
    expect(rows(folders[0], "select * from users where roles = 'USER OPERATOR'")).toHaveLength(1);
  });

  it('leaves most devices signed in, for somebody who looks at it today', () => {
    const idleSince = Date.now() - 14 * 86_400_000;
    const live = `select s.id from sessions s join users u on u.id = s.user_id
      where s.ended_at is null and s.epoch = u.epoch and u.suspended_at is null and s.last_seen_at > ${idleSince}`;
    expect(rows(folders[0], live).length).toBeGreaterThan(150);
  });

  it('is planted where the environment names an operator, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'third-'));
    folders.push(folder);
    const operator = {
      COUNTERFOIL_OPERATOR_EMAIL: 'op@example.com',
      COUNTERFOIL_OPERATOR_PASSWORD: 'zebra quartz lamp 9',
    };
    expect((await commandIn(folder, operator)(['seed'])).code).toBe(0);
    expect(rows(folder, 'select id from users')).toHaveLength(51);
  });

  it('shows progress', () => {
    expect(ran[0]?.err).toContain('seeding: 100 %');
  });

  it('has a history: refreshes, wrong passwords, logouts, a token used twice, a suspension, a key rotated', () => {
    const kinds = rows(folders[0], 'select distinct kind from audit_log').map(
      (row) => (row as { kind: string }).kind,
    );
    for (const kind of [
      'login.failed',
      'session.ended',
      'session.reuse-detected',
      'user.suspended',
      'key.rotated',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(rows(folders[0], 'select id from sessions where generation > 0').length).toBeGreaterThan(20);
  });

  it('lies in the past', () => {
    const latest = "select max(at) as at from audit_log where kind not like 'key%'";
    expect((rows(folders[0], latest)[0] as { at: number }).at).toBeLessThanOrEqual(Date.now());
  });

  it.each(Object.entries(TABLES))('is the same each time it is planted: %s', (_table, sql) => {
    expect(rows(folders[1], sql)).toEqual(rows(folders[0], sql));
  });

  it('is sealed and signed with keys that differ each time', () => {
    const secret = 'select sealed from refresh_secrets';
    expect(rows(folders[1], secret)).not.toEqual(rows(folders[0], secret));
  });

  it('leaves other users and their signing keys as they are when it is planted beside them by force', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourth-'));
    folders.push(folder);
    const run = commandIn(folder);
    const ada = ['users', 'create', '--email', 'ada@example.com', '--password-stdin'];
    expect((await run(ada, 'zebra quartz lamp 9\n')).code).toBe(0);
    const keys = 'select kid, state from signing_keys order by kid';
    const before = rows(folder, keys);
    expect(before).toHaveLength(2);
    expect((await run(['seed'])).code).toBe(1);
    expect((await run(['seed', '--force'])).code).toBe(0);
    expect(rows(folder, keys)).toEqual(before);
    expect(rows(folder, 'select id from users')).toHaveLength(52);
  });

  it('is not planted twice, nor beside users unless by force, nor in production', async () => {
    const folder = folders[0] ?? '';
    expect((await commandIn(folder)(['seed'])).code).toBe(1);
    expect((await commandIn(folder)(['seed', '--force'])).code).toBe(1);
    const production = { NODE_ENV: 'production', COUNTERFOIL_ISSUER: 'https://auth.example.com' };
    expect((await commandIn(folder, production)(['seed', '--force'])).code).toBe(1);
    expect(rows(folder, 'select id from users')).toHaveLength(51);
  });
});
