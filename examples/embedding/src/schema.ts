/** One schema: Counterfoil's operations beside ours. */

import 'reflect-metadata';
import type { Counterfoil } from 'counterfoil';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { NoteResolver } from './note-resolver.js';

export function notesSchema(
  counterfoil: Pick<Counterfoil, 'resolvers' | 'authChecker'>,
): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [...counterfoil.resolvers, NoteResolver],
    authChecker: counterfoil.authChecker, // makes @Authorized() work
  });
}
