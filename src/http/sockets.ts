/** WebSockets at `/graphql`: who may connect and how many, and the heart that beats for them. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressKey } from '../entities/address.js';
import { callerOf, presentedCredentials } from './credentials.js';
import type { PushLimits } from './push-limits.js';
import { refusal } from './refusal.js';
import { type ConnectionParts, type Origin, SocketConnection } from './socket-connection.js';
import { routeUpgrades, takeUpgrade } from './upgrade.js';

const PROTOCOL = 'graphql-transport-ws';

export interface Sockets {
  readonly count: number;
  /** Answers an upgrade: with a socket, or with a status. */
  accept(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

export function createSockets(
  fastify: FastifyInstance,
  path: string,
  parts: Omit<ConnectionParts, 'isFull'>,
): Sockets {
  const { limits } = parts;
  const connections = new Set<SocketConnection>();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.messageBytes,
    // A window for each direction of each connection would cost more memory than all the rest of it.
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  });
  const server = graphqlOver(limits);
  const isFull = (candidate: SocketConnection) => {
    let count = 0;
    for (const { userId } of connections) if (userId === candidate.userId) count += 1;
    return count > limits.connectionsPerUser;
  };
  const strangersFrom = (address: string) => {
    let count = 0;
    for (const connection of connections)
      if (connection.userId === null && connection.address === address) count += 1;
    return count;
  };
  const heart = setInterval(() => {
    for (const connection of connections) connection.beat();
  }, limits.heartbeatMs).unref();
  let closing = false;

  routeUpgrades(fastify, path);
  fastify.addHook('preClose', async () => {
    closing = true;
    clearInterval(heart);
    for (const connection of connections) connection.close('goingAway');
  });

  function opened(socket: WebSocket, origin: Origin): void {
    socket.on('error', () => socket.terminate());
    const connection = new SocketConnection({ ...parts, isFull }, socket, origin);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    connection.open(server);
  }

  return {
    get count() {
      return connections.size;
    },
    accept(request, reply) {
      const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
      if (request.method !== 'GET' || !offered?.includes(PROTOCOL))
        return reply.code(400).send(refusal('BAD_REQUEST', `Connect with the subprotocol ${PROTOCOL}.`));
      if (closing || connections.size >= limits.connections)
        return reply
          .code(503)
          .send(refusal('UNAVAILABLE', 'This server has as many connections as it takes.'));
      const origin = { caller: callerOf(request), presented: presentedCredentials(request) };
      if (strangersFrom(addressKey(origin.caller.ipAddress)) >= limits.strangersPerAddress)
        return reply
          .code(429)
          .send(refusal('THROTTLED', 'Too many connections of this address have shown no token yet.'));
      const upgrade = takeUpgrade(request, reply);
      if (upgrade !== null)
        wss.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (socket) => opened(socket, origin));
      return reply;
    },
  };
}

function graphqlOver(limits: PushLimits) {
  return makeServer<Record<string, unknown>, SocketConnection>({
    connectionInitWaitTimeout: limits.initMs,
    onConnect: ({ extra, connectionParams }) => extra.admit(connectionParams),
    onPing: ({ extra }, payload) => extra.show(payload),
    onPong: ({ extra }, payload) => extra.show(payload),
    onSubscribe: ({ extra }, _id, payload) => extra.prepare(payload),
    onNext: ({ extra }, _id, _payload, _args, result) => extra.formatted(result),
    onError: ({ extra }, _id, _payload, errors) => extra.formattedErrors(errors),
    onComplete: ({ extra }) => extra.completed(),
  });
}
