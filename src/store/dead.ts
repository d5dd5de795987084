/**
 * Which sessions a sweep may forget. Asked by each store of the rows that it has looked at; removing them, and counting
 * them out, is its own.
 */

import type { SweepRequest } from './ports/sessions.js';

export interface LookedAt {
  /** The user's; null where there is no such user any more. */
  readonly userEpoch: number | null;
  readonly epoch: number;
  /** Milliseconds since 1970, as all instants here. */
  readonly endedAt: number | null;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

/** Those of a past epoch at once; those that ended or expired once that is `keepMs` ago. */
export function deadAmong<Row extends LookedAt>(
  rows: readonly Row[],
  { now, keepMs, idleTtlMs }: SweepRequest,
): Row[] {
  const before = now - keepMs;
  return rows.filter(
    (row) =>
      row.userEpoch !== row.epoch ||
      Math.min(row.expiresAt, row.lastSeenAt + idleTtlMs) <= before ||
      (row.endedAt !== null && row.endedAt <= before),
  );
}
