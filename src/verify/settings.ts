/** A verifier's settings: what its owner writes → what its parts use. Problems are thrown all at once, at the start. */

import { type Chance, systemChance } from '../system/chance.js';
import { type Clock, systemClock } from '../system/clock.js';
import { type SafeHooks, safeHooks, type VerifierHooks } from './hooks.js';

/** The fetch of the platform, or one that does as it does: streams bodies, and heeds `signal` and `redirect`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * What to do with a token that is good in itself while what is known of revocations is older than `maxStaleness`.
 *
 * - `introspect`: ask the server about that token (RFC 7662); where it cannot be reached, the outcome is `undecided`.
 * - `refuse`: the outcome is `undecided`.
 * - `accept-until-expiry`: accept it. A revoked token then passes until it expires, if the feed stays away so long.
 */
export type WhenStale = 'introspect' | 'refuse' | 'accept-until-expiry';

export interface RevocationSettings {
  /**
   * `cfv_…`, as `counterfoil verifiers create` prints it. A secret: from the environment, and never into a browser. Where
   * the variable is not set, `createVerifier` says so.
   */
  readonly credential: string | undefined;
  /** The feed; `{issuer}/revocations` unless given. */
  readonly url?: string;
  /** `{issuer}/oauth/introspect` unless given. */
  readonly introspectionUrl?: string;
  /** Seconds, from 2 to 300; 5 unless given. No revoked token is accepted later than this after its revocation was answered. */
  readonly maxStaleness?: number;
  /** `introspect` unless given. */
  readonly whenStale?: WhenStale;
}

export interface VerifierSettings {
  /** The server's public origin, exactly as in `iss`. */
  readonly issuer: string;
  /** Exactly as in `aud`: the server's COUNTERFOIL_AUDIENCE, which is its issuer unless set. */
  readonly audience: string;
  /** `{issuer}/.well-known/jwks.json` unless given. */
  readonly jwksUrl?: string;
  /** Null is a decision: what was revoked passes until it expires, and a revoked key until the JWKS is read again. */
  readonly revocations: RevocationSettings | null;
  /** The session model of the server, whose tokens are no good for another; `hybrid` unless given. */
  readonly model?: 'hybrid' | 'stateless';
  /** Seconds, from 0 to 30; 30 unless given: how far the server's clock may be ahead of this one. */
  readonly skew?: number;
  /** Seconds; 600 unless given. Tokens that live longer are refused: at least the server's COUNTERFOIL_ACCESS_TTL. */
  readonly maxLifetime?: number;
  /** The most verified tokens that are remembered, about 1.5 kB each; 10,000 unless given, 0 for none. */
  readonly cacheSize?: number;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  readonly hooks?: VerifierHooks;
}

export interface RevocationOptions {
  readonly credential: string;
  readonly feedUrl: string;
  readonly introspectionUrl: string;
  readonly maxStalenessMs: number;
  readonly whenStale: WhenStale;
}

export interface VerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly revocations: RevocationOptions | null;
  readonly model: 'hybrid' | 'stateless';
  readonly skewMs: number;
  readonly maxLifetimeMs: number;
  readonly cacheSize: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly hooks: SafeHooks;
}

const CREDENTIAL = /^cfv_[A-Za-z0-9_-]{71}$/;
const POLICIES: readonly unknown[] = ['introspect', 'refuse', 'accept-until-expiry'] satisfies WhenStale[];

/** Throws a TypeError that names every setting that cannot be used, and never its value. */
export function optionsFrom(settings: VerifierSettings): VerifierOptions {
  const problems = problemsOf(settings);
  if (problems.length > 0) throw new TypeError(`The verifier cannot be made: ${problems.join('; ')}.`);
  const { issuer, audience, revocations, clock = systemClock, hooks = {} } = settings;
  return {
    issuer,
    audience,
    jwksUrl: settings.jwksUrl ?? `${issuer}/.well-known/jwks.json`,
    revocations: revocations && {
      credential: revocations.credential ?? '',
      feedUrl: revocations.url ?? `${issuer}/revocations`,
      introspectionUrl: revocations.introspectionUrl ?? `${issuer}/oauth/introspect`,
      maxStalenessMs: (revocations.maxStaleness ?? 5) * 1000,
      whenStale: revocations.whenStale ?? 'introspect',
    },
    model: settings.model ?? 'hybrid',
    skewMs: (settings.skew ?? 30) * 1000,
    maxLifetimeMs: (settings.maxLifetime ?? 600) * 1000,
    cacheSize: settings.cacheSize ?? 10_000,
    // Called as a function of nothing: some platforms refuse a fetch that is called as a method.
    fetch: settings.fetch ?? ((url, init) => fetch(url, init)),
    clock,
    chance: systemChance,
    hooks: safeHooks(hooks),
  };
}

function problemsOf(settings: VerifierSettings): string[] {
  const { issuer, audience, jwksUrl, revocations, model, skew, maxLifetime, cacheSize } = settings;
  return [
    ...urlProblem('issuer', issuer),
    ...(typeof issuer === 'string' && issuer.endsWith('/') ? ['issuer ends with a slash'] : []),
    ...(typeof audience === 'string' && audience !== '' ? [] : ['audience is missing']),
    ...(jwksUrl === undefined ? [] : urlProblem('jwksUrl', jwksUrl)),
    ...(model === undefined || model === 'hybrid' || model === 'stateless'
      ? []
      : ['model is neither hybrid nor stateless']),
    ...rangeProblem('skew', skew, [0, 30]),
    ...rangeProblem('maxLifetime', maxLifetime, [1, 86_400]),
    ...rangeProblem('cacheSize', cacheSize, [0, 10_000_000]),
    ...(revocations === undefined ? ['revocations is missing: null, if there are to be none'] : []),
    ...(revocations ? revocationProblems(revocations) : []),
  ];
}

function revocationProblems(given: RevocationSettings): string[] {
  const { credential, url, introspectionUrl, maxStaleness, whenStale } = given;
  const spelled = typeof credential === 'string' && CREDENTIAL.test(credential);
  return [
    ...(spelled ? [] : ['revocations.credential is not the cfv_… of a verifier']),
    ...(url === undefined ? [] : urlProblem('revocations.url', url)),
    ...(introspectionUrl === undefined ? [] : urlProblem('revocations.introspectionUrl', introspectionUrl)),
    ...rangeProblem('revocations.maxStaleness', maxStaleness, [2, 300]),
    ...(whenStale === undefined || POLICIES.includes(whenStale)
      ? []
      : ['revocations.whenStale is none of introspect, refuse and accept-until-expiry']),
  ];
}

function urlProblem(name: string, value: unknown): string[] {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return [`${name} is no http(s) URL`];
  return url.username === '' && url.password === '' ? [] : [`${name} holds a password`];
}

function rangeProblem(name: string, value: unknown, [least, most]: readonly [number, number]): string[] {
  if (value === undefined) return [];
  const fits = typeof value === 'number' && value >= least && value <= most;
  return fits ? [] : [`${name} is no number from ${least} to ${most}`];
}
