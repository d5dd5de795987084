/** The audit log on SQLite; a trigger in the migrations refuses every UPDATE of its rows. */

import { and, asc, desc, eq, gt, inArray, lt, max, sql } from 'drizzle-orm';
import { auditLog } from '../../../schema/sqlite.js';
import { identifierToBytes } from '../../entities/identifier.js';
import { numberCursor, pageOf } from '../paging.js';
import type { AuditLog } from '../ports/audit.js';
import { auditRecordOf } from '../rows.js';
import type { Connection } from './connection.js';
import { appendAudit } from './ending.js';

export function sqliteAudit(connection: Connection): AuditLog {
  const { db } = connection;
  const after = db
    .select()
    .from(auditLog)
    .where(gt(auditLog.sequence, sql.placeholder('sequence')))
    .orderBy(asc(auditLog.sequence))
    .limit(sql.placeholder('limit'))
    .prepare();
  return {
    append: async (event) => connection.loosely(() => appendAudit(db, event)),

    list: async ({ userId, kind }, page) => {
      const after = numberCursor(page.after);
      const rows = db
        .select()
        .from(auditLog)
        .where(
          and(
            userId === null ? undefined : eq(auditLog.userId, identifierToBytes(userId)),
            kind === null ? undefined : eq(auditLog.kind, kind),
            after === null ? undefined : lt(auditLog.sequence, after),
          ),
        )
        .orderBy(desc(auditLog.sequence))
        .limit(page.first + 1)
        .all();
      return pageOf(rows, page.first, (row) => ({ item: auditRecordOf(row), cursor: String(row.sequence) }));
    },

    end: async () =>
      db
        .select({ end: max(auditLog.sequence) })
        .from(auditLog)
        .get()?.end ?? 0,

    after: async (sequence, limit) => {
      connection.expectHere();
      return after.all({ sequence, limit }).map(auditRecordOf);
    },

    // Written out rather than bound, so that SQLite sees that its partial index holds all that is asked for.
    loginAddresses: async (userId, limit) =>
      db
        .select({ ipAddress: auditLog.ipAddress })
        .from(auditLog)
        .where(
          and(
            eq(auditLog.userId, identifierToBytes(userId)),
            sql`kind = 'login.succeeded' and ip_address is not null`,
          ),
        )
        .orderBy(desc(auditLog.sequence))
        .limit(limit)
        .all()
        .flatMap(({ ipAddress }) => ipAddress ?? []),

    prune: async (before, limit) =>
      connection.loosely(() => {
        const old = db
          .select({ sequence: auditLog.sequence })
          .from(auditLog)
          .where(lt(auditLog.at, before))
          .orderBy(auditLog.sequence)
          .limit(limit);
        return db.delete(auditLog).where(inArray(auditLog.sequence, old)).run().changes;
      }),
  };
}
