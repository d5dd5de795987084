/** Users on PostgreSQL. */

import { and, desc, eq, ilike, lt, or, sql } from 'drizzle-orm';
import { users } from '../../../schema/postgres.js';
import { identifierToBytes, type UserId } from '../../entities/identifier.js';
import type { PageRequest } from '../../entities/page.js';
import { emailKey } from '../../entities/user.js';
import { numberCursor, pageOf } from '../paging.js';
import type { Grounds, UserStore } from '../ports/users.js';
import { newUserRow, userOf } from '../rows.js';
import type { Connection, Transaction } from './connection.js';
import { appendAudit, isAlive, lockedUser, raiseEpoch, removeUser } from './ending.js';

const NOT_FOUND = { kind: 'not-found' } as const;
const STALE = { kind: 'stale' } as const;

export function postgresUsers(connection: Connection): UserStore {
  const { db } = connection;
  const byId = db
    .select()
    .from(users)
    .where(eq(users.id, sql.placeholder('id')))
    .prepare('user_by_id');
  const byEmail = db
    .select()
    .from(users)
    .where(eq(users.emailKey, sql.placeholder('emailKey')))
    .prepare('user_by_email');
  const rowById = async (id: UserId) => {
    const [row] = await connection.repeatedly(() => byId.execute({ id: identifierToBytes(id) }));
    return row;
  };
  const credentials = (row: typeof users.$inferSelect | undefined) =>
    row ? { user: userOf(row), passwordHash: row.passwordHash } : null;

  return {
    // Done twice, the second finds the address taken, and by the very user that it was to make.
    create: (user, audit) =>
      connection.durably({ repeatable: true }, async (tx) => {
        const [row] = await tx
          .insert(users)
          .values(newUserRow(user))
          .onConflictDoNothing({ target: users.emailKey })
          .returning();
        if (row !== undefined) {
          await appendAudit(tx, audit);
          return { kind: 'created' as const, user: userOf(row) };
        }
        const [same] = await tx
          .select()
          .from(users)
          .where(and(eq(users.emailKey, emailKey(user.email)), eq(users.id, identifierToBytes(user.id))));
        return same ? { kind: 'created' as const, user: userOf(same) } : { kind: 'email-taken' as const };
      }),

    find: async (id) => {
      const row = await rowById(id);
      return row ? userOf(row) : null;
    },
    credentialsById: async (id) => credentials(await rowById(id)),
    credentialsByEmail: async (email) => {
      if (isNoText(email)) return null;
      const [row] = await connection.repeatedly(() => byEmail.execute({ emailKey: emailKey(email) }));
      return credentials(row);
    },

    list: (page, search) => connection.repeatedly(() => listUsers(connection, page, search)),

    rehash: (id, from, to) =>
      connection.durably({ repeatable: true }, async (tx) => {
        await tx
          .update(users)
          .set({ passwordHash: to })
          .where(and(eq(users.id, identifierToBytes(id)), eq(users.passwordHash, from)));
      }),

    // In doubt, the log tells whether it happened: the new hash alone might be that of another change.
    changePassword: ({ from, to, ...ending }) =>
      connection.durably({ repeatable: true }, async (tx, tell) => {
        const user = await lockedUser(tx, ending.userId);
        if (user === null || user.passwordHash !== from || user.suspendedAt !== null) return STALE;
        if (ending.survivor !== null && !(await isAlive(tx, ending.survivor, user))) return STALE;
        await tx.update(users).set({ passwordHash: to }).where(eq(users.id, user.id));
        return (await raiseEpoch(tx, tell, ending)) ?? STALE;
      }),

    // In doubt, the log tells.
    suspend: ({ reason, ...ending }) =>
      connection.durably({ repeatable: true }, async (tx, tell) => {
        const user = await lockedUser(tx, ending.userId);
        if (user === null) return NOT_FOUND;
        await tx
          .update(users)
          .set({ suspendedAt: ending.at, suspendedReason: reason })
          .where(eq(users.id, user.id));
        return (await raiseEpoch(tx, tell, { ...ending, survivor: null })) ?? NOT_FOUND;
      }),

    reinstate: (id, audit) =>
      connection.durably({ repeatable: true }, async (tx) => {
        const [row] = await tx
          .update(users)
          .set({ suspendedAt: null, suspendedReason: null })
          .where(eq(users.id, identifierToBytes(id)))
          .returning();
        if (row === undefined) return NOT_FOUND;
        await appendAudit(tx, audit);
        return { kind: 'reinstated' as const, user: userOf(row) };
      }),

    // In doubt, the log tells: that nobody is there any more might be the doing of another.
    remove: (ending, grounds) =>
      connection.durably({ repeatable: true }, async (tx, tell) => {
        if (grounds !== undefined && !(await holds(tx, grounds, ending.userId))) return NOT_FOUND;
        return (await removeUser(tx, tell, ending)) ?? NOT_FOUND;
      }),
  };
}

/** PostgreSQL's texts hold no NUL, so nobody is found by one; asking would be an error. */
function isNoText(text: string): boolean {
  return text.includes('\0');
}

async function holds(tx: Transaction, { passwordHash, sessionId }: Grounds, userId: UserId) {
  const user = await lockedUser(tx, userId);
  if (user?.passwordHash !== passwordHash || user.suspendedAt !== null) return false;
  return sessionId === null || (await isAlive(tx, sessionId, user));
}

/** In the order of registration, newest first. */
async function listUsers({ db }: Connection, page: PageRequest, search: string | null) {
  if (search !== null && isNoText(search)) return { items: [], hasNextPage: false };
  const after = numberCursor(page.after);
  const pattern = search === null ? null : `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const rows = await db
    .select()
    .from(users)
    .where(
      and(
        after === null ? undefined : lt(users.number, after),
        pattern === null ? undefined : or(ilike(users.email, pattern), ilike(users.name, pattern)),
      ),
    )
    .orderBy(desc(users.number))
    .limit(page.first + 1);
  return pageOf(rows, page.first, (row) => ({ item: userOf(row), cursor: String(row.number) }));
}
