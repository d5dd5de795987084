/** Users on SQLite. */

import { and, desc, eq, getTableColumns, isNull, or, sql } from 'drizzle-orm';
import { users } from '../../../schema/sqlite.js';
import { identifierToBytes, type UserId } from '../../entities/identifier.js';
import type { PageRequest } from '../../entities/page.js';
import { emailKey } from '../../entities/user.js';
import { numberCursor, pageOf } from '../paging.js';
import type { Grounds, UserStore } from '../ports/users.js';
import { newUserRow, userOf } from '../rows.js';
import type { Connection, Transaction } from './connection.js';
import { appendAudit, isAlive, raiseEpoch, removeUser } from './ending.js';

const NOT_FOUND = { kind: 'not-found' } as const;

export function sqliteUsers(connection: Connection): UserStore {
  const { db } = connection;
  const byId = rowByKey(
    connection,
    db
      .select()
      .from(users)
      .where(eq(users.id, sql.placeholder('id'))),
    Object.keys(getTableColumns(users)),
  );
  const byEmail = db
    .select()
    .from(users)
    .where(eq(users.emailKey, sql.placeholder('emailKey')))
    .prepare();
  const credentials = (row: typeof users.$inferSelect | undefined) =>
    row ? { user: userOf(row), passwordHash: row.passwordHash } : null;

  return {
    create: async (user, audit) =>
      connection.durably((tx) => {
        const row = tx
          .insert(users)
          .values(newUserRow(user))
          .onConflictDoNothing({ target: users.emailKey })
          .returning()
          .get();
        if (row === undefined) return { kind: 'email-taken' as const };
        appendAudit(tx, audit);
        return { kind: 'created' as const, user: userOf(row) };
      }),

    find: async (id) => {
      const row = byId(identifierToBytes(id));
      return row ? userOf(row) : null;
    },
    credentialsById: async (id) => credentials(byId(identifierToBytes(id))),
    credentialsByEmail: async (email) => credentials(byEmail.get({ emailKey: emailKey(email) })),

    list: async (page, search) => listUsers(connection, page, search),

    rehash: async (id, from, to) => {
      connection.durably((tx) =>
        tx
          .update(users)
          .set({ passwordHash: to })
          .where(and(eq(users.id, identifierToBytes(id)), eq(users.passwordHash, from)))
          .run(),
      );
    },

    changePassword: async ({ from, to, ...ending }) =>
      connection.durably((tx, tell) => {
        const { survivor, userId } = ending;
        if (survivor !== null && !isAlive(tx, survivor, userId)) return { kind: 'stale' as const };
        const changed = tx
          .update(users)
          .set({ passwordHash: to })
          .where(
            and(
              eq(users.id, identifierToBytes(ending.userId)),
              eq(users.passwordHash, from),
              isNull(users.suspendedAt),
            ),
          )
          .run();
        if (changed.changes === 0) return { kind: 'stale' as const };
        return raiseEpoch(tx, tell, ending) ?? { kind: 'stale' as const };
      }),

    suspend: async ({ reason, ...ending }) =>
      connection.durably((tx, tell) => {
        tx.update(users)
          .set({ suspendedAt: ending.at, suspendedReason: reason })
          .where(eq(users.id, identifierToBytes(ending.userId)))
          .run();
        return raiseEpoch(tx, tell, { ...ending, survivor: null }) ?? NOT_FOUND;
      }),

    reinstate: async (id, audit) =>
      connection.durably((tx) => {
        const row = tx
          .update(users)
          .set({ suspendedAt: null, suspendedReason: null })
          .where(eq(users.id, identifierToBytes(id)))
          .returning()
          .get();
        if (row === undefined) return NOT_FOUND;
        appendAudit(tx, audit);
        return { kind: 'reinstated' as const, user: userOf(row) };
      }),

    remove: async (ending, grounds) =>
      connection.durably((tx, tell) => {
        if (grounds !== undefined && !holds(tx, grounds, ending.userId)) return NOT_FOUND;
        return removeUser(tx, tell, ending) ?? NOT_FOUND;
      }),
  };
}

/**
 * A user's row by a single key, for the request that reads nothing else: the SQL is Drizzle's, the mapping is left out.
 * No column of this table has one: what SQLite gives is what the row holds.
 */
function rowByKey(connection: Connection, query: { toSQL(): { sql: string } }, names: readonly string[]) {
  const statement = connection.raw.prepare(query.toSQL().sql).raw();
  return (key: Buffer): typeof users.$inferSelect | undefined => {
    const values = statement.get(key) as unknown[] | undefined;
    if (values === undefined) return undefined;
    const row: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at++) row[names[at] ?? ''] = values[at];
    return row as typeof users.$inferSelect;
  };
}

function holds(tx: Transaction, { passwordHash, sessionId }: Grounds, userId: UserId): boolean {
  const row = tx
    .select()
    .from(users)
    .where(eq(users.id, identifierToBytes(userId)))
    .get();
  const asked = sessionId === null || isAlive(tx, sessionId, userId);
  return row?.passwordHash === passwordHash && row.suspendedAt === null && asked;
}

/** In the order of rowid, which is the order of registration, newest first. */
function listUsers(connection: Connection, page: PageRequest, search: string | null) {
  const rowid = sql<number>`${users}.rowid`;
  const after = numberCursor(page.after);
  const pattern = search === null ? null : `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const rows = connection.db
    .select({ rowid, user: users })
    .from(users)
    .where(
      and(
        after === null ? undefined : sql`${rowid} < ${after}`,
        pattern === null
          ? undefined
          : or(
              sql`${users.email} like ${pattern} escape '\\'`,
              sql`${users.name} like ${pattern} escape '\\'`,
            ),
      ),
    )
    .orderBy(desc(rowid))
    .limit(page.first + 1)
    .all();
  return pageOf(rows, page.first, (row) => ({ item: userOf(row.user), cursor: String(row.rowid) }));
}
