/**
 * `counterfoil/verify/express`: who calls, as middleware. Uses nothing but what Node's own requests and responses have,
 * so any server with `(request, response, next)` will do.
 */

import { admit, bodyOf, missing, type Refusal, somebody } from './admission.js';
import type { Verifier } from './create-verifier.js';
import type { Verified } from './outcome.js';

export interface RequestLike {
  readonly headers: { readonly authorization?: string | undefined };
}

export interface ResponseLike {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export type Middleware = (
  request: RequestLike,
  response: ResponseLike,
  next: (error?: unknown) => void,
) => void;

export interface BearerTokensOptions {
  /** Lets requests without credentials pass, as nobody. A token that is there must be good all the same. */
  readonly optional?: boolean;
}

/**
 * Checks the access token of every request that passes here, and puts who calls at `request.auth`. Refuses what is not
 * good: 401, or 503 where that cannot be said now.
 */
export function bearerTokens(
  verifier: Pick<Verifier, 'verify'>,
  { optional = false }: BearerTokensOptions = {},
): Middleware {
  return (request, response, next) => {
    admit(verifier, request.headers.authorization)
      .then((admission) => {
        if (admission.kind === 'refused') return send(response, admission.refusal);
        const auth = admission.kind === 'admitted' ? admission.auth : null;
        const refusal = auth === null && !optional ? missing(null, []) : null;
        if (refusal !== null) return send(response, refusal);
        (request as { auth?: Verified | null }).auth = auth;
        return next();
      })
      .catch(next);
  };
}

/** Who calls. Throws for nobody, which is answered with 401. */
export function callerOf(request: RequestLike): Verified {
  return somebody(authOf(request));
}

/** Who calls; null for nobody, where requests without credentials may pass. */
export function authOf(request: RequestLike): Verified | null {
  return (request as { auth?: Verified | null }).auth ?? null;
}

/** Refuses whoever lacks one of the scopes, and nobody at all. Without scopes, being signed in is enough. */
export function requireScopes(...scopes: string[]): Middleware {
  return (request, response, next) => {
    const refusal = missing(authOf(request), scopes);
    if (refusal === null) next();
    else send(response, refusal);
  };
}

function send(response: ResponseLike, refusal: Refusal): void {
  response.statusCode = refusal.status;
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(bodyOf(refusal));
}
