/**
 * Queries that Apollo Server has parsed, validated, measured and answered without a fault before: run by graphql-js at
 * once, since the way through Apollo costs more than such a query itself. Only what cannot differ from one request to
 * the next is remembered: documents with one query that takes no variables, and the content type that Apollo chose for
 * the very same Accept header. Whatever such a run gives is shown as Apollo would show it, errors included.
 */

import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
} from 'graphql';
import type { CounterfoilContext } from '../graphql/context.js';
import { isUnavailable } from '../graphql/errors.js';

export interface Known {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly contentType: string;
}

export interface KnownAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Makes an error fit to be seen, and reports what nobody expected: Apollo's `formatError`. */
type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Of source, in all: more than an application has. A flood of other queries empties it, which costs nothing but time. */
const MOST_SOURCE = 100_000;
const LEAST_WEIGHT = 200;
const LONGEST_SOURCE = 10_000;
const READ_MEMBERS = new Set(['query', 'operationName', 'variables']);

export class KnownQueries {
  readonly #known = new Map<string, Known>();
  #source = 0;
  /** Documents that were answered without a fault, by the body that they came in. */
  readonly #answered = new WeakMap<object, DocumentNode>();

  /** For Apollo: notes which documents it answers without a fault. */
  plugin(): ApolloServerPlugin<CounterfoilContext> {
    return {
      requestDidStart: async () => ({
        willSendResponse: async ({ request: { http }, document, errors }) => {
          const body = http?.method === 'POST' ? http.body : null;
          if (errors !== undefined || document === undefined) return;
          if (typeof body === 'object' && body !== null) this.#answered.set(body, document);
        },
      }),
    };
  }

  /** Remembers what Apollo has just answered, and how. */
  learn(body: unknown, accept: string | undefined, contentType: unknown): void {
    if (typeof body !== 'object' || body === null || typeof contentType !== 'string') return;
    const document = this.#answered.get(body);
    const { query } = body as Record<string, unknown>;
    if (document === undefined || typeof query !== 'string') return;
    const operationName = plainQuery(document);
    if (operationName === undefined) return;
    const key = keyOf(accept, query);
    if (key.length > LONGEST_SOURCE || this.#known.has(key)) return;
    const weight = Math.max(LEAST_WEIGHT, key.length);
    if (this.#source + weight > MOST_SOURCE) this.#forget();
    this.#source += weight;
    this.#known.set(key, { document, operationName, contentType });
  }

  #forget(): void {
    this.#known.clear();
    this.#source = 0;
  }

  /** What is known of the request with this body, or null. */
  find(body: unknown, accept: string | undefined): Known | null {
    if (this.#known.size === 0 || typeof body !== 'object' || body === null) return null;
    const { query, operationName, variables } = body as Record<string, unknown>;
    if (typeof query !== 'string' || query.length > LONGEST_SOURCE) return null;
    const known = this.#known.get(keyOf(accept, query));
    if (known === undefined) return null;
    const named =
      operationName === undefined || operationName === null || operationName === known.operationName;
    const readable =
      isRecordOrNothing(variables) && Object.keys(body).every((name) => READ_MEMBERS.has(name));
    return named && readable ? known : null;
  }
}

/** Runs it, and says what Apollo would say. */
export async function runKnown(
  { document, contentType }: Known,
  schema: GraphQLSchema,
  contextValue: CounterfoilContext,
  formatError: FormatError,
): Promise<KnownAnswer> {
  const { data, errors } = await execute({ schema, document, contextValue });
  const result = errors === undefined ? { data } : { errors: errors.map(shown(formatError)), data };
  const status = errors?.map(statusOf).findLast((one) => one !== undefined) ?? 200;
  return { status, contentType, body: `${JSON.stringify(result)}\n` };
}

/** As Apollo prepares an error for `formatError`: with a code always, and what was meant for HTTP taken out. */
function shown(formatError: FormatError) {
  return (error: GraphQLError): GraphQLFormattedError => {
    const { http: _http, ...extensions } = error.extensions;
    const code = extensions['code'] ?? 'INTERNAL_SERVER_ERROR';
    return formatError({ ...error.toJSON(), extensions: { ...extensions, code } }, error);
  };
}

function statusOf(error: GraphQLError): number | undefined {
  if (isUnavailable(error)) return 503;
  return (error.extensions['http'] as { status?: number } | undefined)?.status;
}

/** The name of the only operation, null where it has none; undefined for what is not remembered. */
function plainQuery({ definitions }: DocumentNode): string | null | undefined {
  const operations = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1 || operation.operation !== 'query') return undefined;
  if ((operation.variableDefinitions ?? []).length > 0) return undefined;
  return operation.name?.value ?? null;
}

function keyOf(accept: string | undefined, source: string): string {
  return `${accept ?? ''}\n${source}`;
}

function isRecordOrNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
}
