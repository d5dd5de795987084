/**
 * A subscription as it comes over a WebSocket or an event stream, made ready to run: parsed, judged by the same limits as
 * every other document, validated. Queries and mutations are refused there: they have credentials to set, limits to
 * meet and a status to answer with, and travel by POST.
 */

import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { CounterfoilContext } from './context.js';
import { judgeOperation, type LimitsOptions, parseOptions } from './limits/plugin.js';

export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export type Prepared =
  | { readonly kind: 'ready'; readonly args: ExecutionArgs }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

export function prepareSubscription(
  schema: GraphQLSchema,
  { query, operationName = null, variables }: SubscriptionRequest,
  contextValue: CounterfoilContext,
  options: LimitsOptions,
): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query, parseOptions(options.limits));
  } catch (fault) {
    const words = fault instanceof GraphQLError ? fault.message : 'Syntax error.';
    return refused('GRAPHQL_PARSE_FAILED', words);
  }
  const variableValues = variables ?? {};
  const breach = judgeOperation(document, operationName, variableValues, schema, options);
  if (breach !== null) return { kind: 'refused', errors: [breach] };
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription')
    return refused(
      'OPERATION_RESOLUTION_FAILURE',
      'Only subscriptions travel here; send the rest by POST to /graphql.',
    );
  const rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const faults = validate(schema, document, rules);
  if (faults.length > 0) {
    const errors = faults.map(({ message }) =>
      coded('GRAPHQL_VALIDATION_FAILED', options.introspection ? message : withoutHints(message)),
    );
    return { kind: 'refused', errors };
  }
  return { kind: 'ready', args: { schema, document, operationName, variableValues, contextValue } };
}

/** A suggestion is a piece of the schema. */
function withoutHints(message: string): string {
  return message.replace(/ Did you mean [\s\S]*$/, '');
}

function refused(code: string, message: string): Prepared {
  return { kind: 'refused', errors: [coded(code, message)] };
}

function coded(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
