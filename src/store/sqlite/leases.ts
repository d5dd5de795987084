/** Leases on SQLite. The clock of the database is that of the machine, which all its processes share. */

import { and, eq, sql } from 'drizzle-orm';
import { leases } from '../../../schema/sqlite.js';
import type { Leases } from '../ports/leases.js';
import type { Connection } from './connection.js';

const NOW = sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;

export function sqliteLeases(connection: Connection): Leases {
  return {
    hold: async (name, holder, ttlMs) => {
      const until = sql<number>`${NOW} + ${ttlMs}`;
      const { changes } = connection.loosely(() =>
        connection.db
          .insert(leases)
          .values({ name, holder, until })
          .onConflictDoUpdate({
            target: leases.name,
            set: { holder, until },
            setWhere: sql`${leases.holder} = ${holder} or ${leases.until} <= ${NOW}`,
          })
          .run(),
      );
      return changes === 1;
    },
    release: async (name, holder) => {
      connection.loosely(() =>
        connection.db
          .delete(leases)
          .where(and(eq(leases.name, name), eq(leases.holder, holder)))
          .run(),
      );
    },
  };
}
