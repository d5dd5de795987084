/**
 * Sessions. Duty of every implementation: `rotate` is a compare-and-swap, so of any number of callers with the same
 * `from` exactly one wins; it loses against everything that ends the session, its user or its epoch; each ending
 * writes the state and one revocation-log row in the same transaction and tells the log's subscribers before it
 * returns. `rotate` need not wait for the disk, since a lost rotation is harmless (`p > g` rotates); the rest must.
 */

import type { AuditEvent } from '../../entities/audit.js';
import type { SessionId, UserId } from '../../entities/identifier.js';
import type { Page, PageRequest } from '../../entities/page.js';
import type { EndReason, Session } from '../../entities/session.js';
import type { User } from '../../entities/user.js';

/** A session beside its user, read in one snapshot. A session whose user is gone counts as not there. */
export interface FoundSession {
  readonly session: Session;
  readonly user: User;
}

export interface Rotation {
  readonly sessionId: SessionId;
  /** Whose session it is: what a database is spread by may be the user. */
  readonly userId: UserId;
  /** The session's epoch as it was judged: one that was carried into another since must be judged again. */
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly keyHash: Uint8Array | null;
}

export interface Ending {
  readonly sessionId: SessionId;
  /** When given, the session ends only if it is this user's. */
  readonly ownerId: UserId | null;
  readonly reason: EndReason;
  readonly at: number;
  /** When the session's last access token is dead. */
  readonly until: number;
  readonly audit: AuditEvent;
}

export interface EndingAll {
  readonly userId: UserId;
  /** A session that is carried into the new epoch; it must be alive. */
  readonly survivor: SessionId | null;
  readonly at: number;
  readonly until: number;
  readonly audit: AuditEvent;
}

export interface EndedAll {
  readonly kind: 'ended';
  /** The user after the change. For a removed user: as it was. */
  readonly user: User;
  /** Sessions that were alive, or dead of age and not swept yet. Kept as a counter: no session is visited. */
  readonly sessionsEnded: number;
  readonly survivor: Session | null;
}

export interface SweepRequest {
  readonly now: number;
  readonly idleTtlMs: number;
  /** How long a dead row is kept: at least as long as its log row lives. */
  readonly keepMs: number;
  /** Where the last batch stopped; null begins anew. */
  readonly cursor: string | null;
  /** Rows looked at in one batch. */
  readonly limit: number;
}

export interface SessionStore {
  /** Adds the session if its user is active and still of the session's epoch; else `stale`, and nothing happens. */
  begin(session: Session, audit: AuditEvent): Promise<{ kind: 'begun' } | { kind: 'stale' }>;
  find(id: SessionId): Promise<FoundSession | null>;
  rotate(rotation: Rotation): Promise<{ kind: 'rotated' } | { kind: 'lost' }>;
  /** `not-found` for a session that is not there, not the owner's, ended already, or of a past epoch. */
  end(ending: Ending): Promise<{ kind: 'ended'; session: Session } | { kind: 'not-found' }>;
  /** Raises the user's epoch: O(1) in the number of sessions. */
  endAll(ending: EndingAll): Promise<EndedAll | { kind: 'not-found' }>;
  /** Sessions that are alive at `now`, newest first. */
  listLive(userId: UserId, now: number, idleTtlMs: number, page: PageRequest): Promise<Page<Session>>;
  sweep(request: SweepRequest): Promise<{ readonly removed: number; readonly cursor: string | null }>;
}
