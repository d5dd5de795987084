/**
 * The key ring at rest. Duty of every implementation: a change applies if the ring is still at the revision it was
 * planned on, as a whole, with its log row and audit row, and waits for the disk; of several planners one wins.
 */

import type { KeyRingChange, StoredKeyRing } from '../../entities/key-ring.js';

export interface KeyStore {
  load(): Promise<StoredKeyRing>;
  /** Whether the key of that id is there and has not been revoked. */
  inForce(kid: string): Promise<boolean>;
  change(change: KeyRingChange): Promise<{ kind: 'changed'; revision: number } | { kind: 'lost' }>;
}
