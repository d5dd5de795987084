/** Who is at the other end of the connection, as far as the connection itself shows it. */

import type { FastifyRequest } from 'fastify';

const LOOPBACK_PEER = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const TRACES_OF_A_PROXY = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via'];

/** Whether a proxy says that it passes on somebody else's request. */
export function isForwarded({ headers }: FastifyRequest): boolean {
  return TRACES_OF_A_PROXY.some((name) => headers[name] !== undefined);
}

/** From this machine itself, and not by way of a proxy on it. */
export function isFromThisMachine(request: FastifyRequest): boolean {
  return !isForwarded(request) && LOOPBACK_PEER.test(request.socket.remoteAddress ?? '');
}
