/** Leases on PostgreSQL, by the clock of the server. The table is not logged: after a crash nobody holds a lease. */

import { and, eq, sql } from 'drizzle-orm';
import { leases } from '../../../schema/postgres.js';
import type { Leases } from '../ports/leases.js';
import type { Connection } from './connection.js';

const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export function postgresLeases(connection: Connection): Leases {
  const { db } = connection;
  return {
    hold: (name, holder, ttlMs) =>
      connection.repeatedly(async () => {
        const until = sql<number>`${NOW} + ${ttlMs}::bigint`;
        const held = await db
          .insert(leases)
          .values({ name, holder, until })
          .onConflictDoUpdate({
            target: leases.name,
            set: { holder, until },
            setWhere: sql`${leases.holder} = ${holder} or ${leases.until} <= ${NOW}`,
          })
          .returning({ name: leases.name });
        return held.length === 1;
      }),

    release: (name, holder) =>
      connection.repeatedly(async () => {
        await db.delete(leases).where(and(eq(leases.name, name), eq(leases.holder, holder)));
      }),
  };
}
