/** All that is kept, behind one handle per noun. Called by session, account, keys and revocation; knows none of them. */

import type { AttemptCounters } from './attempts.js';
import type { AuditLog } from './audit.js';
import type { KeyStore } from './keys.js';
import type { Leases } from './leases.js';
import type { RevocationLog } from './revocations.js';
import type { SessionStore } from './sessions.js';
import type { UserStore } from './users.js';
import type { VerifierStore } from './verifiers.js';

/** Connections of a pool, at one moment. */
export interface PoolFigures {
  readonly limit: number;
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
}

/** What went wrong between this process and the database and was made up for, or not; counted since the start. */
export interface Troubles {
  /** Work that was done again because another transaction was in its way. */
  readonly conflicts: number;
  /** Work that was done again because its connection was lost. */
  readonly losses: number;
  /** Work that was given up because it took too long. */
  readonly timeouts: number;
  /** How often the revocation log had to be read over a new connection. */
  readonly reconnects: number;
}

export interface Store {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly keys: KeyStore;
  readonly revocations: RevocationLog;
  readonly audit: AuditLog;
  readonly attempts: AttemptCounters;
  readonly leases: Leases;
  readonly verifiers: VerifierStore;
  /** Null where there is no pool. */
  pool(): PoolFigures | null;
  /** Null where the database is a file of this machine. */
  troubles(): Troubles | null;
  /** Resolves when the database answers; rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
