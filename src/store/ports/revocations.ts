/**
 * The revocation log. Duty of every implementation: rows are only appended, by the stores whose changes they tell of;
 * subscribers in this process hear of a row before the method that wrote it returns. That is a hint; `since` is the truth.
 */

import type { RevocationEntry } from '../../entities/revocation.js';

export interface RevocationLog {
  /** Entries behind `sequence` that are alive at `now`, oldest first. */
  since(sequence: number, now: number): Promise<readonly RevocationEntry[]>;
  subscribe(listener: (entries: readonly RevocationEntry[]) => void): () => void;
  /** Forgets entries that were dead at `now`; returns how many. */
  prune(now: number): Promise<number>;
}
