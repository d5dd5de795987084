/**
 * What compiles against `counterfoil/verify` and its adapters, and what must not; the adapters against the types of the
 * servers that they are for. Checked as `library.test-d.ts` is.
 */

import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import * as apollo from '../../src/verify/apollo.js';
import * as express from '../../src/verify/express.js';
import * as fastify from '../../src/verify/fastify.js';
import {
  admit,
  bodyOf,
  createVerifier,
  type Outcome,
  type Verified,
  type Verifier,
} from '../../src/verify/index.js';

declare const app: FastifyInstance;
declare const verifier: Verifier;
declare function expectType<Expected>(value: Expected): void;

const issuer = 'https://auth.example.com';
const audience = 'https://api.example.com';

export function settingsAreClosed(credential: string): void {
  createVerifier({ issuer, audience, revocations: null });
  createVerifier({ issuer, audience, revocations: { credential } });
  createVerifier({
    issuer,
    audience,
    revocations: { credential, maxStaleness: 5, whenStale: 'refuse' },
    fetch,
  });
  // @ts-expect-error whether revocations are followed is a decision, and must be written down
  createVerifier({ issuer, audience });
  // @ts-expect-error an audience is not optional: without one, tokens for others would pass
  createVerifier({ issuer, revocations: null });
  // @ts-expect-error a misspelt setting would be ignored
  createVerifier({ issuer, audience, revocations: null, maxLifeTime: 600 });
  // @ts-expect-error one of the three policies
  createVerifier({ issuer, audience, revocations: { credential, whenStale: 'accept' } });
  // @ts-expect-error stateful servers have no tokens that could be verified elsewhere
  createVerifier({ issuer, audience, revocations: null, model: 'stateful' });
}

export function outcomesAreAUnion(outcome: Outcome): string | number {
  // @ts-expect-error there is no user until the kind says so
  expectType<string>(outcome.userId);
  switch (outcome.kind) {
    case 'verified':
      // @ts-expect-error who calls is proven, and not to be changed
      outcome.scopes.push('operator');
      return outcome.userId;
    case 'refused':
      return outcome.because;
    case 'undecided':
      return outcome.retryAfter;
    default:
      expectType<never>(outcome);
      return '';
  }
}

export async function runsOnFastify(): Promise<void> {
  await app.register(fastify.bearerTokens, { verifier });
  await app.register(fastify.bearerTokens, { verifier, optional: true });
  app.get('/orders', { preHandler: fastify.requireScopes('user') }, async (request) => {
    expectType<Verified | null>(fastify.authOf(request));
    expectType<Verified>(fastify.callerOf(request));
  });
}

/** As Express declares it (`@types/express`): a request and a response of Node with more to them. */
interface ExpressLike {
  use(
    handler: (
      request: import('node:http').IncomingMessage & { readonly params: object },
      response: import('node:http').ServerResponse & { json(body: unknown): unknown },
      next: (error?: unknown) => void,
    ) => void,
  ): void;
}

export function runsOnExpress(server: ExpressLike): void {
  server.use(express.bearerTokens(verifier));
  server.use(express.bearerTokens(verifier, { optional: true }));
  server.use(express.requireScopes('user'));
  server.use((request) => expectType<Verified | null>(express.authOf(request)));
  server.use((request) => expectType<Verified>(express.callerOf(request)));
}

export async function runsWithApollo(): Promise<void> {
  const server = new ApolloServer<apollo.AuthContext>({ typeDefs: '' });
  await startStandaloneServer(server, { context: apollo.bearerContext(verifier) });
  app.post('/graphql', fastifyApolloHandler(server, { context: apollo.bearerContext(verifier) }));
  const own = new ApolloServer<apollo.AuthContext & { readonly orders: string[] }>({ typeDefs: '' });
  const withAuth = apollo.bearerContext(verifier, { optional: false });
  await startStandaloneServer(own, {
    context: async ({ req }) => ({ ...(await withAuth({ req })), orders: [] }),
  });
}

export function fieldsKnowWhoCalls(context: apollo.AuthContext & { readonly orders: string[] }): void {
  expectType<Verified>(apollo.requireScopes(context, 'user'));
  // @ts-expect-error who calls may be nobody
  expectType<string>(context.auth.userId);
}

export async function runsOnTheWeb(request: Request): Promise<Response> {
  const admission = await admit(verifier, request.headers.get('authorization'));
  if (admission.kind === 'anonymous') return new Response(null, { status: 204 });
  if (admission.kind === 'admitted') return new Response(admission.auth.userId);
  const { status, headers } = admission.refusal;
  return new Response(bodyOf(admission.refusal), { status, headers });
}
