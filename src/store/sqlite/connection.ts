/**
 * One connection to one SQLite file, and the two ways to write through it. Owns pragmas, transactions and the telling
 * of the revocation log's subscribers; not a single query.
 *
 * WAL, one writer. Every transaction begins IMMEDIATE: a deferred one that reads first and writes later fails with
 * SQLITE_BUSY_SNAPSHOT, which no busy timeout waits for. Rotations commit at `synchronous=NORMAL` (a power cut may lose
 * the last of them, harmless by design); everything else at FULL, which waits for the disk.
 */

import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { RevocationEntry } from '../../entities/revocation.js';
import { Unavailable } from '../../entities/unavailable.js';
import { movedText, moveOf } from './move.js';

export type Drizzled = ReturnType<typeof drizzle>;
export type Transaction = Parameters<Parameters<Drizzled['transaction']>[0]>[0];
type Listener = (entries: readonly RevocationEntry[]) => void;

const BUSY_TIMEOUT_MS = 5_000;
const WAL_PAUSE_MS = 10;

export class Connection {
  readonly raw: Database.Database;
  readonly db: Drizzled;
  readonly #listeners = new Set<Listener>();
  #movedTo: string | null = null;

  /** `file` is a path or `:memory:`. Throws where the file cannot be opened. */
  constructor(file: string) {
    this.raw = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    switchToWal(this.raw);
    this.raw.pragma('synchronous = NORMAL');
    this.raw.pragma('foreign_keys = ON');
    this.raw.pragma('trusted_schema = OFF');
    this.db = drizzle(this.raw);
  }

  /** A transaction that has reached the disk when this returns; then the subscribers hear of its log rows. */
  durably<Result>(work: (tx: Transaction, log: (entry: RevocationEntry) => void) => Result): Result {
    const written: RevocationEntry[] = [];
    this.raw.pragma('synchronous = FULL');
    let result: Result;
    try {
      result = this.db.transaction((tx) => work(tx, (entry) => written.push(entry)), {
        behavior: 'immediate',
      });
    } finally {
      this.raw.pragma('synchronous = NORMAL');
    }
    if (written.length > 0) for (const listener of this.#listeners) listener(written);
    return result;
  }

  /** A transaction that a power cut may undo, whole. */
  loosely<Result>(work: () => Result): Result {
    return this.db.transaction(work, { behavior: 'immediate' });
  }

  /** Throws `Unavailable` if the deployment had moved elsewhere when that was last looked up. */
  expectHere(): void {
    if (this.#movedTo !== null) throw new Unavailable(movedText(this.#movedTo));
  }

  lookWhetherMoved(): void {
    this.#movedTo = moveOf(this.raw)?.sealedFor ?? null;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.raw.close();
  }
}

/** SQLite does not wait here, whatever the timeout, when another process writes to a file that is not in WAL mode yet. */
function switchToWal(raw: Database.Database): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += WAL_PAUSE_MS) {
    try {
      raw.pragma('journal_mode = WAL');
      return;
    } catch (fault) {
      const busy = fault instanceof Database.SqliteError && fault.code.startsWith('SQLITE_BUSY');
      if (!busy || waited >= BUSY_TIMEOUT_MS) throw fault;
      Atomics.wait(pause, 0, 0, WAL_PAUSE_MS);
    }
  }
}
