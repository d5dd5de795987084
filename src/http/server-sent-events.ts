/** What every stream of server-sent events has in common, whatever it tells: how it begins, and how long its end may take. */

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** How long a reader may take to accept the end of its connection. */
const FAREWELL_MS = 2_000;

export const BEHIND_ANOTHER = 'A stream cannot begin behind another answer of its connection. Ask again.';

/**
 * Whether its connection is this answer's now. One that waits behind another (pipelined, RFC 9112 §9.3.2) never hears
 * that the connection has closed: a stream that began there could not be known to be over.
 */
export function isItsTurn({ socket }: ServerResponse): boolean {
  return socket !== null && !socket.destroyed;
}

/** Writes the head, with the headers of every answer. The reply has been hijacked. */
export function beginEventStream(reply: FastifyReply): void {
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Buffering proxies would hold back what must be heard at once.
    'x-accel-buffering': 'no',
    // Nothing follows on this connection, and a closing server need not wait for it.
    connection: 'close',
  });
}

/** Whoever does not read will not read the end either. */
export function cutOffLater(response: ServerResponse): void {
  const patience = setTimeout(() => response.destroy(), FAREWELL_MS).unref();
  response.once('close', () => clearTimeout(patience));
}
