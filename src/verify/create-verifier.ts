/**
 * `createVerifier`: checks Counterfoil's access tokens in another service, without calling the server for each. The same
 * strict reading as the server's own (`tokens/verify-access-token.ts`), keys from the JWK Set, revocations from the feed.
 *
 * Opens no connection until it is first used, since some edge runtimes forbid that outside of a request.
 */

import type { AccessClaims } from '../tokens/access-claims.js';
import { VerifiedTokens } from '../tokens/verified-tokens.js';
import { type Verification, verifyAccessToken } from '../tokens/verify-access-token.js';
import { Closing } from './closing.js';
import { Feed } from './feed.js';
import { Introspection } from './introspection.js';
import { KnownKeys } from './known-keys.js';
import { type Outcome, type RefusedBecause, refused, undecided, verified } from './outcome.js';
import { RevocationCheck } from './revocation-check.js';
import { optionsFrom, type VerifierSettings } from './settings.js';

export interface FreshnessReport {
  /** `off` where there is no feed; `refused` where the server does not take the credential. */
  readonly feed: 'off' | 'idle' | 'connecting' | 'connected' | 'refused' | 'closed';
  /** Age of what is known of revocations; infinite before the first heartbeat; null where there is no feed. Milliseconds. */
  readonly stalenessMs: number | null;
  /** Whether tokens are judged without the policy for old knowledge. */
  readonly fresh: boolean;
  /** Revocations that are remembered. */
  readonly revocations: number;
  /** Keys that are known. */
  readonly keys: number;
}

export interface Verifier {
  /** What the token, without `Bearer`, is worth now. Never rejects. */
  verify(token: string): Promise<Outcome>;
  /**
   * Whether there are keys and, where there is a feed, fresh knowledge of revocations: true as soon as that is so, false
   * if it was not `within` so many seconds, 30 unless given, or if the verifier was closed. Call it before you serve.
   */
  ready(options?: { readonly within?: number }): Promise<boolean>;
  freshness(): FreshnessReport;
  /** Ends the connection and all that is under way. From then on every outcome is `undecided`. */
  close(): void;
}

const LOOK_EVERY_MS = 20;

/** Throws a TypeError that names every setting that cannot be used. */
export function createVerifier(settings: VerifierSettings): Verifier {
  const options = optionsFrom(settings);
  const { clock, hooks, cacheSize, revocations } = options;
  const closing = new Closing();
  const keys = new KnownKeys(options, closing);
  const fixed = {
    issuer: options.issuer,
    audience: options.audience,
    skewMs: options.skewMs,
    // A token dies with its `exp` by our clock. The server remembers a revocation for ten minutes after the last token that
    // it concerns: a clock of ours that is behind by so much is covered, and leeway would use that up.
    expiryLeewayMs: 0,
    maxLifetimeMs: options.maxLifetimeMs,
    epochs: options.model === 'hybrid',
    findKey: (kid: string) => keys.find(kid),
    verified: cacheSize < 2 ? null : new VerifiedTokens<AccessClaims>(cacheSize),
  };
  const feed = revocations && new Feed(options, revocations, closing, () => keys.renew());
  const check =
    feed &&
    new RevocationCheck(options, revocations, {
      feed,
      introspection: new Introspection(options, revocations, closing),
    });

  function readWithKeys(token: string): Promise<Verification> {
    return verifyAccessToken(token, { ...fixed, now: clock.now() });
  }

  /** Null where nobody can say, for want of keys. What needs no key to be refused is refused all the same. */
  async function read(token: string): Promise<Verification | null> {
    const usable = await keys.prepare();
    const verification = await readWithKeys(token);
    if (verification.kind === 'verified') return usable ? verification : null;
    const { fault, kid = '' } = verification;
    if (fault !== 'unknown-key' || feed?.revokedKeys.has(kid)) return verification;
    const sought = usable ? await keys.seekUnknown() : 'failed';
    if (sought === 'failed') return null;
    return sought === 'fetched' ? readWithKeys(token) : verification;
  }

  /** A key that was revoked is not published any more, but its name is known. */
  function reasonFor({ fault, kid = '' }: Extract<Verification, { kind: 'refused' }>): RefusedBecause {
    return fault === 'unknown-key' && feed?.revokedKeys.has(kid) ? 'key-revoked' : fault;
  }

  async function judge(token: string): Promise<Outcome> {
    if (closing.closed) return undecided('closed');
    if (typeof token !== 'string') return refused('malformed');
    feed?.start();
    const verification = await read(token);
    if (closing.closed) return undecided('closed');
    if (verification === null) return undecided('keys-unavailable');
    if (verification.kind === 'refused') return refused(reasonFor(verification));
    const { claims, kid } = verification;
    return check === null ? verified(claims) : check.judge({ token, claims, kid });
  }

  return {
    async verify(token) {
      const outcome = await judge(token);
      hooks.verdict(outcome.kind, outcome.kind === 'verified' ? null : outcome.because);
      return outcome;
    },
    async ready({ within = 30 } = {}) {
      const startedAt = clock.monotonic();
      feed?.start();
      while (!closing.closed) {
        if ((await keys.prepare()) && (feed?.isFresh ?? true)) return true;
        // A credential that is refused will not become good by waiting.
        if (feed?.state === 'refused' || clock.monotonic() - startedAt >= within * 1000) return false;
        // Whoever waits for this is alive, so this timer may keep the process alive.
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      return false;
    },
    freshness: () => ({
      feed: closing.closed ? 'closed' : (feed?.state ?? 'off'),
      stalenessMs: feed?.stalenessMs() ?? null,
      fresh: feed?.isFresh ?? true,
      revocations: feed?.filter.size ?? 0,
      keys: keys.size,
    }),
    close: () => closing.close(),
  };
}
