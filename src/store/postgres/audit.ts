/** The audit log on PostgreSQL; a trigger in the migrations refuses every UPDATE of its rows. */

import { and, asc, desc, eq, gt, inArray, lt, max, sql } from 'drizzle-orm';
import { auditLog } from '../../../schema/postgres.js';
import { identifierToBytes } from '../../entities/identifier.js';
import { numberCursor, pageOf } from '../paging.js';
import type { AuditLog } from '../ports/audit.js';
import { auditRecordOf } from '../rows.js';
import type { Connection } from './connection.js';
import { LOOSELY } from './connection-settings.js';
import { auditRowOf } from './ending.js';

const APPEND = `with loosely as (${LOOSELY})
  insert into audit_log (at, kind, user_id, actor_id, session_id, ip_address, detail)
  select $1::bigint, $2, $3::bytea, $4::bytea, $5::bytea, $6, $7 from loosely`;

export function postgresAudit(connection: Connection): AuditLog {
  const { db, pool } = connection;
  return {
    // Alone, an event is worth no waiting; with what it tells of, it is written by `ending.ts`. Where a connection breaks
    // it may be written twice, which is better than not at all.
    append: async (event) => {
      const row = auditRowOf(event);
      const { at, kind, userId, actorId, sessionId, ipAddress, detail } = row;
      const values = [at, kind, userId, actorId, sessionId, ipAddress, detail];
      await connection.repeatedly(() => pool.query({ name: 'append_audit', text: APPEND, values }));
    },

    list: async ({ userId, kind }, page) => {
      const after = numberCursor(page.after);
      const rows = await connection.repeatedly(() =>
        db
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
          .limit(page.first + 1),
      );
      return pageOf(rows, page.first, (row) => ({ item: auditRecordOf(row), cursor: String(row.sequence) }));
    },

    end: async () => {
      const [row] = await connection.repeatedly(() =>
        db.select({ end: max(auditLog.sequence) }).from(auditLog),
      );
      return row?.end ?? 0;
    },

    after: async (sequence, limit) => {
      const rows = await connection.repeatedly(() =>
        db
          .select()
          .from(auditLog)
          .where(gt(auditLog.sequence, sequence))
          .orderBy(asc(auditLog.sequence))
          .limit(limit),
      );
      return rows.map(auditRecordOf);
    },

    loginAddresses: async (userId, limit) => {
      const rows = await connection.repeatedly(() =>
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
          .limit(limit),
      );
      return rows.flatMap(({ ipAddress }) => ipAddress ?? []);
    },

    prune: (before, limit) =>
      connection.repeatedly(async () => {
        const old = db
          .select({ sequence: auditLog.sequence })
          .from(auditLog)
          .where(lt(auditLog.at, before))
          .orderBy(asc(auditLog.at))
          .limit(limit);
        const { rowCount } = await db.delete(auditLog).where(inArray(auditLog.sequence, old));
        return rowCount ?? 0;
      }),
  };
}
