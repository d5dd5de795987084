/**
 * Looks at a SQLite file without changing it, beside a running server or alone. A read-only connection to a file in WAL
 * mode would leave an empty WAL behind where there was none; a writable one that only reads cleans up after itself.
 */

import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { DatabaseFacts, DatabaseStatus } from '../ports/inspection.js';
import { loadKeyRing } from './keys.js';
import { migrationStatus } from './migrate.js';
import { movedText, moveOf } from './move.js';

const BUSY_TIMEOUT_MS = 5_000;
const MAX_DAMAGE = 5;

const NEWEST = `select max(at) as at from (
  select max(at) as at from audit_log
  union all select max(at) from revocations
  union all select max(created_at) from users
  union all select max(max(last_seen_at, coalesce(ended_at, 0))) from sessions
  union all select max(published_at) from signing_keys)`;

/** `file` is a path. */
export function sqliteStatus(file: string, migrationsFolder: string): DatabaseStatus {
  if (!existsSync(file)) return { kind: 'absent' };
  try {
    return looking(file, (raw) => {
      const target = moveOf(raw)?.sealedFor ?? null;
      if (target !== null) return { kind: 'closed', reason: movedText(target) };
      return { kind: 'present', ...migrationStatus({ raw }, migrationsFolder) };
    });
  } catch (fault) {
    if (!(fault instanceof Database.SqliteError)) throw fault;
    return { kind: 'unreadable', reason: fault.message };
  }
}

/** Throws where the file is not there or has not had the known migrations. */
export function sqliteFacts(file: string): DatabaseFacts {
  return looking(file, (raw) => {
    const found = raw.pragma(`quick_check(${MAX_DAMAGE})`) as { quick_check: string }[];
    const number = (sql: string) => raw.prepare(sql).pluck().get() as number;
    return {
      damage: found.map((row) => row.quick_check).filter((line) => line !== 'ok'),
      users: number('select count(*) from users'),
      revocationLogRows: number('select count(*) from revocations'),
      newestAt: raw.prepare(NEWEST).pluck().get() as number | null,
      ring: loadKeyRing(drizzle(raw)),
      server: null,
    };
  });
}

function looking<Result>(file: string, look: (raw: Database.Database) => Result): Result {
  const inUse = existsSync(`${file}-wal`);
  const raw = new Database(file, { readonly: inUse, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    raw.pragma('query_only = ON');
    return look(raw);
  } finally {
    raw.close();
  }
}
