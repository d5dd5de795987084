/**
 * Which pages may call: the issuer's own origin and those on the allow-list; a loopback issuer also by its other
 * loopback names. Anything a foreign page sends is refused before a resolver runs, whatever it carries (ASVS 3.5.1).
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpParts } from './parts.js';
import { refusal } from './refusal.js';

const CREDENTIALS = { 'access-control-allow-credentials': 'true' };
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers':
    'content-type, authorization, apollo-require-preflight, counterfoil-session',
  'access-control-max-age': '600',
  // Some browsers wait for a body otherwise.
  'content-length': '0',
};
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function isAllowedOrigin({ options }: HttpParts, origin: string, host: string | undefined): boolean {
  if (origin === options.issuer || options.allowedOrigins.includes(origin)) return true;
  if (!LOOPBACK_ORIGIN.test(options.issuer) || !LOOPBACK_ORIGIN.test(origin)) return false;
  return new URL(origin).host === host;
}

/**
 * Whether a browser says that a page made this request, of a request whose origin is not allowed. Programs say nothing,
 * and are not browsers.
 */
function isForeign({ headers }: FastifyRequest): boolean {
  if (headers.origin !== undefined) return true;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/**
 * CORS (Fetch standard §3.2) and the refusal of foreign pages, in one hook: both ask the same question. The ready-made
 * plugin puts its options together anew for each request, which takes longer than all the rest that is decided here.
 */
export async function guardOrigins(fastify: FastifyInstance, parts: HttpParts): Promise<void> {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { origin, host } = request.headers;
    const allowed = origin !== undefined && isAllowedOrigin(parts, origin, host);
    varyByOrigin(reply);
    if (allowed) reply.header('access-control-allow-origin', origin).headers(CREDENTIALS);
    if (request.method === 'OPTIONS')
      return allowed ? void reply.code(204).headers(PREFLIGHT).send() : done();
    const isNavigation = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
    if (allowed || isNavigation || !isForeign(request)) return done();
    parts.log.warn({ event: 'request.foreign', ip: request.ip }, 'a page of a foreign origin was refused');
    reply
      .code(403)
      .header('cache-control', 'no-store')
      .send(refusal('FORBIDDEN', 'This origin may not call here.'));
  });
  // So that a preflight finds a route, and the hook with it.
  fastify.options('*', (_request, reply) => reply.callNotFound());
}

function varyByOrigin(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Origin' : `${vary}, Origin`);
}
