/** What a verifier tells its owner for metrics and logs. Nothing it tells holds a token or a credential. */

import type { Outcome, RefusedBecause, UndecidedBecause } from './outcome.js';

/** Each is called synchronously, often on the way of a request: count, and return. What one throws is dropped. */
export interface VerifierHooks {
  /** Each answer of `verify`; `because` is null for a verified token. */
  verdict?(kind: Outcome['kind'], because: RefusedBecause | UndecidedBecause | null): void;
  /** The keys were fetched, or could not be. */
  jwks?(event: 'fetched' | 'failed'): void;
  /**
   * The feed of revocations. `lost`: the connection ended or could not be made. `dropped`: it was silent, broken, or
   * stale, and was given up. `refused`: the server does not take the credential.
   */
  feed?(event: 'connected' | 'lost' | 'dropped' | 'refused'): void;
  /** With each heartbeat of the feed: the age of what is known of revocations; milliseconds. */
  staleness?(milliseconds: number): void;
}

/** The same hooks, each there, none of which throws. */
export type SafeHooks = Required<VerifierHooks>;

export function safeHooks(hooks: VerifierHooks): SafeHooks {
  return {
    verdict: (kind, because) => attempt(() => hooks.verdict?.(kind, because)),
    jwks: (event) => attempt(() => hooks.jwks?.(event)),
    feed: (event) => attempt(() => hooks.feed?.(event)),
    staleness: (milliseconds) => attempt(() => hooks.staleness?.(milliseconds)),
  };
}

function attempt(call: () => unknown): void {
  try {
    const result = call();
    // An async hook is against the type, and must not bring the process down all the same.
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // Whoever measures must not change what is measured.
  }
}
