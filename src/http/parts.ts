/** What the HTTP room is made of: handed in by `app.ts`, so that no route reaches for anything else. */

import type { VerifierId } from '../entities/identifier.js';
import type { Introspection } from '../entities/introspection.js';
import type { Throttled } from '../entities/outcomes.js';
import type { Verifier } from '../entities/verifier.js';
import type { ContextParts } from '../graphql/context.js';
import type { KeyRing } from '../keys/ring.js';
import type { Push } from '../push/push.js';
import type { RevocationFeed } from '../revocation/feed.js';
import type { Unsupported } from '../session/contract.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Randomness } from '../system/randomness.js';
import type { Metrics } from './metrics.js';
import type { PushLimits } from './push-limits.js';

export interface HttpOptions {
  readonly issuer: string;
  /** `aud` and `client_id` of access tokens. */
  readonly audience: string;
  readonly clientId: string;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  /** The web console at `/console/`. */
  readonly console: boolean;
  /** Playground, introspection and suggestions. */
  readonly playground: boolean;
  /** Whether the playground is for callers on this machine only. */
  readonly playgroundIsLocal: boolean;
}

export interface Readiness {
  readonly ready: boolean;
  /** What is not ready, in words without details. */
  readonly problems: readonly string[];
}

/** What a client sent of itself: by HTTP Basic id and credential, as bearer the credential alone. */
export interface PresentedVerifier {
  readonly id: string | null;
  readonly credential: string;
}

/** What verifiers may have done for them. Each rejects with `Unavailable` where the store cannot be asked. */
export interface VerifierOperations {
  authenticate(
    presented: PresentedVerifier,
    ipAddress: string | null,
  ): Promise<{ kind: 'verifier'; verifier: Verifier } | { kind: 'unknown' } | Throttled>;
  /** Whether it has not been withdrawn, as of now. */
  isInForce(id: VerifierId): Promise<boolean>;
  introspect(token: string): Promise<Introspection>;
  /** Ends what the token belongs to; `done` also where it belongs to nothing. */
  revoke(
    token: string,
    revoker: { verifierId: VerifierId; ipAddress: string | null },
  ): Promise<{ kind: 'done' } | Unsupported>;
}

/** What one process gives to those who follow the revocation feed. */
export interface FeedLimits {
  readonly readers: number;
  readonly readersPerVerifier: number;
  /** What may wait for a reader that does not take it, besides what it was sent to catch up. */
  readonly bufferBytes: number;
  /** How long a connection lives, before up to a tenth of it is taken off at random. */
  readonly connectionMs: number;
  /** How long a withdrawn credential may keep a connection that it has open. */
  readonly recheckMs: number;
}

export interface HttpParts {
  readonly context: ContextParts;
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly verifiers: VerifierOperations;
  readonly feed: RevocationFeed;
  /** The usual ones where they are left out. */
  readonly feedLimits?: FeedLimits;
  readonly push: Push;
  /** Where the console's files are; where the build leaves them unless given. */
  readonly consoleFolder?: string;
  /** The usual ones where they are left out. */
  readonly pushLimits?: PushLimits;
  readonly metrics: Metrics;
  readonly readiness: () => Promise<Readiness>;
  readonly options: HttpOptions;
}
