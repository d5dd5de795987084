/** The stand-alone server: Fastify with the plugin, and clear answers to whatever is not for any of its routes. */

import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { BODY_LIMIT_BYTES } from './graphql.js';
import type { HttpParts } from './parts.js';
import { httpPlugin } from './plugin.js';
import { refusalFor } from './refusal.js';

const HEADER_LIMIT_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export async function createServer(schema: GraphQLSchema, parts: HttpParts): Promise<FastifyInstance> {
  const { options, log, metrics } = parts;
  const fastify = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  });
  fastify.removeContentTypeParser('text/plain');
  fastify.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
    if (status >= 500) log.error({ event: 'unexpected', err: error }, 'a request failed unexpectedly');
    return reply.code(status).header('cache-control', 'no-store').send(refusalFor(status));
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime);
    const { method, ip, id } = request;
    const milliseconds = Math.round(reply.elapsedTime);
    log.debug({ event: 'request', id, method, route, status: reply.statusCode, milliseconds, ip }, 'request');
  });
  let closing = false;
  fastify.addHook('preClose', async () => {
    closing = true;
  });
  fastify.addHook('onSend', async (_request, reply) => {
    // Kept alive, the connection of a request that was under way would keep a closing server up for a minute.
    if (closing) reply.header('connection', 'close');
  });
  await httpPlugin(parts, schema)(fastify, {});
  answerTheRest(fastify);
  return fastify;
}

/** A path of ours with a method that is not: 405 and what would be; any other path: 404. */
function answerTheRest(fastify: FastifyInstance): void {
  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = (['GET', 'POST'] as const).filter((method) => fastify.hasRoute({ method, url: path }));
    const status = methods.length > 0 && path !== '/*' ? 405 : 404;
    if (status === 405) reply.header('allow', [...methods, 'OPTIONS'].join(', '));
    return reply.code(status).header('cache-control', 'no-store').send(refusalFor(status));
  });
}

/** Bytes that are no HTTP request. Node has no reply object for them, so the answer is written by hand. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(refusalFor(status));
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Content-Type: application/json; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
