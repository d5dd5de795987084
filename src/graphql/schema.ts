/** The schema: the resolvers of this room, built once. Nothing in it depends on a deployment. */

import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type PubSub } from 'type-graphql';
import { CounterfoilAuthChecker } from './auth-checker.js';
import { AccountResolver } from './resolvers/account.js';
import { EventResolver } from './resolvers/events.js';
import { LogoutResolver } from './resolvers/logout.js';
import { MessageResolver } from './resolvers/messages.js';
import { OperatorResolver } from './resolvers/operator.js';
import { VerifierResolver } from './resolvers/verifiers.js';
import { SessionResolver, UserResolver, ViewerResolver } from './resolvers/viewer.js';

/** Resolver classes to hand to type-graphql's `buildSchema`, alone or beside one's own. */
export const resolvers = [
  AccountResolver,
  LogoutResolver,
  MessageResolver,
  OperatorResolver,
  SessionResolver,
  UserResolver,
  VerifierResolver,
  ViewerResolver,
] as const;

/** Besides, where type-graphql is given a `pubSub`: it takes no subscription without one, not even one that needs none. */
export const subscriptionResolvers = [EventResolver] as const;

const NO_PUB_SUB: PubSub = {
  publish: () => {},
  subscribe: () => {
    throw new Error('Subscriptions here have sources of their own.');
  },
};

export function counterfoilSchema(): GraphQLSchema {
  // The check runs the whole introspection query, at every start; a test does it once.
  const skipCheck = true;
  return buildSchemaSync({
    resolvers: [...resolvers, ...subscriptionResolvers],
    pubSub: NO_PUB_SUB,
    authChecker: CounterfoilAuthChecker,
    validate: false,
    skipCheck,
  });
}
