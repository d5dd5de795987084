/** What the hybrid model is made of. */

import type { AccessCredential, RevokedBy } from '../entities/revocation.js';
import type { AttemptCounters, AttemptRule } from '../store/ports/attempts.js';
import type { SessionStore } from '../store/ports/sessions.js';
import type { VerdictObserver } from './contract.js';
import type { IssuePolicy, Issuer } from './issue.js';
import type { RefreshPolicy } from './judge.js';

export interface HybridPolicy extends IssuePolicy, RefreshPolicy {
  readonly absoluteTtlMs: number;
  /** How far other nodes' and verifiers' clocks may differ from ours. */
  readonly skewMs: number;
  readonly maxStalenessMs: number;
}

/** What this node knows of the revocation log, and how old its knowledge is. The room `revocation/` has it. */
export interface RevocationKnowledge {
  revokes(credential: AccessCredential): RevokedBy | null;
  stalenessMs(): number;
}

export interface HybridParts extends Issuer {
  readonly policy: HybridPolicy;
  readonly sessions: SessionStore;
  readonly revocations: RevocationKnowledge;
  /** Limits how often one session may be refreshed; null switches the limit off. */
  readonly refreshLimit: { readonly counters: AttemptCounters; readonly rule: AttemptRule } | null;
  readonly observer: VerdictObserver;
}
