/** The audit log: append-only. Duty of every implementation: a row once written is never changed, only aged out. */

import type { AuditEvent, AuditKind, AuditRecord } from '../../entities/audit.js';
import type { UserId } from '../../entities/identifier.js';
import type { Page, PageRequest } from '../../entities/page.js';

export interface AuditFilter {
  readonly userId: UserId | null;
  readonly kind: AuditKind | null;
}

export interface AuditLog {
  append(event: AuditEvent): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>;
  /** The number of the newest row; 0 where there is none. */
  end(): Promise<number>;
  /**
   * Up to `limit` rows with a number above `sequence`, oldest first. A row may come to be seen after others with higher
   * numbers, where transactions commit in another order than they began.
   */
  after(sequence: number, limit: number): Promise<AuditRecord[]>;
  /** Where the user's newest successful logins came from, newest first. Quick however much else is in the log. */
  loginAddresses(userId: UserId, limit: number): Promise<string[]>;
  /** Forgets up to `limit` rows from before an instant, oldest first; returns how many. */
  prune(before: number, limit: number): Promise<number>;
}
