/**
 * Upgrades to WebSocket, led through Fastify like every other request: whatever its hooks refuse (a foreign origin, a bad
 * address, a server that closes) is refused before there is a socket.
 *
 * Once anybody listens to `upgrade`, Node.js hands over every request that offers one, whatever to, and watches none of
 * these sockets any more. So offers that a server may ignore (RFC 9110 §7.8: HTTP/2, say) are given back to it, without
 * the offer; and each socket is ended here, whoever keeps the other side open.
 */

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

interface Waiting extends Upgrade {
  /** It is somebody's now. */
  taken: () => void;
}

/** For an upgrade to be taken, or its refusal to be written. */
const ANSWER_MS = 10_000;

const upgrades = new WeakMap<IncomingMessage, Waiting>();

/** Leads upgrades of one path to its GET route. Those of other paths are for other listeners; without any, 404. */
export function routeUpgrades(fastify: FastifyInstance, path: string): void {
  const { server } = fastify;
  server.on('upgrade', (request, socket, head) => {
    // Until somebody takes it, a broken connection is nobody's error.
    socket.on('error', () => socket.destroy());
    const isOurs = request.url?.split('?', 1)[0] === path;
    if (!isOurs && server.listenerCount('upgrade') > 1) return;
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      giveBack(server, request, socket, head);
      return;
    }
    const patience = setTimeout(() => socket.destroy(), ANSWER_MS).unref();
    const taken = () => clearTimeout(patience);
    socket.once('close', taken);
    if (isOurs) upgrades.set(request, { socket, head, taken });
    answer(fastify, request, socket as Socket);
  });
}

function answer(fastify: FastifyInstance, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  try {
    // Throws where an earlier request of the same connection has not been answered yet.
    response.assignSocket(socket);
  } catch {
    socket.destroy();
    return;
  }
  response.on('finish', () => socket.destroySoon());
  fastify.routing(request, response);
}

/** The request as it came, but for the offer, to the server that will read it from the same socket. */
function giveBack(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!/^(upgrade|http2-settings|connection)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.removeAllListeners();
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

export function isUpgrade(request: FastifyRequest): boolean {
  return upgrades.has(request.raw);
}

/** Takes the connection out of Fastify's hands. Null where the client has gone meanwhile. */
export function takeUpgrade(request: FastifyRequest, reply: FastifyReply): Upgrade | null {
  const upgrade = upgrades.get(request.raw) ?? null;
  upgrades.delete(request.raw);
  if (upgrade === null) return null;
  upgrade.taken();
  const response = reply.hijack().raw;
  response.detachSocket(upgrade.socket as Socket);
  return upgrade.socket.destroyed ? null : upgrade;
}
