/** Verifiers' credentials on SQLite. */

import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { verifiers } from '../../../schema/sqlite.js';
import { identifierToBytes } from '../../entities/identifier.js';
import type { VerifierStore } from '../ports/verifiers.js';
import { verifierOf } from '../rows.js';
import type { Connection } from './connection.js';
import { appendAudit } from './ending.js';

export function sqliteVerifiers(connection: Connection): VerifierStore {
  const { db } = connection;
  return {
    create: async ({ verifier, secretHash }, audit) =>
      connection.durably((tx) => {
        const { name, createdAt, withdrawnAt } = verifier;
        const id = identifierToBytes(verifier.id);
        tx.insert(verifiers)
          .values({ id, name, secretHash: Buffer.from(secretHash), createdAt, withdrawnAt })
          .run();
        appendAudit(tx, audit);
      }),

    find: async (id) => {
      const row = db
        .select()
        .from(verifiers)
        .where(eq(verifiers.id, identifierToBytes(id)))
        .get();
      return row ? { verifier: verifierOf(row), secretHash: row.secretHash } : null;
    },

    list: async () =>
      db
        .select()
        .from(verifiers)
        .orderBy(desc(sql`${verifiers}.rowid`))
        .all()
        .map(verifierOf),

    withdraw: async (id, at, audit) =>
      connection.durably((tx) => {
        const row = tx
          .update(verifiers)
          .set({ withdrawnAt: at })
          .where(and(eq(verifiers.id, identifierToBytes(id)), isNull(verifiers.withdrawnAt)))
          .returning()
          .get();
        if (row === undefined) return { kind: 'not-found' as const };
        appendAudit(tx, audit);
        return { kind: 'withdrawn' as const, verifier: verifierOf(row) };
      }),
  };
}
