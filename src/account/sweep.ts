/** Sweeping: forgets what is dead, in small batches, so that nothing grows without end and nothing waits for long. */

import type { Store } from '../store/ports/store.js';

export interface SweepPolicy {
  readonly idleTtlMs: number;
  /** How long a dead session's row stays, so that the store can still say that it is dead. */
  readonly keepDeadMs: number;
  readonly auditKeepMs: number;
}

/** Where the next batch of a round begins: somewhere among the sessions, or at what is left of the logs and counters. */
export type SweepPlace = { readonly sessionsAfter: string } | 'logs';

const BATCH = 500;
/** Found by an index and removed by one statement. */
const LOG_BATCH = 5_000;

/** One batch, from `place` on, or from the beginning; returns where the next one begins, null when the round is complete. */
export async function sweep(
  store: Store,
  policy: SweepPolicy,
  now: number,
  place: SweepPlace | null,
): Promise<SweepPlace | null> {
  if (place === 'logs') return (await pruneLogs(store, policy, now)) ? null : 'logs';
  const { idleTtlMs, keepDeadMs } = policy;
  const cursor = place?.sessionsAfter ?? null;
  const batch = await store.sessions.sweep({ now, idleTtlMs, keepMs: keepDeadMs, cursor, limit: BATCH });
  if (batch.cursor !== null) return { sessionsAfter: batch.cursor };
  return (await pruneLogs(store, policy, now)) ? null : 'logs';
}

/** A batch of each; one that fails keeps the others from nothing. Whether all is done. */
async function pruneLogs(store: Store, { auditKeepMs }: SweepPolicy, now: number): Promise<boolean> {
  const outcomes = await Promise.allSettled([
    store.revocations.prune(now, LOG_BATCH),
    store.attempts.prune(now, LOG_BATCH),
    store.audit.prune(now - auditKeepMs, LOG_BATCH),
  ]);
  const removed = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  return removed.every((count) => count < LOG_BATCH);
}
