/** What the session models are made of. Each takes what it needs; the composition root has all of it. */

import { type AccessCredential, CLOCK_MARGIN_MS, type RevokedBy } from '../entities/revocation.js';
import type { AttemptCounters, AttemptRule } from '../store/ports/attempts.js';
import type { AuditLog } from '../store/ports/audit.js';
import type { KeyStore } from '../store/ports/keys.js';
import type { SessionStore } from '../store/ports/sessions.js';
import type { UserStore } from '../store/ports/users.js';
import type { Clock } from '../system/clock.js';
import type { Randomness } from '../system/randomness.js';
import type { AccessClaims } from '../tokens/access-token.js';
import type { VerifiedTokens } from '../tokens/verified-tokens.js';
import type { VerdictObserver } from './contract.js';
import type { IssuePolicy, Issuer } from './issue.js';
import type { RefreshPolicy } from './judge.js';

export interface SessionPolicy extends IssuePolicy, RefreshPolicy {
  /** How far other nodes' and verifiers' clocks may differ from ours. */
  readonly skewMs: number;
  readonly maxStalenessMs: number;
}

/** What verifying an access token takes. */
export interface Verifier extends Issuer {
  readonly policy: SessionPolicy;
  /** Tokens whose signature was found good already; null verifies each anew. */
  readonly verified: VerifiedTokens<AccessClaims> | null;
}

/** What this node knows of the revocation log, and how old its knowledge is. The room `revocation/` has it. */
export interface RevocationKnowledge {
  revokes(credential: AccessCredential): RevokedBy | null;
  stalenessMs(): number;
}

/** What a model asks in place of the revocation log where it has not been read for too long. */
interface Truth {
  readonly revocations: RevocationKnowledge;
  readonly keyStore: Pick<KeyStore, 'inForce'>;
}

export interface HybridParts extends Verifier, Truth {
  readonly sessions: SessionStore;
  /** Limits how often one session may be refreshed; null switches the limit off. */
  readonly refreshLimit: { readonly counters: AttemptCounters; readonly rule: AttemptRule } | null;
  readonly observer: VerdictObserver;
}

/** Of what is in the log, only revoked keys concern this model. */
export interface StatelessParts extends Verifier, Truth {
  readonly users: Pick<UserStore, 'find'>;
  readonly audit: AuditLog;
  readonly observer: VerdictObserver;
}

export interface StatefulParts {
  readonly policy: SessionPolicy;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly observer: VerdictObserver;
}

export type ModelParts = HybridParts & StatelessParts & StatefulParts;

/** Until when a revocation made now must be remembered: the last access token that it can concern is dead by then. */
export function rememberUntil(clock: Clock, { accessTtlMs, skewMs }: SessionPolicy): number {
  return clock.now() + accessTtlMs + skewMs + CLOCK_MARGIN_MS;
}
