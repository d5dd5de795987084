/** The key ring at rest, and a change to it: planned by `keys/plan.ts` on one revision, applied by the store on that one only. */

import type { AuditEvent } from './audit.js';
import type { Revocation } from './revocation.js';
import type { StoredRefreshSecret, StoredSigningKey } from './signing-key.js';

export interface StoredKeyRing {
  /** 0 for a ring that has never been written. */
  readonly revision: number;
  readonly keys: readonly StoredSigningKey[];
  readonly secrets: readonly StoredRefreshSecret[];
}

export interface KeyRingChange {
  readonly from: number;
  /** Keys to write, new or in place of the one with the same kid. */
  readonly put: readonly StoredSigningKey[];
  readonly drop: readonly string[];
  /** Refresh secrets to write, new or in place of the one with the same version. */
  readonly secrets: readonly StoredRefreshSecret[];
  readonly at: number;
  /** Log rows to append beside the `keys-changed` row that every change appends. */
  readonly revocations: readonly { readonly revocation: Revocation; readonly until: number }[];
  readonly audit: AuditEvent | null;
}

export interface KeyPolicy {
  /** How long a key is published before it signs, so that no caching verifier meets an unknown one. */
  readonly publishLeadMs: number;
  readonly rotateEveryMs: number;
  /** The longest that a token may still pass after its key stopped signing: life, leeway, and a node's staleness. */
  readonly tokenLingersMs: number;
}
