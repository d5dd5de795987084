/**
 * The store of the run beneath the schedules, with a way past it: reading what the rows hold, and putting an earlier state
 * of them back (a crash, a restored copy) with raw SQL. SQLite is `sqlite.ts`, PostgreSQL `postgres.ts`.
 */

import type { SessionId } from '../../../src/entities/identifier.js';
import type { Session } from '../../../src/entities/session.js';
import type { Store } from '../../../src/store/ports/store.js';
import { ON_POSTGRES } from '../../support/counterfoil.js';

/** All that a schedule can change in the rows. */
export interface Row {
  readonly generation: number;
  readonly keyed: number;
  /** Hex, or null. */
  readonly keyHash: string | null;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly epoch: number;
  readonly userEpoch: number;
  readonly sessionCount: number;
}

export interface RotationDatabase {
  readonly store: Store;
  read(id: SessionId): Promise<Row>;
  load(of: Pick<Session, 'id' | 'userId'>, row: Row): Promise<void>;
  /** Closes the store and removes what it was kept in. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** On a file rather than in memory, where the store has files. */
  readonly onFile: boolean;
}

export async function openDatabase(options: DatabaseOptions): Promise<RotationDatabase> {
  if (ON_POSTGRES) return (await import('./postgres.js')).openOnPostgres();
  return (await import('./sqlite.js')).openOnSqlite(options);
}
