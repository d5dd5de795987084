/**
 * `@authenticated` and `@requiresScopes`, enforced in the subgraph itself. The router enforces them, too, from the claims
 * of the token; but whoever reaches the subgraph past the router must find the same doors closed. A field is guarded by
 * its own directives, by those of its type, and by those of the type that it is in.
 */

import { type AuthContext, requireScopes } from 'counterfoil/verify/apollo';
import {
  defaultFieldResolver,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isObjectType,
} from 'graphql';

/** Any of the lists will do, and of that list, every scope is needed. Null where being signed in is enough. */
type Guard = readonly (readonly string[])[] | null;

/** Puts a guard before every resolver that needs one. The schema is changed, and returned. */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  const authenticated = schema.getDirective('authenticated');
  const requiresScopes = schema.getDirective('requiresScopes');
  if (!authenticated || !requiresScopes) throw new Error('The schema does not import the directives.');

  const guardsOf = (node: { astNode?: unknown }): Guard[] => {
    const astNode = node.astNode as Parameters<typeof getDirectiveValues>[1] | undefined;
    if (!astNode) return [];
    const scopes = getDirectiveValues(requiresScopes, astNode)?.['scopes'] as Guard | undefined;
    return [...(getDirectiveValues(authenticated, astNode) ? [null] : []), ...(scopes ? [scopes] : [])];
  };

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const guards = [...guardsOf(field), ...guardsOf(type), ...guardsOf(getNamedType(field.type))];
      if (guards.length === 0) continue;
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: AuthContext, info) => {
        for (const guard of guards) check(guard, context);
        return resolve(parent, args, context, info);
      };
    }
  }
  return schema;
}

/** Throws what Apollo answers with: UNAUTHENTICATED for nobody, FORBIDDEN for whoever lacks a scope. */
function check(guard: Guard, context: AuthContext): void {
  const { scopes } = requireScopes(context);
  if (guard === null || guard.some((all) => all.every((scope) => scopes.includes(scope)))) return;
  requireScopes(context, ...(guard[0] ?? []));
}
