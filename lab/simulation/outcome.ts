/** What one simulation gave, as plain data. */

import type { Lags, Staleness } from './tally.js';

export interface Busy {
  /** Shares of one core. */
  readonly mean: number;
  readonly most: number;
}

export interface Outcome {
  readonly relays: readonly number[];
  readonly revocations: number;
  readonly verifiers: Lags & { readonly stale: Staleness };
  readonly nodes: Lags & { readonly stale: Staleness };
  /** Whether no verifier and no node accepted a revoked token later than maxStaleness after the mutation returned. */
  readonly promise: { readonly kept: boolean; readonly latestMs: number };
  readonly database: { readonly readingsPerSecond: number; readonly busy: number };
  readonly busy: { readonly nodes: Busy; readonly relays: Busy };
  /** Introspections a second when most verifiers are stale, if that is what they do then. */
  readonly introspectionsPerSecond: number;
  /** Connections made again, and consumers that were dropped for not reading. */
  readonly reconnections: number;
  readonly drops: number;
  readonly events: number;
}
