/**
 * Upgrades to WebSocket, led through Fastify like every other request: whatever its hooks refuse (a foreign origin, a bad
 * address, a server that closes) is refused before there is a socket.
 */

import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Leads upgrades of one path to its GET route. Those of other paths are for other listeners; without any, 404. */
export function routeUpgrades(fastify: FastifyInstance, path: string): void {
  const { server } = fastify;
  server.on('upgrade', (request, socket, head) => {
    const isOurs = request.url?.split('?', 1)[0] === path;
    if (!isOurs && server.listenerCount('upgrade') > 1) return;
    // Until somebody takes it, a broken connection is nobody's error.
    socket.on('error', () => socket.destroy());
    if (isOurs) upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
    response.on('finish', () => socket.end());
    fastify.routing(request, response);
  });
}

export function isUpgrade(request: FastifyRequest): boolean {
  return upgrades.has(request.raw);
}

/** Takes the connection out of Fastify's hands. Null where the client has gone meanwhile. */
export function takeUpgrade(request: FastifyRequest, reply: FastifyReply): Upgrade | null {
  const upgrade = upgrades.get(request.raw) ?? null;
  upgrades.delete(request.raw);
  if (upgrade === null) return null;
  const response = reply.hijack().raw;
  response.detachSocket(upgrade.socket as Parameters<ServerResponse['detachSocket']>[0]);
  return upgrade.socket.destroyed ? null : upgrade;
}
