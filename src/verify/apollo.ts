/**
 * `counterfoil/verify/apollo`: who calls, for the `context` of an Apollo Server, in whatever HTTP server it runs. Errors
 * carry what GraphQL clients look for (`extensions.code`) and what Apollo makes HTTP of (`extensions.http`); graphql-js
 * takes both over from errors that are not its own, so this needs neither.
 */

import { type AuthorizationHeader, admit, missing, type Refusal } from './admission.js';
import type { Verifier } from './create-verifier.js';
import type { Verified } from './outcome.js';

export interface AuthContext {
  /** Who calls; null for nobody. */
  readonly auth: Verified | null;
}

/** Node's headers, or those of the Web. */
export interface WithHeaders {
  readonly headers: { readonly authorization?: string | undefined } | { get(name: string): string | null };
}

/** What context functions are called with: Fastify's request, or an object with `req` (Node, Express) or `request` (Web). */
export type ContextArgument = WithHeaders | { readonly req: WithHeaders } | { readonly request: WithHeaders };

export interface BearerContextOptions {
  /** Lets requests without credentials pass, as nobody: fields then say by `requireScopes` what they need. True unless given. */
  readonly optional?: boolean;
}

/** Its `code` is `UNAUTHENTICATED`, `FORBIDDEN` or `UNAVAILABLE`. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly extensions: {
    readonly code: Refusal['code'];
    readonly http: { readonly status: number; readonly headers: Map<string, string> };
  };

  constructor({ code, status, headers, message }: Refusal) {
    super(message);
    // Somebody who may not have one field can still have the others: that is data, and no failed request.
    const http = { status: status === 403 ? 200 : status, headers: new Map(Object.entries(headers)) };
    this.extensions = { code, http };
  }
}

/**
 * Makes the `context` function. A token that is not good fails the whole request, before any resolver: 401, or 503 where
 * that cannot be said now.
 */
export function bearerContext(
  verifier: Pick<Verifier, 'verify'>,
  { optional = true }: BearerContextOptions = {},
): (argument: ContextArgument) => Promise<AuthContext> {
  return async (argument) => {
    const admission = await admit(verifier, authorizationIn(argument));
    if (admission.kind === 'refused') throw new AuthError(admission.refusal);
    const auth = admission.kind === 'admitted' ? admission.auth : null;
    if (!optional) requireScopes({ auth });
    return { auth };
  };
}

/** Who calls. Throws `AuthError` for nobody, and for whoever lacks one of the scopes. */
export function requireScopes({ auth }: AuthContext, ...scopes: string[]): Verified {
  const refusal = missing(auth, scopes);
  if (auth === null || refusal !== null) throw new AuthError(refusal ?? NOBODY);
  return auth;
}

const NOBODY = missing(null, []) as Refusal;

function authorizationIn(argument: ContextArgument): AuthorizationHeader {
  const { headers } = 'req' in argument ? argument.req : 'request' in argument ? argument.request : argument;
  return 'get' in headers && typeof headers.get === 'function'
    ? headers.get('authorization')
    : (headers as { authorization?: string }).authorization;
}
