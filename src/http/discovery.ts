/** What verifiers and clients look up: the JWKS (RFC 7517) and the server's metadata (RFC 8414). Public and cacheable. */

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { HttpParts } from './parts.js';
import { isKnown } from './tags.js';

const MAX_AGE_SECONDS = 300;
/** RFC 7591 §2 names none for a bearer token, which is taken as well. */
const CLIENT_AUTHENTICATION = ['client_secret_basic'] as const;

export function discoveryRoutes(fastify: FastifyInstance, { ring, options }: HttpParts): void {
  let cached = { revision: -1, body: '', etag: '' };

  function currentJwks() {
    if (cached.revision !== ring.revision) {
      const body = JSON.stringify(ring.jwks());
      cached = {
        revision: ring.revision,
        body,
        etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
      };
    }
    return cached;
  }

  fastify.get('/.well-known/jwks.json', async (request, reply) => {
    const { body, etag } = currentJwks();
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).header('etag', etag);
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type('application/jwk-set+json; charset=utf-8').send(body);
  });

  fastify.get('/.well-known/oauth-authorization-server', async (_request, reply) => {
    reply
      .header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
      .type('application/json; charset=utf-8');
    return {
      issuer: options.issuer,
      jwks_uri: `${options.issuer}/.well-known/jwks.json`,
      // There is no authorization endpoint and no OAuth grant: people sign in by the GraphQL API.
      response_types_supported: ['none'],
      introspection_endpoint: `${options.issuer}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION],
      revocation_endpoint: `${options.issuer}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: [...CLIENT_AUTHENTICATION],
      graphql_endpoint: `${options.issuer}/graphql`,
      revocation_feed_endpoint: `${options.issuer}/revocations`,
    };
  });
}
