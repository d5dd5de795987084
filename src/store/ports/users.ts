/**
 * Users. Duty of every implementation: an address (by `emailKey`) belongs to one user at most, whatever races; each
 * method is one transaction; all of them wait for the disk.
 */

import type { AuditEvent } from '../../entities/audit.js';
import type { SessionId, UserId } from '../../entities/identifier.js';
import type { Page, PageRequest } from '../../entities/page.js';
import type { Role, User } from '../../entities/user.js';
import type { EndedAll } from './sessions.js';

export interface NewUser {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string;
  readonly createdAt: number;
}

export interface Credentials {
  readonly user: User;
  readonly passwordHash: string;
}

/** Ends all sessions of a user because something about the user changes; the two happen together or not at all. */
export interface UserEnding {
  readonly userId: UserId;
  readonly at: number;
  /** When the last access token of the ended sessions is dead. */
  readonly until: number;
  readonly audit: AuditEvent;
}

/** What a change rests on: a password that was proven, and the session that asked. Either may be of the past by now. */
export interface Grounds {
  readonly passwordHash: string;
  /** Null where the session model keeps none: then the password alone. */
  readonly sessionId: SessionId | null;
}

export interface UserStore {
  create(
    user: NewUser,
    audit: AuditEvent,
  ): Promise<{ kind: 'created'; user: User } | { kind: 'email-taken' }>;
  find(id: UserId): Promise<User | null>;
  /** By address, in any spelling that `emailKey` makes equal. */
  credentialsByEmail(email: string): Promise<Credentials | null>;
  credentialsById(id: UserId): Promise<Credentials | null>;
  /** Newest first; `search` is a part of the address or name. */
  list(page: PageRequest, search: string | null): Promise<Page<User>>;
  /** Puts a hash with newer cost parameters in place of `from`; nothing happens if `from` is no longer the hash. */
  rehash(id: UserId, from: string, to: string): Promise<void>;
  /**
   * Changes the hash if it is still `from` and the survivor, where one is named, still lives; ends every session but
   * that one in the same transaction.
   */
  changePassword(
    ending: UserEnding & { readonly from: string; readonly to: string; readonly survivor: SessionId | null },
  ): Promise<EndedAll | { kind: 'stale' }>;
  suspend(ending: UserEnding & { readonly reason: string }): Promise<EndedAll | { kind: 'not-found' }>;
  reinstate(
    id: UserId,
    audit: AuditEvent,
  ): Promise<{ kind: 'reinstated'; user: User } | { kind: 'not-found' }>;
  /**
   * Removes the user and all that identifies them; the sessions are dead at once and swept later. `not-found`, too,
   * where grounds are given and no longer hold.
   */
  remove(ending: UserEnding, grounds?: Grounds): Promise<EndedAll | { kind: 'not-found' }>;
}
