/**
 * Refusals of what verifiers call, in the shape of RFC 6749 §5.2: a code of a closed set, and a sentence for people that
 * quotes nothing of the request.
 */

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { Unavailable } from '../entities/unavailable.js';
import type { HttpParts } from './parts.js';

/** Besides those of RFC 6749: `unsupported_token_type` (RFC 7009 §2.2.1), and two of RFC 6749 §4.1.2.1. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_token_type'
  | 'temporarily_unavailable'
  | 'server_error';

/** Seconds; a store that is away is mostly back by then. */
const RETRY_AFTER_SECONDS = 1;

export function sendOAuthError(
  reply: FastifyReply,
  status: number,
  error: OAuthErrorCode,
  description: string,
): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send({ error, error_description: description });
}

export function sendTryAgain(
  reply: FastifyReply,
  status: 429 | 503,
  seconds: number,
  description: string,
): FastifyReply {
  reply.header('retry-after', String(seconds));
  return sendOAuthError(reply, status, 'temporarily_unavailable', description);
}

/** For the scope of these routes: what goes wrong on the way to a handler or in it. */
export function answerFaults(scope: FastifyInstance, { log }: Pick<HttpParts, 'log'>): void {
  scope.setErrorHandler((fault: FastifyError, _request, reply) => {
    if (fault instanceof Unavailable)
      return sendTryAgain(reply, 503, RETRY_AFTER_SECONDS, 'This cannot be answered right now. Try again.');
    const status = fault.statusCode ?? 500;
    if (status >= 400 && status < 500)
      return sendOAuthError(reply, status, 'invalid_request', 'The request cannot be read.');
    log.error({ event: 'unexpected', err: fault }, 'a request failed unexpectedly');
    return sendOAuthError(reply, 500, 'server_error', 'Something went wrong on our side.');
  });
}
