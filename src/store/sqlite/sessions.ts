/** Sessions on SQLite. The hot statements, `find` and `rotate`, are prepared once. */

import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/sqlite.js';
import { identifierToBytes, type UserId } from '../../entities/identifier.js';
import type { PageRequest } from '../../entities/page.js';
import { pageOf } from '../paging.js';
import type { FoundSession, SessionStore } from '../ports/sessions.js';
import { newSessionRow, sessionOf, userOf } from '../rows.js';
import type { Connection } from './connection.js';
import { appendAudit, endSession, raiseEpoch } from './ending.js';
import { rotationGroup } from './rotation.js';
import { sweepSessions } from './sweep.js';

export function sqliteSessions(connection: Connection): SessionStore {
  const { db } = connection;
  const findStatement = db
    .select()
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare();

  return {
    begin: async (session, audit) =>
      connection.durably((tx) => {
        const userId = identifierToBytes(session.userId);
        const counted = tx
          .update(users)
          .set({ sessionCount: sql`${users.sessionCount} + 1` })
          .where(and(eq(users.id, userId), eq(users.epoch, session.epoch), isNull(users.suspendedAt)))
          .run();
        if (counted.changes === 0) return { kind: 'stale' as const };
        tx.insert(sessions).values(newSessionRow(session)).run();
        appendAudit(tx, audit);
        return { kind: 'begun' as const };
      }),

    find: async (id): Promise<FoundSession | null> => {
      const row = findStatement.get({ id: identifierToBytes(id) });
      return row ? { session: sessionOf(row.sessions), user: userOf(row.users) } : null;
    },

    rotate: rotationGroup(connection),

    end: async (ending) =>
      connection.durably((tx, tell) => {
        const session = endSession(tx, tell, ending);
        return session ? { kind: 'ended', session } : { kind: 'not-found' };
      }),

    endAll: async (ending) =>
      connection.durably((tx, tell) => raiseEpoch(tx, tell, ending) ?? { kind: 'not-found' as const }),

    listLive: async (userId, now, idleTtlMs, page) => listLive(connection, userId, now, idleTtlMs, page),

    sweep: async (request) => sweepSessions(connection, request),
  };
}

/**
 * In the order of rowid, which is the order of logins, newest first. The cursor is the id of the last session seen, since
 * a row's number would tell every user how many sessions the server has had. A dead row stays long enough to page by.
 */
function listLive(connection: Connection, userId: UserId, now: number, idleTtlMs: number, page: PageRequest) {
  const owner = identifierToBytes(userId);
  const rowid = sql`${sessions}.rowid`;
  const seen = page.after === null ? null : Buffer.from(page.after, 'base64url');
  const rows = connection.db
    .select({ session: sessions })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.epoch, sessions.epoch)))
    .where(
      and(
        eq(sessions.userId, owner),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, now - idleTtlMs),
        seen === null
          ? undefined
          : sql`${rowid} < (select rowid from sessions where id = ${seen} and user_id = ${owner})`,
      ),
    )
    .orderBy(desc(rowid))
    .limit(page.first + 1)
    .all();
  return pageOf(rows, page.first, ({ session }) => ({
    item: sessionOf(session),
    cursor: sessionOf(session).id,
  }));
}
