/** The schema: the resolvers of this room, built once. Nothing in it depends on a deployment. */

import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { CounterfoilAuthChecker } from './auth-checker.js';
import { AccountResolver } from './resolvers/account.js';
import { LogoutResolver } from './resolvers/logout.js';
import { OperatorResolver } from './resolvers/operator.js';
import { VerifierResolver } from './resolvers/verifiers.js';
import { SessionResolver, UserResolver, ViewerResolver } from './resolvers/viewer.js';

/** Resolver classes to hand to type-graphql's `buildSchema`, alone or beside one's own. */
export const resolvers = [
  AccountResolver,
  LogoutResolver,
  OperatorResolver,
  SessionResolver,
  UserResolver,
  VerifierResolver,
  ViewerResolver,
] as const;

export function counterfoilSchema(): GraphQLSchema {
  // The check runs the whole introspection query, at every start; a test does it once.
  const skipCheck = true;
  return buildSchemaSync({
    resolvers: [...resolvers],
    authChecker: CounterfoilAuthChecker,
    validate: false,
    skipCheck,
  });
}
