/** Sessions on PostgreSQL. The hot statements, `find` and `rotate`, are prepared under a name on each connection. */

import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/postgres.js';
import { identifierToBytes, type UserId } from '../../entities/identifier.js';
import type { PageRequest } from '../../entities/page.js';
import { pageOf } from '../paging.js';
import type { SessionStore } from '../ports/sessions.js';
import { newSessionRow, sessionOf, userOf } from '../rows.js';
import type { Connection } from './connection.js';
import { appendAudit, endSession, raiseEpoch } from './ending.js';
import { rotator } from './rotation.js';
import { sweepSessions } from './sweep.js';

export function postgresSessions(connection: Connection): SessionStore {
  const findStatement = connection.db
    .select()
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare('find_session');

  return {
    // Done twice, the second finds the session that the first began, and the user still counted for it.
    begin: (session, audit) =>
      connection.durably({ repeatable: true }, async (tx) => {
        const userId = identifierToBytes(session.userId);
        const counted = await tx
          .update(users)
          .set({ sessionCount: sql`${users.sessionCount} + 1` })
          .where(and(eq(users.id, userId), eq(users.epoch, session.epoch), isNull(users.suspendedAt)))
          .returning({ id: users.id });
        if (counted.length === 0) return { kind: 'stale' as const };
        const begun = await tx
          .insert(sessions)
          .values(newSessionRow(session))
          .onConflictDoNothing({ target: sessions.id })
          .returning({ id: sessions.id });
        if (begun.length === 0) {
          await tx
            .update(users)
            .set({ sessionCount: sql`${users.sessionCount} - 1` })
            .where(eq(users.id, userId));
        } else await appendAudit(tx, audit);
        return { kind: 'begun' as const };
      }),

    find: async (id) => {
      const [row] = await connection.repeatedly(() => findStatement.execute({ id: identifierToBytes(id) }));
      return row ? { session: sessionOf(row.sessions), user: userOf(row.users) } : null;
    },

    rotate: rotator(connection),

    // In doubt, the log tells whether it happened; so, too, for all that ends sessions below and in `users.ts`.
    end: (ending) =>
      connection.durably({ repeatable: true }, async (tx, tell) => {
        const session = await endSession(tx, tell, ending);
        return session ? { kind: 'ended' as const, session } : { kind: 'not-found' as const };
      }),

    endAll: (ending) =>
      connection.durably(
        { repeatable: true },
        async (tx, tell) => (await raiseEpoch(tx, tell, ending)) ?? { kind: 'not-found' as const },
      ),

    listLive: (userId, now, idleTtlMs, page) =>
      connection.repeatedly(() => listLive(connection, userId, now, idleTtlMs, page)),

    sweep: (request) => sweepSessions(connection, request),
  };
}

/**
 * In the order of logins, newest first. The cursor is the id of the last session seen, since a row's number would tell
 * every user how many sessions the server has had. A dead row stays long enough to page by.
 */
async function listLive(
  connection: Connection,
  userId: UserId,
  now: number,
  idleTtlMs: number,
  page: PageRequest,
) {
  const owner = identifierToBytes(userId);
  const seen = page.after === null ? null : Buffer.from(page.after, 'base64url');
  const rows = await connection.db
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
          : sql`${sessions.number} < (select number from sessions where id = ${seen} and user_id = ${owner})`,
      ),
    )
    .orderBy(desc(sessions.number))
    .limit(page.first + 1);
  return pageOf(rows, page.first, ({ session }) => ({
    item: sessionOf(session),
    cursor: sessionOf(session).id,
  }));
}
