/** What whoever runs the server asks: is it alive, is it ready, what does it measure. */

import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpParts } from './parts.js';
import { isFromThisMachine } from './peer.js';
import { refusalFor } from './refusal.js';

export function operationRoutes(fastify: FastifyInstance, { readiness, metrics, options }: HttpParts): void {
  fastify.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });

  fastify.get('/readyz', async (_request, reply) => {
    const { ready, problems } = await readiness();
    reply.header('cache-control', 'no-store').code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', problems };
  });

  fastify.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    // Whoever may not read it learns no more than that there is nothing here.
    if (!mayScrape(request, options.metricsToken)) return reply.code(404).send(refusalFor(404));
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** By token where one is set; else from this machine itself, and not by way of a proxy on it. */
function mayScrape(request: FastifyRequest, token: string | null): boolean {
  if (token !== null) return sameText(request.headers.authorization ?? '', `Bearer ${token}`);
  return isFromThisMachine(request);
}

function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
