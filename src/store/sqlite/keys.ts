/** The key ring on SQLite: a change is compared with the ring's revision and applies as a whole. */

import { and, eq, inArray } from 'drizzle-orm';
import { keyRing, refreshSecrets, signingKeys } from '../../../schema/sqlite.js';
import type { StoredKeyRing } from '../../entities/key-ring.js';
import { NEWS_LIFETIME_MS } from '../../entities/revocation.js';
import type { KeyStore } from '../ports/keys.js';
import { keyOf, keyRowOf } from '../rows.js';
import type { Connection, Drizzled, Transaction } from './connection.js';
import { appendAudit, appendRevocation } from './ending.js';

export function sqliteKeys(connection: Connection): KeyStore {
  return {
    load: async () => loadKeyRing(connection.db),

    inForce: async (kid) => {
      const key = connection.db
        .select({ state: signingKeys.state })
        .from(signingKeys)
        .where(eq(signingKeys.kid, kid))
        .get();
      return key !== undefined && key.state !== 'revoked';
    },

    change: async (change) =>
      connection.durably((tx, tell) => {
        const revision = change.from + 1;
        if (!swapRevision(tx, change.from, revision)) return { kind: 'lost' as const };
        if (change.drop.length > 0)
          tx.delete(signingKeys)
            .where(inArray(signingKeys.kid, [...change.drop]))
            .run();
        for (const key of change.put) {
          const row = keyRowOf(key);
          tx.insert(signingKeys).values(row).onConflictDoUpdate({ target: signingKeys.kid, set: row }).run();
        }
        for (const secret of change.secrets) {
          const row = { ...secret, sealed: Buffer.from(secret.sealed) };
          tx.insert(refreshSecrets)
            .values(row)
            .onConflictDoUpdate({ target: refreshSecrets.version, set: row })
            .run();
        }
        for (const { revocation, until } of change.revocations)
          appendRevocation(tx, tell, revocation, change.at, until);
        appendRevocation(
          tx,
          tell,
          { kind: 'keys-changed', revision },
          change.at,
          change.at + NEWS_LIFETIME_MS,
        );
        if (change.audit !== null) appendAudit(tx, change.audit);
        return { kind: 'changed' as const, revision };
      }),
  };
}

/** The ring in one snapshot. */
export function loadKeyRing(db: Drizzled): StoredKeyRing {
  return db.transaction((tx) => ({
    revision: tx.select().from(keyRing).get()?.revision ?? 0,
    keys: tx.select().from(signingKeys).all().map(keyOf),
    secrets: tx.select().from(refreshSecrets).all(),
  }));
}

function swapRevision(tx: Transaction, from: number, to: number): boolean {
  if (from === 0)
    return tx.insert(keyRing).values({ id: 1, revision: to }).onConflictDoNothing().run().changes === 1;
  const at = and(eq(keyRing.id, 1), eq(keyRing.revision, from));
  return tx.update(keyRing).set({ revision: to }).where(at).run().changes === 1;
}
