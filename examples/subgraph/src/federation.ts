/**
 * What a federated subgraph has besides its own schema (Apollo Federation 2, subgraph specification): the directives that
 * its schema imports, the schema itself as text for whoever composes it, and entities by their keys. A library does this
 * for you (`@apollo/subgraph`); it is written out here to show that nothing of it has to do with who calls.
 */

import { buildASTSchema, concatAST, type DocumentNode, type GraphQLSchema, parse } from 'graphql';

const DEFINITIONS = `
  directive @link(url: String!, import: [String!]) repeatable on SCHEMA
  directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM

  scalar _Any
  type _Service { sdl: String! }
  extend type Query {
    _service: _Service!
    _entities(representations: [_Any!]!): [_Entity]!
  }
`;

export type Resolver<Context> = (parent: never, args: never, context: Context) => unknown;
export type Resolvers<Context> = Readonly<Record<string, Readonly<Record<string, Resolver<Context>>>>>;

/** By `__typename`: an entity by the fields of its key, or null. */
export type Entities<Context> = Readonly<
  Record<string, (key: Readonly<Record<string, unknown>>, context: Context) => unknown>
>;

/** The executable schema of a subgraph. Nothing is guarded yet: that is `guards.ts`. */
export function subgraphSchema<Context>(
  sdl: string,
  resolvers: Resolvers<Context>,
  entities: Entities<Context>,
): GraphQLSchema {
  const union = `union _Entity = ${Object.keys(entities).join(' | ')}`;
  const schema = buildASTSchema(withoutLink(concatAST([parse(sdl), parse(DEFINITIONS), parse(union)])));
  const all: Resolvers<Context> = {
    ...resolvers,
    Query: {
      ...resolvers['Query'],
      _service: () => ({ sdl }),
      _entities: (_parent, args: { representations: Record<string, unknown>[] }, context) =>
        args.representations.map(async (key) => {
          const name = String(key['__typename']);
          const found = await entities[name]?.(key, context);
          return found ? { __typename: name, ...found } : null;
        }),
    },
  };
  for (const [type, fields] of Object.entries(all)) {
    const own = fieldsOf(schema, type);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = own[name];
      if (field === undefined) throw new Error(`There is no ${type}.${name}.`);
      field.resolve = resolve as never;
    }
  }
  return schema;
}

/** graphql-js has no use for `extend schema @link`, and a schema without a definition cannot be extended. */
function withoutLink(document: DocumentNode): DocumentNode {
  return { ...document, definitions: document.definitions.filter(({ kind }) => kind !== 'SchemaExtension') };
}

function fieldsOf(schema: GraphQLSchema, name: string) {
  const type = schema.getType(name);
  if (type === undefined || !('getFields' in type)) throw new Error(`There is no type ${name} with fields.`);
  return type.getFields() as Record<string, { resolve?: unknown }>;
}
