/** What is asked of a copy, what it says while it runs, and how it may end. */

import type { Standing } from './examine.js';
import type { Mended } from './source.js';

export interface CopyRequest {
  readonly file: string;
  readonly url: string;
  /** The target as it may be shown: no user, no password. */
  readonly targetName: string;
  /** `look` changes nothing. */
  readonly mode: 'look' | 'copy' | 'cut-over';
  /** How many rows are compared and sent at a time. */
  readonly rowsAtOnce?: number;
  /** How long writes may be refused at the source. */
  readonly maxHoldMs: number;
  /** The folders of migrations. */
  readonly migrations: { readonly sqlite: string; readonly postgres: string };
  /** Brings the target to the present tables. */
  readonly migrateTarget: () => Promise<unknown>;
  readonly clock: { now(): number; monotonic(): number };
  readonly onProgress: (progress: CopyProgress) => void;
}

export interface CopyProgress {
  readonly stage: 'copying' | 'catching up' | 'cutting over';
  readonly table: string;
  readonly rows: number;
  /** As many as there were when the stage began. */
  readonly of: number;
}

export interface TableReport {
  readonly table: string;
  readonly rows: number;
  readonly sent: number;
  readonly removed: number;
}

export interface CopyReport {
  readonly tables: readonly TableReport[];
  /** Texts that PostgreSQL cannot hold as they are. */
  readonly mended: readonly Mended[];
}

export type CopyOutcome =
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly reason: string }
  | ({ readonly kind: 'looked'; readonly target: Standing['kind'] } & CopyReport)
  | ({ readonly kind: 'copied' } & CopyReport)
  /** Writes were refused for `heldMs`; then they were allowed again, and nothing was sealed. */
  | { readonly kind: 'not-cut-over'; readonly reason: string; readonly heldMs: number }
  /** Sealed and whole, but the target still refuses: to be run again. */
  | { readonly kind: 'not-opened'; readonly reason: string }
  /** `heldMs` is null where an earlier run had sealed the source. */
  | ({ readonly kind: 'moved'; readonly heldMs: number | null } & CopyReport)
  | { readonly kind: 'moved-before' };
