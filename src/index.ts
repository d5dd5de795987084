/**
 * The library's face: Counterfoil inside a server of your own. `createCounterfoil` gives resolvers, a context, an auth
 * checker and a Fastify plugin; `@Authorized()` on your own fields then just works.
 */

import type { GraphQLSchema } from 'graphql';
import { type App, createApp, type Embedding, type Surroundings } from './app.js';
import { configFrom, type Settings } from './config/settings.js';
import { CounterfoilAuthChecker } from './graphql/auth-checker.js';
import { counterfoilSchema, resolvers, subscriptionResolvers } from './graphql/schema.js';

export type { App, Embedding, Surroundings } from './app.js';
export type { ConfigProblem } from './config/environment.js';
export { ConfigurationError, type Settings } from './config/settings.js';
export type { Session } from './entities/session.js';
export type { Role, User } from './entities/user.js';
export { CounterfoilAuthChecker } from './graphql/auth-checker.js';
export { authenticatedCaller, type CounterfoilContext } from './graphql/context.js';
export { resolvers, subscriptionResolvers } from './graphql/schema.js';
export type { Authenticated, Authentication } from './session/contract.js';
export type { Clock } from './system/clock.js';
export type { Log } from './system/log.js';
export { createLog } from './system/log.js';
export type { Randomness } from './system/randomness.js';

export interface Counterfoil extends Embedding {
  /** For type-graphql's `buildSchema`, beside your own. */
  readonly resolvers: typeof resolvers;
  /** `sessionEvents`, for a schema that is built with a `pubSub`. Its context is that of `context`. */
  readonly subscriptionResolvers: typeof subscriptionResolvers;
  readonly authChecker: typeof CounterfoilAuthChecker;
  /** Counterfoil's schema alone. */
  readonly schema: GraphQLSchema;
  /** Everything inside, for what this face does not offer. Not covered by semantic versioning. */
  readonly app: App;
  /** Stops the chores and closes the database. */
  stop(): Promise<void>;
}

/** Opens, migrates and starts. Throws `ConfigurationError` where the settings cannot be used. */
export async function createCounterfoil(
  settings: Settings = {},
  surroundings: Partial<Surroundings> = {},
): Promise<Counterfoil> {
  const app = await createApp(configFrom(settings), surroundings);
  await app.start();
  return {
    ...app.embedding,
    resolvers,
    subscriptionResolvers,
    authChecker: CounterfoilAuthChecker,
    schema: counterfoilSchema(),
    app,
    stop: () => app.stop(),
  };
}
