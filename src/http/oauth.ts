/**
 * `/oauth/introspect` (RFC 7662) and `/oauth/revoke` (RFC 7009), for verifiers. They read no cookie, so no page can make a
 * browser call them with anything; CORS is not offered. What a token is worth and what becomes of it is said by
 * operations that are handed in.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveToken } from '../entities/introspection.js';
import { admitVerifiers, verifierOf } from './client-authentication.js';
import { callerOf } from './credentials.js';
import { acceptOnlyForms, FORM_LIMIT_BYTES, type Form } from './form-body.js';
import { answerFaults, sendOAuthError } from './oauth-errors.js';
import type { HttpParts } from './parts.js';

const seconds = (instant: number) => Math.floor(instant / 1000);

export async function oauthRoutes(fastify: FastifyInstance, parts: HttpParts): Promise<void> {
  const { verifiers, options, log } = parts;
  await fastify.register(async (scope) => {
    answerFaults(scope, parts);
    admitVerifiers(scope, parts);
    acceptOnlyForms(scope);

    scope.post('/oauth/introspect', { bodyLimit: FORM_LIMIT_BYTES }, async (request, reply) => {
      const token = tokenIn(request, reply);
      if (token === null) return reply;
      const found = await verifiers.introspect(token);
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      return found.kind === 'inactive' ? { active: false } : wireOf(found, options);
    });

    scope.post('/oauth/revoke', { bodyLimit: FORM_LIMIT_BYTES }, async (request, reply) => {
      const token = tokenIn(request, reply);
      if (token === null) return reply;
      const { id: verifierId } = verifierOf(request);
      const { ipAddress } = callerOf(request);
      const outcome = await verifiers.revoke(token, { verifierId, ipAddress });
      log.info(
        { event: 'token.revoke', outcome: outcome.kind, verifierId, ip: ipAddress },
        'revocation by token',
      );
      if (outcome.kind === 'unsupported')
        return sendOAuthError(reply, 400, 'unsupported_token_type', outcome.why);
      return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send({});
    });
  });
}

/** The parameter `token`; null where the request has been refused. Its hint is not needed: tokens say what they are. */
function tokenIn(request: FastifyRequest, reply: FastifyReply): string | null {
  const form = (request.body ?? new Map()) as Form;
  const token = form.get('token') ?? '';
  const problem = form.has('client_secret')
    ? 'A credential belongs in the Authorization header, and not in the body.'
    : token === ''
      ? 'The parameter token is missing.'
      : null;
  if (problem === null) return token;
  sendOAuthError(reply, 400, 'invalid_request', problem);
  return null;
}

/** RFC 7662 §2.2, with `sid` (RFC 9068 leaves room for it) and `auth_time`. Of what is not known, nothing is said. */
function wireOf(token: ActiveToken, { issuer, audience, clientId }: HttpParts['options']): object {
  const { use, userId, sessionId, scopes, expiresAt, authenticatedAt, issuedAt, tokenId } = token;
  return {
    active: true,
    scope: scopes.join(' '),
    client_id: clientId,
    // Of a refresh token nothing of the kind is true: it is no bearer token for anybody's resources.
    ...(use === 'access' ? { token_type: 'Bearer', aud: audience } : {}),
    iss: issuer,
    sub: userId,
    sid: sessionId,
    exp: seconds(expiresAt),
    ...(issuedAt === null ? {} : { iat: seconds(issuedAt) }),
    auth_time: seconds(authenticatedAt),
    ...(tokenId === null ? {} : { jti: tokenId }),
  };
}
