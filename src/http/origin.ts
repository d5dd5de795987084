/**
 * Which pages may call: the issuer's own origin and those on the allow-list; a loopback issuer also by its other
 * loopback names. Anything a foreign page sends is refused before a resolver runs, whatever it carries (ASVS 3.5.1).
 */

import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpParts } from './parts.js';
import { refusal } from './refusal.js';

const CORS_SECONDS = 600;
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function isAllowedOrigin({ options }: HttpParts, origin: string, host: string | undefined): boolean {
  if (origin === options.issuer || options.allowedOrigins.includes(origin)) return true;
  if (!LOOPBACK_ORIGIN.test(options.issuer) || !LOOPBACK_ORIGIN.test(origin)) return false;
  return new URL(origin).host === host;
}

/** Whether a browser says that another site's page made this request. Programs say nothing, and are not browsers. */
function isForeign(parts: HttpParts, request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  if (origin !== undefined) return !isAllowedOrigin(parts, origin, host);
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

export async function guardOrigins(fastify: FastifyInstance, parts: HttpParts): Promise<void> {
  await fastify.register(cors, {
    delegator: (request, done) => {
      const { origin, host } = request.headers;
      const allowed = origin !== undefined && isAllowedOrigin(parts, origin, host);
      done(null, {
        origin: allowed ? origin : false,
        credentials: allowed,
        methods: ['GET', 'POST'],
        allowedHeaders: ['content-type', 'authorization', 'apollo-require-preflight'],
        maxAge: CORS_SECONDS,
        strictPreflight: false,
      });
    },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const isNavigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
    if (isNavigation || !isForeign(parts, request)) return done();
    parts.log.warn({ event: 'request.foreign', ip: request.ip }, 'a page of a foreign origin was refused');
    reply
      .code(403)
      .header('cache-control', 'no-store')
      .send(refusal('FORBIDDEN', 'This origin may not call here.'));
  });
}
