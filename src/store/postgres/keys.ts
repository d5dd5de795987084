/** The key ring on PostgreSQL: a change is compared with the ring's revision and applies as a whole. */

import { and, eq, inArray, sql } from 'drizzle-orm';
import { keyRing, refreshSecrets, signingKeys } from '../../../schema/postgres.js';
import type { StoredKeyRing } from '../../entities/key-ring.js';
import { NEWS_LIFETIME_MS } from '../../entities/revocation.js';
import type { KeyStore } from '../ports/keys.js';
import { keyOf, keyRowOf } from '../rows.js';
import type { Connection, Drizzled, Transaction } from './connection.js';
import { appendAudit, appendRevocation } from './ending.js';

export function postgresKeys(connection: Connection): KeyStore {
  const stateOf = connection.db
    .select({ state: signingKeys.state })
    .from(signingKeys)
    .where(eq(signingKeys.kid, sql.placeholder('kid')))
    .prepare('signing_key_state');

  return {
    load: () => connection.repeatedly(() => loadKeyRing(connection.db)),

    inForce: async (kid) => {
      const [key] = await connection.repeatedly(() => stateOf.execute({ kid }));
      return key !== undefined && key.state !== 'revoked';
    },

    // In doubt, the log tells: every change writes its revision there.
    change: (change) =>
      connection.durably({ repeatable: true }, async (tx, tell) => {
        const revision = change.from + 1;
        if (!(await swapRevision(tx, change.from, revision))) return { kind: 'lost' as const };
        if (change.drop.length > 0)
          await tx.delete(signingKeys).where(inArray(signingKeys.kid, [...change.drop]));
        for (const key of change.put) {
          const row = keyRowOf(key);
          await tx.insert(signingKeys).values(row).onConflictDoUpdate({ target: signingKeys.kid, set: row });
        }
        for (const secret of change.secrets) {
          const row = { ...secret, sealed: Buffer.from(secret.sealed) };
          await tx
            .insert(refreshSecrets)
            .values(row)
            .onConflictDoUpdate({ target: refreshSecrets.version, set: row });
        }
        for (const { revocation, until } of change.revocations)
          await appendRevocation(tx, tell, revocation, change.at, until);
        const news = { kind: 'keys-changed', revision } as const;
        await appendRevocation(tx, tell, news, change.at, change.at + NEWS_LIFETIME_MS);
        if (change.audit !== null) await appendAudit(tx, change.audit);
        return { kind: 'changed' as const, revision };
      }),
  };
}

/** The ring in one snapshot. */
export function loadKeyRing(db: Drizzled): Promise<StoredKeyRing> {
  return db.transaction(
    async (tx) => {
      const [ring] = await tx.select().from(keyRing);
      const keys = await tx.select().from(signingKeys).orderBy(signingKeys.publishedAt, signingKeys.kid);
      const secrets = await tx.select().from(refreshSecrets).orderBy(refreshSecrets.version);
      return { revision: ring?.revision ?? 0, keys: keys.map(keyOf), secrets };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function swapRevision(tx: Transaction, from: number, to: number): Promise<boolean> {
  const swapped =
    from === 0
      ? await tx.insert(keyRing).values({ id: 1, revision: to }).onConflictDoNothing().returning()
      : await tx
          .update(keyRing)
          .set({ revision: to })
          .where(and(eq(keyRing.id, 1), eq(keyRing.revision, from)))
          .returning();
  return swapped.length === 1;
}
