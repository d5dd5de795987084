/** The revocation log on SQLite. One writer at a time, so rows become visible in the order of their numbers. */

import { and, asc, gt, inArray, lte, sql } from 'drizzle-orm';
import { revocations } from '../../../schema/sqlite.js';
import type { RevocationLog } from '../ports/revocations.js';
import { revocationEntryOf } from '../rows.js';
import type { Connection } from './connection.js';

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
    // A position is the number of the last row read.
    read: async (position, now) => {
      // Read many times a second: that is where a process learns that its deployment has moved.
      connection.lookWhetherMoved();
      connection.expectHere();
      const entries = since.all({ sequence: Number(position ?? 0), now }).map(revocationEntryOf);
      return { entries, position: String(entries.at(-1)?.sequence ?? position ?? 0), now: null };
    },
    subscribe: (listener) => connection.subscribe((entries) => listener({ kind: 'entries', entries })),
    prune: async (now, limit) =>
      connection.loosely(() => {
        const dead = connection.db
          .select({ sequence: revocations.sequence })
          .from(revocations)
          .where(lte(revocations.until, now))
          .orderBy(asc(revocations.sequence))
          .limit(limit);
        return connection.db.delete(revocations).where(inArray(revocations.sequence, dead)).run().changes;
      }),
  };
}
