/** What the HTTP room is made of: handed in by `app.ts`, so that no route reaches for anything else. */

import type { ContextParts } from '../graphql/context.js';
import type { KeyRing } from '../keys/ring.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Metrics } from './metrics.js';

export interface HttpOptions {
  readonly issuer: string;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
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

export interface HttpParts {
  readonly context: ContextParts;
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly readiness: () => Promise<Readiness>;
  readonly options: HttpOptions;
}
