/**
 * What compiles against `counterfoil`, and what must not. Checked by `tsc` here against the sources, and by
 * `npm run check:pack` against the declarations in the tarball. Nothing of this runs.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import {
  type Authenticated,
  type Authentication,
  authenticatedCaller,
  type Clock,
  ConfigurationError,
  type Counterfoil,
  CounterfoilAuthChecker,
  type CounterfoilContext,
  createCounterfoil,
  createLog,
  type Log,
  type Randomness,
  type Role,
  resolvers,
  type Settings,
} from '../../src/index.js';

declare const fastify: FastifyInstance;
declare const request: FastifyRequest;
declare const reply: FastifyReply;
declare function expectType<Expected>(value: Expected): void;
declare function isExactly<A, B>(
  same: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false,
): void;

export async function settingsAreClosed(): Promise<void> {
  await createCounterfoil();
  await createCounterfoil({
    database: 'file:./data/a.db',
    accessTtl: 300,
    rateLimits: 'off',
    playground: 'on',
  });
  // @ts-expect-error a misspelt setting would be ignored
  await createCounterfoil({ accesTtl: 300 });
  // @ts-expect-error durations are numbers of seconds, not text
  await createCounterfoil({ accessTtl: '5m' });
  // @ts-expect-error one of 'on' and 'off'
  await createCounterfoil({ rateLimits: false });
  // @ts-expect-error undefined is not "left out"
  await createCounterfoil({ issuer: undefined });
  const settings: Settings = { issuer: 'https://auth.example.com' };
  // @ts-expect-error settings are read once: changing them later would do nothing
  settings.issuer = 'https://other.example.com';
}

export async function surroundingsAreHandedIn(clock: Clock, randomness: Randomness, log: Log): Promise<void> {
  await createCounterfoil({}, { clock, randomness, log });
  await createCounterfoil({}, { log: createLog('info') });
  // @ts-expect-error a clock tells monotonic time, too
  await createCounterfoil({}, { clock: { now: () => 0 } });
  // @ts-expect-error not a level
  createLog('loud');
}

export async function counterfoilMounts(counterfoil: Counterfoil): Promise<void> {
  class OwnResolver {}
  isExactly<typeof counterfoil.schema, GraphQLSchema>(true);
  expectType<GraphQLSchema>(
    await buildSchema({
      resolvers: [...counterfoil.resolvers, OwnResolver],
      authChecker: counterfoil.authChecker,
    }),
  );
  await buildSchema({ resolvers: [...resolvers, OwnResolver], authChecker: CounterfoilAuthChecker });
  await fastify.register(counterfoil.plugin);
  await fastify.register(counterfoil.discovery);
  await counterfoil.guardOrigins(fastify);
  expectType<CounterfoilContext>(await counterfoil.context(request, reply));
  // @ts-expect-error the reply is needed: cookies and Cache-Control are written on it
  await counterfoil.context(request);
  // @ts-expect-error what Counterfoil gives is not to be replaced
  counterfoil.schema = await buildSchema({ resolvers: [OwnResolver] });
  isExactly<Awaited<ReturnType<typeof counterfoil.stop>>, void>(true);
}

export function contextsExtend(context: CounterfoilContext & { readonly notes: string[] }): void {
  const caller = authenticatedCaller(context);
  isExactly<typeof caller, Authenticated>(true);
  isExactly<(typeof caller.roles)[number], Role>(true);
  isExactly<Role, 'USER' | 'OPERATOR'>(true);
  expectType<number>(caller.expiresAt);
  expectType<string>(caller.userId);
  // @ts-expect-error a session's id is no user's id, though both are text
  expectType<typeof caller.userId>(caller.sessionId);
  // @ts-expect-error who calls is proven by a credential, and not to be changed by a resolver
  caller.roles.push('OPERATOR');
  // @ts-expect-error a context without Counterfoil's part knows no caller
  authenticatedCaller({ notes: [] });
}

export function authenticationIsAUnion(authentication: Authentication): string {
  // @ts-expect-error there is no user until the kind says so
  expectType<string>(authentication.userId);
  switch (authentication.kind) {
    case 'authenticated':
      return authentication.userId;
    case 'refused':
      return authentication.because;
    case 'anonymous':
    case 'undecided':
      return authentication.kind;
    default:
      expectType<never>(authentication);
      return '';
  }
}

export function configurationErrorsNameEveryProblem(error: unknown): readonly string[] {
  if (!(error instanceof ConfigurationError)) return [];
  return error.problems.map(({ variable, problem }) => `${variable}: ${problem}`);
}
