/** Verifiers' credentials on PostgreSQL. */

import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { verifiers } from '../../../schema/postgres.js';
import { identifierToBytes } from '../../entities/identifier.js';
import type { VerifierStore } from '../ports/verifiers.js';
import { verifierOf } from '../rows.js';
import type { Connection } from './connection.js';
import { appendAudit } from './ending.js';

export function postgresVerifiers(connection: Connection): VerifierStore {
  const { db } = connection;
  const byId = db
    .select()
    .from(verifiers)
    .where(eq(verifiers.id, sql.placeholder('id')))
    .prepare('verifier_by_id');

  return {
    // Done twice, the second finds the verifier that the first made.
    create: ({ verifier, secretHash }, audit) =>
      connection.durably({ repeatable: true }, async (tx) => {
        const { name, createdAt, withdrawnAt } = verifier;
        const id = identifierToBytes(verifier.id);
        const made = await tx
          .insert(verifiers)
          .values({ id, name, secretHash: Buffer.from(secretHash), createdAt, withdrawnAt })
          .onConflictDoNothing({ target: verifiers.id })
          .returning({ id: verifiers.id });
        if (made.length === 1) await appendAudit(tx, audit);
      }),

    find: async (id) => {
      const [row] = await connection.repeatedly(() => byId.execute({ id: identifierToBytes(id) }));
      return row ? { verifier: verifierOf(row), secretHash: row.secretHash } : null;
    },

    list: async () => {
      const rows = await connection.repeatedly(() =>
        db.select().from(verifiers).orderBy(desc(verifiers.number)),
      );
      return rows.map(verifierOf);
    },

    // Not repeated where nobody knows whether it happened: the second would find none to withdraw.
    withdraw: (id, at, audit) =>
      connection.durably({ repeatable: false }, async (tx) => {
        const [row] = await tx
          .update(verifiers)
          .set({ withdrawnAt: at })
          .where(and(eq(verifiers.id, identifierToBytes(id)), isNull(verifiers.withdrawnAt)))
          .returning();
        if (row === undefined) return { kind: 'not-found' as const };
        await appendAudit(tx, audit);
        return { kind: 'withdrawn' as const, verifier: verifierOf(row) };
      }),
  };
}
