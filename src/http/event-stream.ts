/**
 * Subscriptions as server-sent events, for those who cannot do WebSocket: GraphQL over SSE, distinct connections mode
 * (graphql-sse, PROTOCOL.md). One POST to `/graphql` that accepts `text/event-stream` is
 * one subscription; it ends with its session, and when its access token expires: then the client refreshes and comes again.
 */

import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, subscribe } from 'graphql';
import type { UserId } from '../entities/identifier.js';
import type { CounterfoilContext } from '../graphql/context.js';
import { isUnavailable, unauthenticated, unavailable } from '../graphql/errors.js';
import type { LimitsOptions } from '../graphql/limits/plugin.js';
import { prepareSubscription, type SubscriptionRequest } from '../graphql/subscription.js';
import { Groups } from '../push/groups.js';
import type { Authenticated } from '../session/contract.js';
import { callerOf, presentedCredentials, sessionMeant } from './credentials.js';
import { connectionContext, type FormatError, formatted, Listening } from './listening.js';
import type { HttpParts } from './parts.js';
import type { PushLimits } from './push-limits.js';
import { refusal } from './refusal.js';
import { BEHIND_ANOTHER, beginEventStream, cutOffLater, isItsTurn } from './server-sent-events.js';

const EVENT_STREAM = 'text/event-stream';

export interface StreamParts extends Pick<HttpParts, 'context' | 'push'> {
  readonly limits: PushLimits;
  readonly documents: LimitsOptions;
  readonly schema: GraphQLSchema;
  readonly format: FormatError;
}

export interface EventStreams {
  wants(request: FastifyRequest): boolean;
  accept(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}

interface Place {
  readonly response: ServerResponse;
  readonly listening: Listening;
}

export function createEventStreams(fastify: FastifyInstance, parts: StreamParts): EventStreams {
  const { limits, documents, schema, format, push } = parts;
  const places = new Groups<UserId, Place>();
  let closing = false;
  const heart = setInterval(() => {
    // One that has yet to begin would begin by it, and as another kind of answer.
    for (const { response } of places) if (response.headersSent) write(response, ':\n\n', limits);
  }, limits.heartbeatMs).unref();
  fastify.addHook('preClose', async () => {
    closing = true;
    clearInterval(heart);
    for (const { listening } of places) listening.stop();
  });

  /** Until its connection is closed, or it has been answered otherwise. */
  function take(response: ServerResponse, listening: Listening): void {
    const place = { response, listening };
    places.add(listening.userId, place);
    response.once('close', () => {
      places.remove(listening.userId, place);
      listening.stop();
    });
  }

  return {
    // Some clients would take a stream for an ordinary answer, too: they say so beside the JSON that they are sent.
    wants: ({ method, headers: { accept = '' } }) =>
      method === 'POST' && accept.includes(EVENT_STREAM) && !accept.includes('json'),

    async accept(request, reply) {
      const asked = requestOf(request.body);
      if (asked === null)
        return reply.code(400).send(refusal('BAD_REQUEST', 'A subscription needs a query.'));
      if (!isItsTurn(reply.raw)) return reply.code(503).send(refusal('UNAVAILABLE', BEHIND_ANOTHER));
      const context = await connectionContext(
        parts,
        presentedCredentials(request),
        callerOf(request),
        sessionMeant(request),
      );
      const { authentication } = context.counterfoil;
      if (authentication.kind === 'undecided') return reply.code(503).send(answerOf([unavailable()], format));
      if (authentication.kind !== 'authenticated') {
        const because = authentication.kind === 'refused' ? authentication.because : null;
        return reply.code(401).send(answerOf([unauthenticated(because)], format));
      }
      if (reply.raw.destroyed) return reply.hijack();
      if (closing || places.size >= limits.connections)
        return reply
          .code(503)
          .send(refusal('UNAVAILABLE', 'This server has as many connections as it takes.'));
      if (places.countOf(authentication.userId) >= limits.connectionsPerUser)
        return reply.code(429).send(refusal('THROTTLED', 'This user has as many connections as they may.'));
      return stream(asked, context, authentication, reply);
    },
  };

  async function stream(
    asked: SubscriptionRequest,
    context: CounterfoilContext,
    caller: Authenticated,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { raw: response } = reply;
    const listening = new Listening(push, context, caller, {
      renew: () => {},
      over: (because) => {
        if (because === 'too-slow') response.destroy();
        else cutOffLater(response);
      },
    });
    take(response, listening);
    const prepared = prepareSubscription(schema, asked, listening.context, documents);
    if (prepared.kind === 'refused') {
      listening.stop();
      return reply.code(400).send(answerOf(prepared.errors, format));
    }
    const results = await subscribe(prepared.args);
    if (!(Symbol.asyncIterator in results)) {
      listening.stop();
      return reply.code(results.errors?.some(isUnavailable) ? 503 : 200).send(resultOf(results, format));
    }
    const finish = () => void results.return?.(undefined);
    if (response.destroyed) {
      listening.stop();
      finish();
      return reply.hijack();
    }
    reply.hijack();
    response.once('close', finish);
    beginEventStream(reply);
    void pass(results, response, limits, format);
    return reply;
  }
}

/** Events to the response, one after the other: a reader that does not take one is given no more. */
async function pass(
  results: AsyncIterable<ExecutionResult>,
  response: ServerResponse,
  limits: PushLimits,
  format: FormatError,
): Promise<void> {
  write(response, ':\n\n', limits);
  for await (const result of results) {
    if (response.destroyed) return;
    write(response, `event: next\ndata: ${JSON.stringify(resultOf(result, format))}\n\n`, limits);
    if (response.writableNeedDrain) await drained(response);
  }
  cutOffLater(response);
  response.end('event: complete\ndata:\n\n');
}

function write(response: ServerResponse, text: string, { bufferBytes }: PushLimits): void {
  if (response.destroyed || response.writableEnded) return;
  response.write(text);
  if (response.writableLength > bufferBytes) response.destroy();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

function requestOf(body: unknown): SubscriptionRequest | null {
  if (typeof body !== 'object' || body === null) return null;
  const { query, operationName, variables } = body as Record<string, unknown>;
  if (typeof query !== 'string') return null;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return null;
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  )
    return null;
  return { query, operationName, variables: variables as Record<string, unknown> | null | undefined };
}

function resultOf({ errors, ...rest }: ExecutionResult, format: FormatError) {
  return errors === undefined ? rest : { ...rest, errors: formatted(errors, format) };
}

function answerOf(errors: readonly GraphQLError[], format: FormatError) {
  return { errors: formatted(errors, format) };
}
