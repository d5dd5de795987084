/** Sweeping: forgets what is dead, in small batches, so that nothing grows without end. */

import type { Store } from '../store/ports/store.js';

export interface SweepPolicy {
  readonly idleTtlMs: number;
  /** How long a dead session's row stays, so that the store can still say that it is dead. */
  readonly keepDeadMs: number;
  readonly auditKeepMs: number;
}

const BATCH = 500;

/** One batch; returns where the next one begins, null when the round is complete. */
export async function sweep(
  store: Store,
  policy: SweepPolicy,
  now: number,
  cursor: string | null,
): Promise<string | null> {
  const { idleTtlMs, keepDeadMs, auditKeepMs } = policy;
  const batch = await store.sessions.sweep({ now, idleTtlMs, keepMs: keepDeadMs, cursor, limit: BATCH });
  if (batch.cursor === null) {
    await store.revocations.prune(now);
    await store.attempts.prune(now);
    await store.audit.prune(now - auditKeepMs);
  }
  return batch.cursor;
}
