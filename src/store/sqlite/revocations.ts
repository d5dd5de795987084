/** The revocation log on SQLite. One writer at a time, so rows become visible in the order of their numbers. */

import { and, asc, gt, lte, sql } from 'drizzle-orm';
import { revocations } from '../../../schema/sqlite.js';
import type { RevocationLog } from '../ports/revocations.js';
import type { Connection } from './connection.js';
import { revocationEntryOf } from './rows.js';

export function sqliteRevocations(connection: Connection): RevocationLog {
  const since = connection.db
    .select()
    .from(revocations)
    .where(
      and(
        gt(revocations.sequence, sql.placeholder('sequence')),
        gt(revocations.until, sql.placeholder('now')),
      ),
    )
    .orderBy(asc(revocations.sequence))
    .prepare();

  return {
    since: async (sequence, now) => since.all({ sequence, now }).map(revocationEntryOf),
    subscribe: (listener) => connection.subscribe(listener),
    prune: async (now) =>
      connection.loosely(
        () => connection.db.delete(revocations).where(lte(revocations.until, now)).run().changes,
      ),
  };
}
