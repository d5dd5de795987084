/** What operations are made of, and who calls them. Each operation is a function of these parts. */

import type { PasswordHasher } from '../passwords/hasher.js';
import type { PasswordPolicy } from '../passwords/policy.js';
import type { SessionModel } from '../session/contract.js';
import type { Store } from '../store/ports/store.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Randomness } from '../system/randomness.js';
import type { AttemptGate } from './attempts.js';
import type { Keyring } from './keyring.js';

export interface AccountParts {
  readonly store: Store;
  readonly model: SessionModel;
  readonly hasher: PasswordHasher;
  readonly passwords: PasswordPolicy;
  readonly attempts: AttemptGate;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
}

/** Where a call comes from, as far as the edge could tell. */
export interface Caller {
  readonly ipAddress: string | null;
  /** Read from the User-Agent, such as "Firefox on Linux". */
  readonly clientLabel: string | null;
}
