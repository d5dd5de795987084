/**
 * What a resolver knows of its request: who calls, by what proof, and the jar in which cookie changes collect. Made once
 * a request from the credentials that `http/` found; asks the session model once.
 */

import type { Owner } from '../account/logout.js';
import type { Actor } from '../account/operate.js';
import type { AccountParts, Caller } from '../account/parts.js';
import type { ProcessFigures } from '../entities/figures.js';
import type { SessionNews } from '../entities/session-news.js';
import type { Authenticated, Authentication, PresentedCredentials } from '../session/contract.js';
import { unauthenticated, unavailable } from './errors.js';

export type { Caller } from '../account/parts.js';

/** Collects what should become of the refresh cookie; `http/` writes it once, with the response. */
export interface CookieJar {
  keep(refreshToken: string, expiresAt: number): void;
  clear(): void;
}

/** What the deployment chose and clients may know; durations in milliseconds. */
export interface ServerFacts {
  readonly issuer: string;
  readonly absoluteTtlMs: number;
  readonly graceMs: number;
  readonly maxStalenessMs: number;
  readonly passwordMinLength: number;
  readonly passwordMaxLength: number;
}

/** All that a session is told from now on. Rejects with `Unavailable` where that cannot be known. */
export type Follow = (session: Owner) => Promise<AsyncIterableIterator<SessionNews>>;

export interface RequestContext {
  readonly parts: AccountParts;
  readonly facts: ServerFacts;
  readonly authentication: Authentication;
  readonly caller: Caller;
  readonly presented: PresentedCredentials;
  /** Whose session the client takes itself to be, where it says so. */
  readonly meantFor: string | null;
  readonly jar: CookieJar;
  readonly follow: Follow;
  readonly figures: () => ProcessFigures;
}

/** The shape that resolvers ask of a GraphQL context; an embedding server's context extends it. */
export interface CounterfoilContext {
  readonly counterfoil: RequestContext;
}

export interface ContextParts {
  readonly parts: AccountParts;
  readonly facts: ServerFacts;
  readonly follow: Follow;
  readonly figures: () => ProcessFigures;
}

const ANOTHERS = { kind: 'refused', because: 'session-unknown' } as const;

/** As another session than `meantFor` the client is not answered. */
export async function requestContext(
  { parts, facts, follow, figures }: ContextParts,
  presented: PresentedCredentials,
  caller: Caller,
  jar: CookieJar,
  meantFor: string | null = null,
): Promise<CounterfoilContext> {
  const proven = await parts.model.authenticate(presented);
  const isMeant = proven.kind !== 'authenticated' || meantFor === null || proven.sessionId === meantFor;
  const authentication: Authentication = isMeant ? proven : ANOTHERS;
  if (authentication.kind === 'refused') {
    parts.log.info(
      { event: 'access.refused', because: authentication.because, ip: caller.ipAddress },
      'token refused',
    );
  }
  return { counterfoil: { parts, facts, authentication, caller, presented, meantFor, jar, follow, figures } };
}

/** The caller, or an `UNAUTHENTICATED` error. */
export function authenticatedCaller({ counterfoil }: CounterfoilContext): Authenticated {
  const { authentication } = counterfoil;
  if (authentication.kind === 'authenticated') return authentication;
  if (authentication.kind === 'undecided') throw unavailable();
  throw unauthenticated(authentication.kind === 'anonymous' ? null : authentication.because);
}

/** The caller as one who acts on what is not theirs. */
export function actorOf(context: CounterfoilContext): Actor {
  return { userId: authenticatedCaller(context).userId, caller: context.counterfoil.caller };
}

/** Every session that the request proves to be the caller's: by access token, by the cookie that is `held`, or by both. */
export function provenSessions({ counterfoil }: CounterfoilContext, held: Owner | null): Owner[] {
  const { authentication } = counterfoil;
  const owners: Owner[] = authentication.kind === 'authenticated' ? [authentication] : [];
  return held === null || held.sessionId === owners[0]?.sessionId ? owners : [...owners, held];
}

/** Whether the cookie, of the live session that is `held`, is of another than the client means: it is not to be touched. */
export function isAnothers({ counterfoil }: CounterfoilContext, held: Owner | null): boolean {
  const { authentication, meantFor } = counterfoil;
  return authentication === ANOTHERS || (held !== null && meantFor !== null && held.sessionId !== meantFor);
}

/** The live session that the cookie of the request is of; null without a cookie, and for one that is good for nothing. */
export async function cookieSession({ counterfoil }: CounterfoilContext): Promise<Owner | null> {
  const { presented, parts } = counterfoil;
  const found = presented.cookie === null ? null : await parts.model.identify(presented.cookie);
  return found && { userId: found.user.id, sessionId: found.session.id };
}
