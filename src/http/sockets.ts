/** WebSockets at `/graphql`: who may connect and how many, and the heart that beats for them. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressKey } from '../entities/address.js';
import type { UserId } from '../entities/identifier.js';
import { Groups } from '../push/groups.js';
import { callerOf, presentedCredentials } from './credentials.js';
import type { PushLimits } from './push-limits.js';
import { refusal } from './refusal.js';
import { type ConnectionParts, type Origin, SocketConnection } from './socket-connection.js';
import { routeUpgrades, takeUpgrade } from './upgrade.js';

const PROTOCOL = 'graphql-transport-ws';

export interface Sockets {
  /** Answers an upgrade: with a socket, or with a status. */
  accept(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

export function createSockets(
  fastify: FastifyInstance,
  path: string,
  parts: Omit<ConnectionParts, 'admit'>,
): Sockets {
  const { limits } = parts;
  /** By address; those that have yet to show a token. */
  const strangers = new Groups<string, SocketConnection>();
  const known = new Groups<UserId, SocketConnection>();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.messageBytes,
    // A window for each direction of each connection would cost more memory than all the rest of it.
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  });
  const server = graphqlOver(limits);
  const all = () => [...strangers, ...known];
  const heart = setInterval(() => {
    for (const connection of all()) connection.beat();
  }, limits.heartbeatMs).unref();
  let closing = false;

  routeUpgrades(fastify, path);
  fastify.addHook('preClose', async () => {
    closing = true;
    clearInterval(heart);
    for (const connection of all()) connection.close('goingAway');
  });

  function admit(connection: SocketConnection, userId: UserId): boolean {
    if (known.countOf(userId) >= limits.connectionsPerUser) return false;
    strangers.remove(connection.address, connection);
    known.add(userId, connection);
    return true;
  }

  function opened(socket: WebSocket, origin: Origin): void {
    socket.on('error', () => socket.terminate());
    const connection = new SocketConnection({ ...parts, admit }, socket, origin);
    strangers.add(connection.address, connection);
    socket.once('close', () => {
      strangers.remove(connection.address, connection);
      if (connection.userId !== null) known.remove(connection.userId, connection);
    });
    connection.open(server);
    makeRoom();
  }

  /** Strangers can come from as many addresses as they like: they take places from one another, and from nobody else. */
  function makeRoom(): void {
    const [longest] = strangers;
    const isFull = strangers.size > limits.strangers || strangers.size + known.size > limits.connections;
    if (longest === undefined || !isFull) return;
    strangers.remove(longest.address, longest);
    longest.cut();
  }

  return {
    accept(request, reply) {
      const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
      if (request.method !== 'GET' || !offered?.includes(PROTOCOL))
        return reply.code(400).send(refusal('BAD_REQUEST', `Connect with the subprotocol ${PROTOCOL}.`));
      if (closing || known.size >= limits.connections)
        return reply
          .code(503)
          .send(refusal('UNAVAILABLE', 'This server has as many connections as it takes.'));
      const origin = { caller: callerOf(request), presented: presentedCredentials(request) };
      if (strangers.countOf(addressKey(origin.caller.ipAddress)) >= limits.strangersPerAddress)
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
