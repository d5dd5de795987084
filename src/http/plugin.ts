/** Everything under one roof: a Fastify plugin that a server of ours or of somebody else's registers. */

import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { discoveryRoutes } from './discovery.js';
import { graphqlRoute } from './graphql.js';
import { CONTENT_POLICY, HSTS_SECONDS } from './headers.js';
import { operationRoutes } from './operations.js';
import type { HttpParts } from './parts.js';

/** Without a schema there is no `/graphql`: the embedding server has one of its own. */
export function httpPlugin(parts: HttpParts, schema: GraphQLSchema | null): FastifyPluginAsync {
  return async (fastify) => {
    await securityHeaders(fastify, parts);
    discoveryRoutes(fastify, parts);
    operationRoutes(fastify, parts);
    if (schema !== null) await graphqlRoute(fastify, schema, parts);
  };
}

async function securityHeaders(fastify: FastifyInstance, { options }: HttpParts): Promise<void> {
  await fastify.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: CONTENT_POLICY,
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: options.issuer.startsWith('https:') && {
      maxAge: HSTS_SECONDS,
      includeSubDomains: true,
    },
  });
}
