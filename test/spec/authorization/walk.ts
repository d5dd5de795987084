/** The schema as the matrix sees it: its fields, which of them have no rule, and the way from a root to each. */

import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { RULES } from './rules.js';

/** One field on the way: its name, and the type that a union must be to have it. */
export interface Step {
  readonly field: string;
  readonly on: string | null;
}

/** A field of an object type, and how a document gets there from a root field. */
export interface Target {
  readonly operation: 'query' | 'mutation';
  readonly root: string;
  readonly type: string;
  readonly field: string;
  /** From below the root field to the field itself; empty when the target is the root field. */
  readonly steps: readonly Step[];
}

export function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
}

/** Fields without a rule, and rules without a field. */
export function unruled(schema: GraphQLSchema, rules: typeof RULES): { missing: string[]; stale: string[] } {
  const fields = objectTypes(schema).flatMap((type) =>
    Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  );
  const ruled = Object.entries(rules).flatMap(([type, of]) =>
    Object.keys(of).map((field) => `${type}.${field}`),
  );
  return {
    missing: fields.filter((name) => !ruled.includes(name)),
    stale: ruled.filter((name) => !fields.includes(name)),
  };
}

/** Every field of every object type that each root field leads to, by the shortest way. */
export function targets(schema: GraphQLSchema): Target[] {
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const rootType = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(rootType?.getFields() ?? {}).flatMap((root) => [
      { operation, root: root.name, type: rootType?.name ?? '', field: root.name, steps: [] },
      ...below(getNamedType(root.type)).map((target) => ({ operation, root: root.name, ...target })),
    ]);
  });
}

function below(start: GraphQLNamedType): Pick<Target, 'type' | 'field' | 'steps'>[] {
  const found: Pick<Target, 'type' | 'field' | 'steps'>[] = [];
  const seen = new Set<string>();
  const queue: { type: GraphQLNamedType; steps: readonly Step[] }[] = [{ type: start, steps: [] }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { type, steps } = next;
    const possible = isUnionType(type) ? type.getTypes() : isObjectType(type) ? [type] : [];
    for (const object of possible) {
      if (seen.has(object.name)) continue;
      seen.add(object.name);
      for (const { name, type: of } of Object.values(object.getFields())) {
        const here = [...steps, { field: name, on: isUnionType(type) ? object.name : null }];
        found.push({ type: object.name, field: name, steps: here });
        queue.push({ type: getNamedType(of), steps: here });
      }
    }
  }
  return found;
}

/** A document that asks for the target and for nothing else but type names. */
export function documentFor(schema: GraphQLSchema, { operation, root, steps }: Target): string {
  const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
  const args = type?.getFields()[root]?.args ?? [];
  const declared = args.map(({ name, type: of }) => `$${name}: ${of}`).join(', ');
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const bracketed = (text: string) => (text === '' ? '' : `(${text})`);
  const field = type?.getFields()[root];
  const selection = field === undefined ? '' : selectionFor(getNamedType(field.type), steps);
  return `${operation} ${bracketed(declared)} { ${root}${bracketed(given)} ${selection} }`;
}

function selectionFor(type: GraphQLNamedType, [step, ...rest]: readonly Step[]): string {
  if (!isUnionType(type) && !isObjectType(type)) return '';
  if (step === undefined) return '{ __typename }';
  const parent = isObjectType(type) ? type : type.getTypes().find(({ name }) => name === step.on);
  const field = parent?.getFields()[step.field];
  const inner = `${step.field} ${field === undefined ? '' : selectionFor(getNamedType(field.type), rest)}`;
  return step.on === null ? `{ ${inner} }` : `{ __typename ... on ${step.on} { ${inner} } }`;
}
