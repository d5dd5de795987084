/** Everything under one roof: a Fastify plugin that a server of ours or of somebody else's registers. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import helmet from 'helmet';
import { consoleRoutes } from './console.js';
import { discoveryRoutes } from './discovery.js';
import { graphqlRoute } from './graphql.js';
import { CONTENT_POLICY, HSTS_SECONDS } from './headers.js';
import { oauthRoutes } from './oauth.js';
import { operationRoutes } from './operations.js';
import type { HttpParts } from './parts.js';
import { revocationRoute } from './revocations.js';

/** Without a schema there is no `/graphql`, and no console, which asks it: the embedding server has one of its own. */
export function httpPlugin(parts: HttpParts, schema: GraphQLSchema | null): FastifyPluginAsync {
  return async (fastify) => {
    securityHeaders(fastify, parts);
    discoveryRoutes(fastify, parts);
    operationRoutes(fastify, parts);
    await oauthRoutes(fastify, parts);
    await revocationRoute(fastify, parts);
    if (schema === null) return;
    await graphqlRoute(fastify, schema, parts);
    if (parts.options.console) consoleRoutes(fastify, parts, parts.consoleFolder);
  };
}

function securityHeaders(fastify: FastifyInstance, { options }: HttpParts): void {
  const headers = protectiveHeaders(options.issuer);
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** What Helmet sets on every answer. It depends on no request, so it is asked once and not each time. */
function protectiveHeaders(issuer: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  const set = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: issuer.startsWith('https:') && {
      maxAge: HSTS_SECONDS,
      includeSubDomains: true,
    },
  });
  set({} as IncomingMessage, response as unknown as ServerResponse, (fault) => {
    if (fault) throw fault;
  });
  return headers;
}
