/**
 * From an `Authorization` header to who calls, or to the refusal that HTTP has for it (RFC 6750 §2.1, §3). What the
 * adapters have in common; a service without one of them uses it as it is.
 */

import type { Verifier } from './create-verifier.js';
import type { Outcome, Verified } from './outcome.js';

/** A whole answer, ready to be sent. Its body says no more than whoever holds the token may know. */
export interface Refusal {
  readonly status: 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** As GraphQL has it in `extensions.code`. */
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'UNAVAILABLE';
  /** A code of RFC 6750 §3.1, or of RFC 6749 §4.1.2.1; null where the request had no credentials. */
  readonly error: 'invalid_token' | 'insufficient_scope' | 'temporarily_unavailable' | null;
  readonly message: string;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly auth: Verified }
  /** The request had no credentials. */
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** As Node (a text, or nothing) and as Web headers (a text, or null) give it. */
export type AuthorizationHeader = string | readonly string[] | null | undefined;

/** Never rejects. */
export async function admit(
  verifier: Pick<Verifier, 'verify'>,
  authorization: AuthorizationHeader,
): Promise<Admission> {
  if (authorization === undefined || authorization === null) return { kind: 'anonymous' };
  const token = bearerIn(authorization);
  const outcome: Outcome =
    token === null ? { kind: 'refused', because: 'malformed' } : await verifier.verify(token);
  return outcome.kind === 'verified'
    ? { kind: 'admitted', auth: outcome }
    : { kind: 'refused', refusal: refusalOf(outcome) };
}

/** Why somebody who is known, or is nobody, may not go on; null where each of the scopes is there. */
export function missing(auth: Verified | null, scopes: readonly string[]): Refusal | null {
  if (auth === null) return NO_CREDENTIALS;
  return scopes.every((scope) => auth.scopes.includes(scope)) ? null : insufficient(scopes);
}

/** RFC 6750 §2.1: the scheme in any case, and one b64token. */
function bearerIn(authorization: string | readonly string[]): string | null {
  if (typeof authorization !== 'string') return null;
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1] ?? null;
}

const NO_CREDENTIALS: Refusal = {
  status: 401,
  // Without an error: there was nothing that could be wrong (RFC 6750 §3.1).
  headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
  code: 'UNAUTHENTICATED',
  error: null,
  message: 'This needs an access token.',
};

function refusalOf(outcome: Exclude<Outcome, Verified>): Refusal {
  if (outcome.kind === 'undecided') {
    return {
      status: 503,
      headers: { 'retry-after': String(outcome.retryAfter), 'cache-control': 'no-store' },
      code: 'UNAVAILABLE',
      error: 'temporarily_unavailable',
      message: 'The access token cannot be judged right now. Try again.',
    };
  }
  const message = sentenceFor(outcome.because);
  return {
    status: 401,
    headers: {
      'www-authenticate': `Bearer error="invalid_token", error_description="${message}"`,
      'cache-control': 'no-store',
    },
    code: 'UNAUTHENTICATED',
    error: 'invalid_token',
    message,
  };
}

function sentenceFor(because: string): string {
  if (because === 'expired') return 'The access token has expired.';
  const ended = ['session-ended', 'epoch-raised', 'key-revoked', 'inactive'].includes(because);
  return ended ? 'The access token has been revoked.' : 'The access token is not valid.';
}

function insufficient(scopes: readonly string[]): Refusal {
  // RFC 6749 §3.3 leaves no character in a scope that would end the quoted text.
  const named = scopes.join(' ').replace(/[^\x21\x23-\x5b\x5d-\x7e ]/g, '');
  return {
    status: 403,
    headers: {
      'www-authenticate': `Bearer error="insufficient_scope", scope="${named}"`,
      'cache-control': 'no-store',
    },
    code: 'FORBIDDEN',
    error: 'insufficient_scope',
    message: 'The access token does not have the scopes for this.',
  };
}

/** Who calls. Throws for nobody, in a way that Fastify and Express answer with 401. */
export function somebody(auth: Verified | null): Verified {
  if (auth !== null) return auth;
  const { status, headers, message } = NO_CREDENTIALS;
  throw Object.assign(new Error(message), { status, statusCode: status, headers });
}

/** The body of a refusal, as JSON (the member names of RFC 6749 §5.2). */
export function bodyOf({ error, message }: Refusal): string {
  return JSON.stringify({ error: error ?? 'unauthorized', error_description: message });
}
