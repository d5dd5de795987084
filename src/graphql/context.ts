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

/** `meantFor`: whose session the client takes itself to be, where it says so; as another it is not to be answered. */
export async function requestContext(
  { parts, facts, follow, figures }: ContextParts,
  presented: PresentedCredentials,
  caller: Caller,
  jar: CookieJar,
  meantFor: string | null = null,
): Promise<CounterfoilContext> {
  const proven = await parts.model.authenticate(presented);
  const isAnothers = proven.kind === 'authenticated' && meantFor !== null && proven.sessionId !== meantFor;
  const authentication: Authentication = isAnothers ? ANOTHERS : proven;
  if (authentication.kind === 'refused') {
    parts.log.info(
      { event: 'access.refused', because: authentication.because, ip: caller.ipAddress },
      'token refused',
    );
  }
  return { counterfoil: { parts, facts, authentication, caller, presented, jar, follow, figures } };
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

/** Every session that the request proves to be the caller's: by access token, by cookie, or by both. */
export async function provenSessions(context: CounterfoilContext): Promise<Owner[]> {
  const { authentication } = context.counterfoil;
  const owners: Owner[] = authentication.kind === 'authenticated' ? [authentication] : [];
  const found = await cookieSession(context);
  return found === null || found.sessionId === owners[0]?.sessionId ? owners : [...owners, found];
}

/** The live session that the cookie of the request is of; null without a cookie, and for one that is good for nothing. */
export async function cookieSession({ counterfoil }: CounterfoilContext): Promise<Owner | null> {
  const { presented, parts } = counterfoil;
  const found = presented.cookie === null ? null : await parts.model.identify(presented.cookie);
  return found && { userId: found.user.id, sessionId: found.session.id };
}
