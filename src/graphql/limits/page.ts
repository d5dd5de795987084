import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  getNullableType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  visit,
} from 'graphql';

/** Rows that a paged field is taken to return when the document does not say: null, missing, or not a number. */
export const ASSUMED_PAGE = 20;

/** Rows that an object list without a page argument is taken to return. */
export const ASSUMED_LIST = 10;

const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'last']);

/** Where a `$variable` gets its value: what the request sent, else the default that the operation declares. */
export interface VariableScope {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operation: OperationDefinitionNode | null;
}

export interface Page {
  /** How often everything below the field is counted: at least 1, so that a page of 0 or -5 makes nothing cheaper. */
  readonly rows: number;
  /** The page size that was asked for, or 0 where none was. */
  readonly asked: number;
}

/** How many rows a field may return, judged from its `first` and `last` arguments. A field without selections has none. */
export function pageOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown> | undefined,
  parentName: string | undefined,
  scope: VariableScope,
): Page {
  if (node.selectionSet === undefined) return { rows: 1, asked: 0 };
  const sizes = sizesGiven(node, field, scope) ?? sizesDeclared(field);
  if (sizes === null) return { rows: isUnpagedList(field, parentName) ? ASSUMED_LIST : 1, asked: 0 };
  const asked = Math.max(...sizes);
  return { rows: asked > 0 ? asked : ASSUMED_PAGE, asked };
}

/** Whether the size of any page is in a variable, so that the figures of the document depend on the request. */
export function readsVariables(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Argument({ name, value }) {
      if (PAGE_ARGUMENTS.has(name.value) && value.kind === Kind.VARIABLE) found = true;
    },
  });
  return found;
}

/** The sizes that the document gives, 0 for one that cannot be told; null where it gives none. */
function sizesGiven(
  node: FieldNode,
  field: GraphQLField<unknown, unknown> | undefined,
  scope: VariableScope,
): number[] | null {
  const given = node.arguments?.filter((argument) => PAGE_ARGUMENTS.has(argument.name.value)) ?? [];
  if (given.length === 0) return null;
  return given.map(({ name, value }) => sizeOf(value, scope) ?? declaredSize(field, name.value) ?? 0);
}

/** The sizes that the schema falls back on, 0 for an argument without a default; null where the field is not paged. */
function sizesDeclared(field: GraphQLField<unknown, unknown> | undefined): number[] | null {
  const declared = field?.args.filter((argument) => PAGE_ARGUMENTS.has(argument.name)) ?? [];
  return declared.length === 0 ? null : declared.map((argument) => wholeRows(argument.defaultValue) ?? 0);
}

/** `undefined` where the value says nothing about the size, so that a default may. */
function sizeOf(value: ValueNode, scope: VariableScope): number | undefined {
  switch (value.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return wholeRows(Number(value.value));
    case Kind.VARIABLE: {
      const name = value.name.value;
      if (Object.hasOwn(scope.variables, name)) return wholeRows(scope.variables[name]);
      const definition = scope.operation?.variableDefinitions?.find(
        (each) => each.variable.name.value === name,
      );
      const fallback = definition?.defaultValue;
      return fallback === undefined ? undefined : sizeOf(fallback, scope);
    }
    default:
      return undefined;
  }
}

function declaredSize(field: GraphQLField<unknown, unknown> | undefined, name: string): number | undefined {
  return wholeRows(field?.args.find((argument) => argument.name === name)?.defaultValue);
}

function wholeRows(value: unknown): number | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? Math.max(1, Math.ceil(value)) : undefined;
}

/** The `edges` and `nodes` of a connection were counted by the connection's own page. */
function isUnpagedList(
  field: GraphQLField<unknown, unknown> | undefined,
  parentName: string | undefined,
): boolean {
  if (field === undefined || parentName?.endsWith('Connection') === true) return false;
  return isListType(getNullableType(field.type));
}
