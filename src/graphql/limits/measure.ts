/**
 * Measures a GraphQL document before anything of it runs. Owns the figures (how deep, how many, how dear), not the
 * limits they are held against (rules.ts) nor the moment of the judgement (plugin.ts). Pure: a parsed document, the
 * request's variables and the schema in, numbers out. Never throws on a document that graphql-js can parse, valid or
 * not, since it runs before validation. Named fragments count once per spread, as if they were written out, but are
 * measured once, so that 2^30 nested spreads cost thirty steps. GraphQL specification, October 2021, sections 2 and 5.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isExecutableDefinitionNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { CEILING, type Figures, include, sum, times, uniform, worse } from './figures.js';
import { orderFragments } from './fragments.js';
import { pageOf, type VariableScope } from './page.js';

/** Root mutation fields that test or set a credential. Each is dear (a password hash) and worth guessing at. */
const CREDENTIAL_FIELDS: ReadonlySet<string> = new Set([
  'register',
  'login',
  'refresh',
  'changePassword',
  'deleteAccount',
]);

/** What one credential field costs; any other field costs 1. */
export const CREDENTIAL_COST = 50;

/** Selection sets nested deeper than this count as CEILING unread: no limit allows them, and the stack is finite. */
const DEEPEST = 500;

/** Operations beyond this one are counted but not measured: no limit allows as many. */
const MEASURED_OPERATIONS = 50;

/** The figures of a document: of its named operation, or of the worst of all its operations, figure by figure. */
export interface Measures {
  /** Nested fields, the root field being 1; fragments add none, introspection is not counted. */
  readonly depth: number;
  /** The same for `__schema` and `__type` and all below them; 0 when the document does not introspect. */
  readonly introspectionDepth: number;
  /** Field selections, duplicates and `__typename` included, introspection not. */
  readonly fields: number;
  /** Field selections that are, or are below, `__schema` and `__type`. */
  readonly introspectionFields: number;
  /** Field selections on the operation's root type. */
  readonly rootFields: number;
  /** Aliased field selections of any kind. */
  readonly aliases: number;
  /** Directives on operations, variables, fields, spreads, inline fragments and fragment definitions. */
  readonly directives: number;
  /** 1 a field, times the rows of the pages it lies in; CREDENTIAL_COST a credential field. */
  readonly cost: number;
  /** The largest `first` or `last` asked for. */
  readonly largestPage: number;
  /** Credential fields on the root of a mutation. */
  readonly credentialOperations: number;
  /** Operations in the document, whichever is named. */
  readonly operations: number;
  /** `@skip` and `@include` on the root of a subscription, in its fragments, too. */
  readonly conditionalRoots: number;
  /** Some fragment in the document contains itself. */
  readonly cyclic: boolean;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly scope: VariableScope;
  readonly credentialFields: ReadonlySet<string>;
  readonly fragments: Map<string, Figures>;
}

/** Where a selection set stands in the document. */
interface Place {
  readonly parent: GraphQLNamedType | undefined;
  /** Below `__schema` or `__type`. */
  readonly introspective: boolean;
  readonly nesting: number;
}

/**
 * Measures the operation called `operationName`; all operations where it is null or names none.
 * When all are measured, fragments that no operation uses count too, since validation has to read them.
 */
export function measureDocument(
  document: DocumentNode,
  operationName: string | null,
  variables: Record<string, unknown>,
  schema: GraphQLSchema,
  credentialFields: ReadonlySet<string> = CREDENTIAL_FIELDS,
): Measures {
  const { ordered, cyclic } = orderFragments(document);
  const all = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const named = operationName === null ? [] : all.filter((each) => each.name?.value === operationName);
  const everything = named.length === 0;

  let worst = uniform(0);
  for (const operation of everything ? all.slice(0, MEASURED_OPERATIONS) : named) {
    const walk = startWalk(schema, { variables, operation }, credentialFields);
    for (const fragment of ordered) measureFragment(walk, fragment);
    worst = worse(worst, measureOperation(walk, operation));
  }
  if (everything) {
    const walk = startWalk(schema, { variables, operation: null }, credentialFields);
    for (const fragment of ordered) {
      const figures = measureFragment(walk, fragment);
      const asRoot = { topFields: 0, topCredentials: 0, topConditions: 0, cost: 0, largestPage: 0 };
      worst = worse(worst, { ...figures, ...asRoot });
    }
  }
  const { topFields, topCredentials, topConditions, ...figures } = worst;
  return {
    ...figures,
    directives: sum(figures.directives, foreignDirectives(document)),
    rootFields: topFields,
    credentialOperations: topCredentials,
    conditionalRoots: topConditions,
    operations: all.length,
    cyclic,
  };
}

/** Directives on type definitions: no request may hold these, but validation is what says so, and has to read them. */
function foreignDirectives(document: DocumentNode): number {
  let count = 0;
  for (const definition of document.definitions) {
    if (isExecutableDefinitionNode(definition)) continue;
    visit(definition, {
      Directive() {
        count += 1;
      },
    });
  }
  return count;
}

function startWalk(schema: GraphQLSchema, scope: VariableScope, credentialFields: ReadonlySet<string>): Walk {
  return { schema, scope, credentialFields, fragments: new Map() };
}

function measureOperation(walk: Walk, operation: OperationDefinitionNode): Figures {
  const parent = walk.schema.getRootType(operation.operation) ?? undefined;
  const figures = measureSelections(walk, operation.selectionSet, {
    parent,
    introspective: false,
    nesting: 0,
  });
  figures.directives = sum(figures.directives, operation.directives?.length ?? 0);
  for (const variable of operation.variableDefinitions ?? []) {
    figures.directives = sum(figures.directives, variable.directives?.length ?? 0);
  }
  // By name alone and not by parent type: a type condition of any kind must not hide a login from the count.
  if (operation.operation !== 'mutation') figures.topCredentials = 0;
  if (operation.operation !== 'subscription') figures.topConditions = 0;
  figures.cost = sum(figures.cost, times(figures.topCredentials, CREDENTIAL_COST - 1));
  return figures;
}

function measureFragment(walk: Walk, fragment: FragmentDefinitionNode): Figures {
  const condition = fragment.typeCondition.name.value;
  const figures = measureSelections(walk, fragment.selectionSet, {
    parent: walk.schema.getType(condition),
    introspective: condition.startsWith('__'),
    nesting: 0,
  });
  figures.directives = sum(figures.directives, fragment.directives?.length ?? 0);
  walk.fragments.set(fragment.name.value, figures);
  return figures;
}

function measureSelections(walk: Walk, set: SelectionSetNode, place: Place): Figures {
  if (place.nesting > DEEPEST) return uniform(CEILING);
  const total = uniform(0);
  for (const selection of set.selections) {
    total.directives = sum(total.directives, selection.directives?.length ?? 0);
    total.topConditions = sum(total.topConditions, conditionsOf(selection));
    if (selection.kind === Kind.FIELD) {
      addField(walk, total, selection, place);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value;
      const parent = condition === undefined ? place.parent : walk.schema.getType(condition);
      const inner = { parent, introspective: place.introspective, nesting: place.nesting + 1 };
      include(total, measureSelections(walk, selection.selectionSet, inner));
    } else {
      // Not measured yet means unknown or part of a cycle: both are refused on other grounds.
      const fragment = walk.fragments.get(selection.name.value);
      if (fragment !== undefined) include(total, fragment);
    }
  }
  return total;
}

function addField(walk: Walk, total: Figures, node: FieldNode, place: Place): void {
  const name = node.name.value;
  const introspective = place.introspective || (name.startsWith('__') && name !== '__typename');
  const field = fieldOf(place.parent, name);
  const below = measureBelow(walk, node, {
    parent: field === undefined ? undefined : getNamedType(field.type),
    introspective,
    nesting: place.nesting + 1,
  });

  include(total, {
    ...below,
    topFields: 1,
    topCredentials: walk.credentialFields.has(name) ? 1 : 0,
    topConditions: 0,
    cost: 0,
  });
  if (node.alias !== undefined) total.aliases = sum(total.aliases, 1);
  if (introspective) {
    total.introspectionFields = sum(total.introspectionFields, 1);
    total.introspectionDepth = Math.max(total.introspectionDepth, sum(below.introspectionDepth, 1));
    return;
  }
  const page = pageOf(node, field, place.parent?.name, walk.scope);
  total.fields = sum(total.fields, 1);
  total.depth = Math.max(total.depth, sum(below.depth, 1));
  total.cost = sum(total.cost, sum(1, times(page.rows, below.cost)));
  total.largestPage = Math.max(total.largestPage, Math.min(page.asked, CEILING));
}

function conditionsOf({ directives = [] }: SelectionNode): number {
  return directives.filter(({ name }) => name.value === 'skip' || name.value === 'include').length;
}

function measureBelow(walk: Walk, node: FieldNode, place: Place): Figures {
  return node.selectionSet === undefined ? uniform(0) : measureSelections(walk, node.selectionSet, place);
}

function fieldOf(
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}
