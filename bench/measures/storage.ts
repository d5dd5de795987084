/**
 * Storage: the pages that the sessions table and its indexes take, by SQLite's own account, for each session in it.
 * Sessions that have just begun and sessions that have rotated, as written (indexes as loosely filled as random ids
 * leave them) and after a VACUUM. The greatest is what counts. Needs no server: the store writes the rows to copy.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseFile, environmentOf } from '../../lab/harness/server.js';
import { createUser } from '../../src/account/register.js';
import { createApp } from '../../src/app.js';
import { readEnvironment } from '../../src/config/environment.js';
import { auditEvent } from '../../src/entities/audit.js';
import { addSessions } from '../bulk-sessions.js';
import type { Figure, Measure } from '../measure.js';

const CLIENT = {
  deviceName: 'Ada’s MacBook Pro',
  clientLabel: 'Chrome on Android',
  ipAddress: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
};

export const storage: Measure = {
  name: 'storage',
  async run({ plan, folder, say }) {
    const sessions = plan.quick ? 10_000 : 100_000;
    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      const begun = await bytesOf(join(folder, `begun-${round}`), sessions, false);
      const rotated = await bytesOf(join(folder, `rotated-${round}`), sessions, true);
      figures.push({
        budget: 'storage',
        round,
        value: Math.max(begun.asWritten, rotated.asWritten),
        parts: [
          { what: 'a session that has begun, as written', value: begun.asWritten, unit: 'bytes' },
          { what: 'a session that has rotated, as written', value: rotated.asWritten, unit: 'bytes' },
          { what: 'a session that has rotated, after VACUUM', value: rotated.vacuumed, unit: 'bytes' },
          { what: 'its login in the audit log, not counted', value: begun.audit, unit: 'bytes' },
        ],
      });
    }
    return figures;
  },
};

interface Bytes {
  readonly asWritten: number;
  readonly vacuumed: number;
  readonly audit: number;
}

async function bytesOf(folder: string, count: number, rotated: boolean): Promise<Bytes> {
  mkdirSync(folder);
  await oneSession(folder);
  const file = databaseFile(folder);
  addSessions(file, { count: count - 1, owner: null, rotated });
  const database = new Database(file);
  try {
    const asWritten = pagesOf(database, 'sessions') / count;
    database.exec('vacuum');
    const vacuumed = pagesOf(database, 'sessions') / count;
    return { asWritten, vacuumed, audit: auditOf(database, count) };
  } finally {
    database.close();
  }
}

/** Of a table and its indexes. */
function pagesOf(database: Database.Database, table: string): number {
  const bytes = database
    .prepare(
      'select sum(pgsize) from dbstat where name in (select name from sqlite_schema where tbl_name = ?)',
    )
    .pluck()
    .get(table);
  return Number(bytes);
}

/** What each login leaves in the audit log: not the session's, and swept by another clock, but on the same disk. */
function auditOf(database: Database.Database, count: number): number {
  const names = (database.pragma('table_info(audit_log)') as { name: string }[]).map(({ name }) => name);
  const columns = names.filter((name) => name !== 'sequence');
  const fresh = (name: string) =>
    name.endsWith('_id') ? `iif(${name} is null, null, randomblob(16))` : name;
  database
    .prepare(
      `insert into audit_log (${columns.join(', ')})
        with recursive copies(n) as (values (1) union all select n + 1 from copies where n < ?)
        select ${columns.map(fresh).join(', ')}
        from copies, (select * from audit_log where kind = 'login.succeeded' limit 1)`,
    )
    .run(count);
  return pagesOf(database, 'audit_log') / count;
}

/** A database with one user, who has signed in once. */
async function oneSession(folder: string): Promise<void> {
  const read = readEnvironment(environmentOf({ model: 'hybrid', folder }));
  if (read.kind === 'bad') throw new Error(JSON.stringify(read.problems));
  const app = await createApp(read.config);
  try {
    const { parts } = app;
    const caller = { ipAddress: CLIENT.ipAddress, clientLabel: CLIENT.clientLabel };
    const account = { email: 'ada@example.test', password: 'orchid kettle granite 41', name: 'Ada' };
    const admission = { roles: ['USER'], as: 'user.registered', caller } as const;
    const created = await createUser(parts, account, admission);
    if (created.kind !== 'created') throw new Error(`no user: ${created.kind}`);
    const about = { userId: created.user.id, ipAddress: caller.ipAddress };
    const audit = auditEvent('login.succeeded', parts.clock.now(), about);
    const begun = await parts.model.begin(created.user, { delivery: 'cookie', client: CLIENT, audit });
    if (begun === null) throw new Error('no session');
  } finally {
    await app.stop();
  }
}
