/**
 * Authentication of verifiers, for all that is theirs: HTTP Basic with id and credential, each form-encoded first (RFC
 * 6749 §2.3.1), or the credential as bearer token (RFC 6750 §2.1). Never in the body, never in the URL. Proven before the
 * body is read.
 */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Verifier } from '../entities/verifier.js';
import { callerOf, countOf } from './credentials.js';
import { sendOAuthError, sendTryAgain } from './oauth-errors.js';
import type { HttpParts, PresentedVerifier } from './parts.js';

const CHALLENGE = 'Basic realm="counterfoil", charset="UTF-8", Bearer realm="counterfoil"';

const proven = new WeakMap<FastifyRequest, Verifier>();

/** For the scope of these routes: lets nobody through who is not a verifier. */
export function admitVerifiers(scope: FastifyInstance, { verifiers, log }: HttpParts): void {
  scope.addHook('onRequest', async (request, reply) => {
    const { ipAddress } = callerOf(request);
    const presented = presentedVerifier(request);
    const outcome = presented === null ? NOBODY : await verifiers.authenticate(presented, ipAddress);
    if (outcome.kind === 'verifier') return void proven.set(request, outcome.verifier);
    if (presented !== null) log.warn({ event: 'verifier.refused', ip: ipAddress }, 'a verifier was refused');
    if (outcome.kind === 'throttled')
      return sendTryAgain(
        reply,
        429,
        outcome.retryAfterSeconds,
        'Too many failed attempts. Try again later.',
      );
    reply.header('www-authenticate', CHALLENGE);
    return sendOAuthError(reply, 401, 'invalid_client', 'The credential of a verifier is needed.');
  });
}

const NOBODY = { kind: 'unknown' } as const;

/** Who calls, in a scope that admits verifiers only. */
export function verifierOf(request: FastifyRequest): Verifier {
  const verifier = proven.get(request);
  if (verifier === undefined) throw new Error('This route is outside of the scope that admits verifiers.');
  return verifier;
}

function presentedVerifier(request: FastifyRequest): PresentedVerifier | null {
  const { authorization } = request.headers;
  if (authorization === undefined || countOf(request.raw.rawHeaders, 'authorization') > 1) return null;
  const [, scheme = '', value = ''] =
    /^(Basic|Bearer) +([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { id: null, credential: value };
  return scheme === '' ? null : fromBasic(value);
}

/** RFC 7617 §2: the first colon divides; the id has none. */
function fromBasic(encoded: string): PresentedVerifier | null {
  const bytes = Buffer.from(encoded, 'base64');
  // One spelling only, as for tokens: Node's decoder also takes what is not base64.
  if (bytes.toString('base64') !== encoded) return null;
  const text = bytes.toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  const id = formDecoded(text.slice(0, colon));
  const credential = formDecoded(text.slice(colon + 1));
  return id === null || credential === null ? null : { id, credential };
}

/** RFC 6749 appendix B; null for what is not so encoded. */
function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
