/** The stand-alone server: Fastify with the plugin, and clear answers to whatever is not for any of its routes. */

import type { Socket } from 'node:net';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { redirectToConsole } from './console.js';
import { countOf } from './credentials.js';
import { BODY_LIMIT_BYTES } from './graphql.js';
import { bareRefusal } from './headers.js';
import type { HttpOptions, HttpParts } from './parts.js';
import { httpPlugin } from './plugin.js';
import { refusalFor } from './refusal.js';

const HEADER_LIMIT_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
/** For the first bytes of a connection to come, once the server is closing. */
const SILENCE_MS = 100;
const METHODS = ['GET', 'HEAD', 'POST'] as const;

export async function createServer(schema: GraphQLSchema, parts: HttpParts): Promise<FastifyInstance> {
  const { options, log, metrics } = parts;
  const fastify = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node's answer to a missing Host has no body and no headers; `addressCheck` answers instead.
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, requireHostHeader: false },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    // Fastify's own 503 has no headers but a content type; `refuseWhileClosing` answers instead.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, options),
    frameworkErrors: (error, _request, reply) => {
      const status = error.statusCode ?? 400;
      const { headers, body } = bareRefusal(status, options);
      reply.raw.writeHead(status, headers).end(body);
    },
  });
  fastify.server.on('checkExpectation', (_request, response) => {
    const { headers, body } = bareRefusal(417, options);
    response.writeHead(417, headers).end(body);
  });
  fastify.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
    if (status >= 500) log.error({ event: 'unexpected', err: error }, 'a request failed unexpectedly');
    return reply.code(status).header('cache-control', 'no-store').send(refusalFor(status));
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.request(route, request.method, reply.statusCode, reply.elapsedTime);
    const { method, ip, id } = request;
    const milliseconds = Math.round(reply.elapsedTime);
    log.debug({ event: 'request', id, method, route, status: reply.statusCode, milliseconds, ip }, 'request');
    done();
  });
  const isAddressed = addressCheck();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isAddressed(request)) done();
    else refuse(reply, 400, options);
  });
  refuseWhileClosing(fastify, options);
  closeSilentConnections(fastify);
  await httpPlugin(parts, schema)(fastify, {});
  if (options.console) welcomeBrowsers(fastify);
  answerTheRest(fastify);
  return fastify;
}

/** Who types the bare address into a browser means the console. To programs there is nothing here, as there never was. */
function welcomeBrowsers(fastify: FastifyInstance): void {
  fastify.get('/', (request, reply) => {
    if (request.headers.accept?.includes('text/html')) return redirectToConsole(reply);
    return reply.code(404).header('cache-control', 'no-store').send(refusalFor(404));
  });
}

/** Lets the requests under way finish, refuses those that still come over a kept connection, and lets none be kept. */
function refuseWhileClosing(fastify: FastifyInstance, options: HttpOptions): void {
  let closing = false;
  fastify.addHook('preClose', async () => {
    closing = true;
  });
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (closing) refuse(reply, 503, options);
    else done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // Kept alive, the connection of a request that was under way would keep a closing server up for a minute.
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

/**
 * To Node.js a connection over which nothing has come yet is no idle one, and a closing server waits for it until its
 * headers are overdue. Clients open such connections in store.
 */
function closeSilentConnections(fastify: FastifyInstance): void {
  const sockets = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.addHook('preClose', async () => {
    const patience = setTimeout(() => {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, SILENCE_MS);
    patience.unref();
  });
}

/** An answer before any header has been set, and the last on its connection. */
function refuse(reply: FastifyReply, status: number, options: HttpOptions): FastifyReply {
  const { headers, body } = bareRefusal(status, options);
  return reply.code(status).headers(headers).send(body);
}

/** RFC 9112 §3.2: exactly one Host, and one that makes a URL of the request's target. */
function addressCheck(): (request: FastifyRequest) => boolean {
  // Nearly every request is addressed like the one before.
  let lastGood = '';
  return ({ raw, protocol, host, url }) => {
    if (countOf(raw.rawHeaders, 'host') !== 1) return false;
    const address = `${protocol}://${host}/ ${url}`;
    if (address === lastGood) return true;
    if (/[\s/?#@\\]/.test(host) || !URL.canParse(url, `${protocol}://${host}/`)) return false;
    lastGood = address;
    return true;
  };
}

/** A path of ours with a method that is not: 405 and what would be; any other path: 404. */
function answerTheRest(fastify: FastifyInstance): void {
  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = METHODS.filter((method) => fastify.hasRoute({ method, url: path }));
    const known = methods.length > 0 && !path.includes('*');
    if (known) reply.header('allow', [...methods, 'OPTIONS'].join(', '));
    if (known && request.method === 'OPTIONS') return reply.code(204).send();
    const status = known ? 405 : 404;
    return reply.code(status).header('cache-control', 'no-store').send(refusalFor(status));
  });
}

/** Bytes that are no HTTP request. Node has no reply object for them, so the answer is written by hand. */
function answerBrokenRequest(
  error: Error & { code?: string },
  socket: Socket,
  options: Pick<HttpOptions, 'issuer'>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const { headers, body } = bareRefusal(status, options);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} Refused`, ...lines, '', body].join('\r\n'));
}
