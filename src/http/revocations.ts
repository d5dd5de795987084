/**
 * `GET /revocations`: the revocation feed as server-sent events, for verifiers (its wire format: `feed-events.ts` of the
 * room `revocation/`). Owns who may connect, how many, and for how long: a connection ends after some minutes, since two
 * clocks run apart and a credential may have been withdrawn; the reader comes back and goes on where it was. It works in
 * every session model; in the stateful one it tells of nothing that a verifier could check a token by.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifierId } from '../entities/identifier.js';
import { Groups } from '../push/groups.js';
import { HEARTBEAT_MS } from '../revocation/feed-events.js';
import { admitVerifiers, verifierOf } from './client-authentication.js';
import { FeedConnection } from './feed-connection.js';
import { answerFaults, sendTryAgain } from './oauth-errors.js';
import type { FeedLimits, HttpParts } from './parts.js';
import { BEHIND_ANOTHER, beginEventStream, isItsTurn } from './server-sent-events.js';

export const FEED_LIMITS: FeedLimits = {
  readers: 2_000,
  readersPerVerifier: 100,
  bufferBytes: 1024 * 1024,
  connectionMs: 600_000,
  recheckMs: 5_000,
};

const FULL_RETRY_SECONDS = 5;
const TURN_RETRY_SECONDS = 1;

export async function revocationRoute(fastify: FastifyInstance, parts: HttpParts): Promise<void> {
  const { clock, feed, feedLimits: limits = FEED_LIMITS } = parts;
  const readers = new FeedReaders(parts, limits);
  fastify.addHook('preClose', async () => readers.close());

  /** Why there is no room for one more, or null. */
  function fullness(id: VerifierId): { readonly status: 429 | 503; readonly because: string } | null {
    if (readers.closed) return { status: 503, because: 'The server is stopping.' };
    if (readers.count >= limits.readers)
      return { status: 503, because: 'This server has as many readers as it takes.' };
    return readers.countOf(id) >= limits.readersPerVerifier
      ? { status: 429, because: 'This verifier has as many connections as it may.' }
      : null;
  }

  async function follow(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!isItsTurn(reply.raw)) return sendTryAgain(reply, 503, TURN_RETRY_SECONDS, BEHIND_ANOTHER);
    const { id: verifierId } = verifierOf(request);
    const full = fullness(verifierId);
    if (full !== null) return sendTryAgain(reply, full.status, FULL_RETRY_SECONDS, full.because);
    const response = reply.hijack().raw;
    if (request.raw.destroyed || response.destroyed) return reply;
    const acceptedAt = clock.monotonic();
    beginEventStream(reply);
    const endsAt = acceptedAt + limits.connectionMs * (1 - 0.1 * draw(parts));
    const reader = { verifierId, response, acceptedAt, endsAt, bufferBytes: limits.bufferBytes };
    readers.add(new FeedConnection(feed, reader, lastEventId(request)));
    return reply;
  }

  await fastify.register(async (scope) => {
    answerFaults(scope, parts);
    admitVerifiers(scope, parts);
    scope.get('/revocations', { exposeHeadRoute: false }, follow);
  });
}

function lastEventId({ headers }: FastifyRequest): string | null {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : null;
}

/** From 0 to 1. */
function draw({ randomness }: HttpParts): number {
  return Buffer.from(randomness.bytes(2)).readUInt16BE() / 0xffff;
}

/** All connections of one server, and the heart that beats for them. */
class FeedReaders {
  readonly #parts: HttpParts;
  readonly #limits: FeedLimits;
  readonly #connections = new Groups<VerifierId, FeedConnection>();
  #heart: NodeJS.Timeout | null = null;
  #checkedAt = 0;
  closed = false;

  constructor(parts: HttpParts, limits: FeedLimits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  get count(): number {
    return this.#connections.size;
  }

  countOf(id: VerifierId): number {
    return this.#connections.countOf(id);
  }

  add(connection: FeedConnection): void {
    this.#connections.add(connection.reader.verifierId, connection);
    connection.reader.response.on('close', () => this.#remove(connection));
    this.#heart ??= setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  close(): void {
    this.closed = true;
    for (const connection of this.#connections) connection.sayBye();
  }

  #remove(connection: FeedConnection): void {
    this.#connections.remove(connection.reader.verifierId, connection);
    if (this.#connections.size > 0 || this.#heart === null) return;
    clearInterval(this.#heart);
    this.#heart = null;
  }

  #beat(): void {
    const now = this.#parts.clock.monotonic();
    for (const connection of this.#connections) {
      if (now >= connection.reader.endsAt) connection.sayBye();
      else connection.beat();
    }
    if (now - this.#checkedAt < this.#limits.recheckMs) return;
    this.#checkedAt = now;
    void this.#cutOffWithdrawn();
  }

  async #cutOffWithdrawn(): Promise<void> {
    const ids = new Set([...this.#connections].map(({ reader }) => reader.verifierId));
    for (const id of ids) {
      // A store that cannot be asked has withdrawn nothing; the connection ends in time anyway.
      const inForce = await this.#parts.verifiers.isInForce(id).catch(() => true);
      if (inForce) continue;
      for (const connection of this.#connections.of(id)) connection.cutOff();
    }
  }
}
