/** `/graphql`: Apollo Server behind Fastify, with limits before any resolver and masking after every one. */

import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { type CounterfoilContext, requestContext } from '../graphql/context.js';
import { isUnavailable, maskErrors } from '../graphql/errors.js';
import { DocumentStore } from '../graphql/limits/document-store.js';
import { limitsPlugin, parseOptions } from '../graphql/limits/plugin.js';
import { DocumentLimits } from '../graphql/limits/rules.js';
import type { Log } from '../system/log.js';
import { cookieJar } from './cookie-jar.js';
import { callerOf, presentedCredentials, sessionMeant } from './credentials.js';
import { createEventStreams } from './event-stream.js';
import { acceptOnlyJson } from './json-body.js';
import { type Known, KnownQueries, runKnown } from './known-queries.js';
import type { FormatError } from './listening.js';
import { guardOrigins } from './origin.js';
import type { HttpParts } from './parts.js';
import { sendPlayground, tellOfCookies, wantsPlayground } from './playground.js';
import { PUSH_LIMITS } from './push-limits.js';
import { createSockets } from './sockets.js';
import { isUpgrade } from './upgrade.js';

export const BODY_LIMIT_BYTES = 64 * 1024;

/** The context of one request; for a server of somebody else's, too. */
export async function contextOf(
  parts: Pick<HttpParts, 'context' | 'clock'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<CounterfoilContext> {
  reply.header('cache-control', 'no-store');
  return requestContext(
    parts.context,
    presentedCredentials(request),
    callerOf(request),
    cookieJar(reply, parts.clock),
    sessionMeant(request),
  );
}

/** What an Apollo Server needs to be as strict as ours: limits, masking, and none of the defaults that tell too much. */
export function apolloOptions({ log, metrics, options }: Pick<HttpParts, 'log' | 'metrics' | 'options'>) {
  const limits = DocumentLimits;
  return {
    introspection: options.playground,
    hideSchemaDetailsFromClientErrors: !options.playground,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: parseOptions(limits),
    documentStore: new DocumentStore(),
    formatError: maskErrors((fault, path) => {
      log.error({ event: 'unexpected', err: fault, path }, 'an operation failed unexpectedly');
    }),
    logger: {
      debug() {},
      info() {},
      warn() {},
      error: (err: unknown) => log.error({ err }, 'Apollo Server'),
    },
    plugins: [
      edgePlugin(log),
      // Apollo's own page loads scripts from elsewhere; the playground is the only page there is.
      ApolloServerPluginLandingPageDisabled(),
      // No answer may be cached; and it would wrap the resolver of every field to find that out.
      ApolloServerPluginCacheControlDisabled(),
      limitsPlugin({
        limits,
        introspection: options.playground,
        onBreach: (kind) => {
          metrics.breach(kind);
          log.warn({ event: 'document.breach', limit: kind }, 'a document broke a limit');
        },
      }),
    ],
  } satisfies Partial<ApolloServerOptions<CounterfoilContext>>;
}

/** What the edge adds to Apollo: a log of refused requests, and the right status for what could not be served. */
function edgePlugin(log: Log): ApolloServerPlugin<CounterfoilContext> {
  return {
    invalidRequestWasReceived: async ({ error }) => {
      log.warn({ event: 'request.invalid', because: firstWords(error) }, 'a request was refused as invalid');
    },
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, operation }) => {
        if (operation?.operation === 'subscription') throw elsewhere();
        // An operation that is not in the document is Apollo's to refuse, after this.
        if (operation && !schema.getRootType(operation.operation))
          throw unknownOperation(operation.operation);
      },
      willSendResponse: async ({ errors, response }) => {
        if (errors?.some(isUnavailable)) response.http.status = 503;
      },
    }),
  };
}

/** graphql-js notices only when it executes, and Apollo takes that for a fault of ours. */
function unknownOperation(kind: string): GraphQLError {
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } };
  return new GraphQLError(`This schema has no ${kind}.`, { extensions });
}

/** Apollo would run it as if it were a query. */
function elsewhere(): GraphQLError {
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } };
  const words = 'A subscription travels over a WebSocket (graphql-transport-ws) or as text/event-stream.';
  return new GraphQLError(words, { extensions });
}

/** Apollo's own words about a request, without what it quotes of it. */
function firstWords({ message }: Error): string {
  return message.slice(0, 60).replace(/["'`{[][\s\S]*$/, '');
}

/** What answers at the same path and does not end with its first answer. */
function pushing(
  fastify: FastifyInstance,
  scope: FastifyInstance,
  schema: GraphQLSchema,
  parts: HttpParts,
  format: FormatError,
) {
  const { pushLimits: limits = PUSH_LIMITS, options, metrics } = parts;
  const documents = { limits: DocumentLimits, introspection: options.playground, onBreach: metrics.breach };
  const common = { ...parts, limits, documents, schema, format };
  return {
    sockets: createSockets(fastify, `${scope.prefix}/graphql`, common),
    streams: createEventStreams(fastify, common),
  };
}

export async function graphqlRoute(
  fastify: FastifyInstance,
  schema: GraphQLSchema,
  parts: HttpParts,
): Promise<void> {
  const options = apolloOptions(parts);
  const known = new KnownQueries();
  const plugins = [...options.plugins, known.plugin()];
  const apollo = new ApolloServer<CounterfoilContext>({ schema, ...options, plugins });
  await apollo.start();
  // Fastify drains its connections itself. Apollo's drain plugin would wait for Fastify to close, which waits here.
  fastify.addHook('onClose', async () => apollo.stop());
  await fastify.register(async (scope) => {
    await guardOrigins(scope, parts);
    acceptOnlyJson(scope);
    if (parts.options.playground) tellOfCookies(scope);
    const push = pushing(fastify, scope, schema, parts, options.formatError);
    const askApollo = fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(parts, request, reply),
    });

    async function answerKnown(query: Known, request: FastifyRequest, reply: FastifyReply): Promise<string> {
      const context = await contextOf(parts, request, reply);
      const answer = await runKnown(query, schema, context, options.formatError);
      reply.code(answer.status).header('content-type', answer.contentType);
      return answer.body;
    }

    scope.route({
      url: '/graphql',
      method: ['GET', 'POST'],
      exposeHeadRoute: false,
      bodyLimit: BODY_LIMIT_BYTES,
      async handler(request, reply) {
        reply.header('cache-control', 'no-store');
        if (isUpgrade(request)) return push.sockets.accept(request, reply);
        if (push.streams.wants(request)) return push.streams.accept(request, reply);
        if (wantsPlayground(request, parts.options)) return sendPlayground(reply);
        const { method, body, headers } = request;
        const query = method === 'POST' ? known.find(body, headers.accept) : null;
        if (query !== null) return answerKnown(query, request, reply);
        const asked = await askApollo.call(this, request, reply);
        // It may have run without a fault and be refused all the same, for an Accept header that nothing fits.
        if (reply.statusCode === 200) known.learn(body, headers.accept, reply.getHeader('content-type'));
        return asked;
      },
    });
  });
}
