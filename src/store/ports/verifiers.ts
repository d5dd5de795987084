/** Verifiers' credentials. Duty of every implementation: each method is one transaction, and waits for the disk. */

import type { AuditEvent } from '../../entities/audit.js';
import type { VerifierId } from '../../entities/identifier.js';
import type { Verifier } from '../../entities/verifier.js';

/** A verifier beside the SHA-256 of its secret, 32 bytes. */
export interface StoredVerifier {
  readonly verifier: Verifier;
  readonly secretHash: Uint8Array;
}

export interface VerifierStore {
  create(stored: StoredVerifier, audit: AuditEvent): Promise<void>;
  find(id: VerifierId): Promise<StoredVerifier | null>;
  /** Newest first, withdrawn ones included. There are few: no paging. */
  list(): Promise<readonly Verifier[]>;
  /** `not-found` for one that is not there or was withdrawn before. */
  withdraw(
    id: VerifierId,
    at: number,
    audit: AuditEvent,
  ): Promise<{ kind: 'withdrawn'; verifier: Verifier } | { kind: 'not-found' }>;
}
