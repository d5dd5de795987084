/** All that is kept, behind one handle per noun. Called by session, account, keys and revocation; knows none of them. */

import type { AttemptCounters } from './attempts.js';
import type { AuditLog } from './audit.js';
import type { KeyStore } from './keys.js';
import type { RevocationLog } from './revocations.js';
import type { SessionStore } from './sessions.js';
import type { UserStore } from './users.js';

export interface Store {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly keys: KeyStore;
  readonly revocations: RevocationLog;
  readonly audit: AuditLog;
  readonly attempts: AttemptCounters;
  /** Resolves when the database answers; rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
