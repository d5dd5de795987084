/**
 * The revocation log. Duty of every implementation: rows are only appended, by the stores whose changes they tell of;
 * subscribers in this process hear of a row before the method that wrote it returns. What subscribers hear is a hint;
 * `read` is the truth: whatever had been committed when it was called, a reader that goes on from position to position
 * has been given, also where transactions commit in another order than they began, and where the database has been
 * replaced by a copy of it since.
 */

import type { RevocationEntry } from '../../entities/revocation.js';

/** How far a reader has come. Opaque to everybody but the store that made it; good for the life of that store. */
export type LogPosition = string;

export interface LogReading {
  /** Oldest first. Some may have been given before. */
  readonly entries: readonly RevocationEntry[];
  readonly position: LogPosition;
  /** What the clock of the database says, in milliseconds since the epoch; null where it is the clock of this machine. */
  readonly now: number | null;
}

/** `entries`: written by this process. `look`: another process has written something. */
export type LogNews =
  | { readonly kind: 'entries'; readonly entries: readonly RevocationEntry[] }
  | { readonly kind: 'look' };

export interface RevocationLog {
  /** What a reader at `position` may lack of the entries that are alive at `now`; from null, all of them. */
  read(position: LogPosition | null, now: number): Promise<LogReading>;
  subscribe(listener: (news: LogNews) => void): () => void;
  /** Forgets up to `limit` entries that were dead at `now`; returns how many. */
  prune(now: number, limit: number): Promise<number>;
}
