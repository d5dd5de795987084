/**
 * The moment at which Apollo Server judges a document against the limits, always before a resolver runs. Owns the
 * order of events and the refusal; measuring is measure.ts, the limits are rules.ts. Called by Apollo, installed by
 * whoever builds the server.
 *
 * A document is judged twice. As a whole, between parsing and validation: graphql-js' validation is not linear, so a
 * huge document must not reach it. And for the operation that is about to run, with its variables, once Apollo has
 * resolved it; this also covers documents that come out of Apollo's document cache, which skip validation.
 *
 * Apollo answers an error thrown before validation with a masked 500. So a refused document is swapped for one without
 * definitions: validation has nothing to do, nothing is left that could run, and the refusal is thrown at the first
 * hook whose errors reach the client. Apollo may cache the empty document under the refused one's hash; a later
 * request with it is judged from its source again. The whole-document judgement therefore looks at nothing that
 * differs between two requests with the same document: not the variables, not the operation's name.
 */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, type ParseOptions, parse } from 'graphql';
import { type Measures, measureDocument } from './measure.js';
import { readsVariables } from './page.js';
import {
  type Breach,
  type BreachKind,
  breaches,
  type DocumentLimits,
  introspectionBreaches,
} from './rules.js';

export interface LimitsOptions {
  readonly limits: DocumentLimits;
  /** Whether `__schema` and `__type` may be asked for. */
  readonly introspection: boolean;
  /** Told of each ground of each refusal, for metrics. Must not throw. */
  readonly onBreach: (kind: BreachKind) => void;
  /** Root mutation fields that count as credential operations; CREDENTIAL_FIELDS unless given. */
  readonly credentialFields?: ReadonlySet<string>;
}

/** `extensions.code` of a refusal. Its `extensions.breaches` lists every ground; the HTTP status is 400. */
export const DOCUMENT_TOO_COMPLEX = 'DOCUMENT_TOO_COMPLEX';

/** To be given to Apollo as `parseOptions`: the parser stops at the first token, or comment, beyond the limit. */
export function parseOptions(limits: DocumentLimits): ParseOptions {
  return { maxTokens: limits.tokens, maxComments: limits.tokens };
}

/** Grounds that depend on the operation and its variables, and are no burden to validation. */
const ONLY_WHEN_RUN: ReadonlySet<BreachKind> = new Set<BreachKind>([
  'cost',
  'pageSize',
  'credentialOperations',
]);

const NO_DOCUMENT: DocumentNode = Object.freeze({ kind: Kind.DOCUMENT, definitions: [] });

export function limitsPlugin(options: LimitsOptions): ApolloServerPlugin<BaseContext> {
  const measure = rememberingMeasure(options);
  return {
    async requestDidStart() {
      let refused: readonly Breach[] | null = null;
      return {
        async parsingDidStart() {
          return async (error) => {
            if (error !== undefined && isTokenLimit(error)) options.onBreach('tokens');
          };
        },

        async validationDidStart(context) {
          const found = judgeWhole(context.document, context.schema, options);
          if (found.length === 0) return;
          refused = found;
          Object.assign(context, { document: NO_DOCUMENT });
        },

        async didResolveOperation(context) {
          if (refused !== null) throw refusal(refused, options);
          const { document, schema, operationName, request } = context;
          if (document.definitions.length === 0) {
            const source = parse(context.source, parseOptions(options.limits));
            throw refusal(judgeWhole(source, schema, options), options);
          }
          const measures = measure(document, operationName, request.variables ?? {}, schema);
          const found = breaches(measures, options.limits);
          if (found.length > 0) throw refusal(found, options);
        },
      };
    },
  };
}

/** Apollo gives the same document for the same source; its figures change only with variables that say how large a page is. */
function rememberingMeasure({ credentialFields }: LimitsOptions) {
  const known = new WeakMap<DocumentNode, Map<string | null, Measures> | 'changing'>();

  return (
    document: DocumentNode,
    operationName: string | null,
    variables: Record<string, unknown>,
    schema: GraphQLSchema,
  ): Measures => {
    const figures = () => measureDocument(document, operationName, variables, schema, credentialFields);
    const byName = known.get(document) ?? (readsVariables(document) ? 'changing' : new Map());
    known.set(document, byName);
    if (byName === 'changing') return figures();
    const measures = byName.get(operationName) ?? figures();
    byName.set(operationName, measures);
    return measures;
  };
}

/** The same judgement of a document that reaches no Apollo Server: the refusal, or null. */
export function judgeOperation(
  document: DocumentNode,
  operationName: string | null,
  variables: Record<string, unknown>,
  schema: GraphQLSchema,
  options: LimitsOptions,
): GraphQLError | null {
  const whole = judgeWhole(document, schema, options);
  if (whole.length > 0) return refusal(whole, options);
  const measures = measureDocument(document, operationName, variables, schema, options.credentialFields);
  const found = breaches(measures, options.limits);
  return found.length > 0 ? refusal(found, options) : null;
}

function judgeWhole(document: DocumentNode, schema: GraphQLSchema, options: LimitsOptions): Breach[] {
  const measures = measureDocument(document, null, {}, schema, options.credentialFields);
  return [
    ...(options.introspection ? [] : introspectionBreaches(measures)),
    ...breaches(measures, options.limits).filter((breach) => !ONLY_WHEN_RUN.has(breach.kind)),
  ];
}

function refusal(found: readonly Breach[], options: LimitsOptions): GraphQLError {
  for (const breach of found) options.onBreach(breach.kind);
  return new GraphQLError(found.map((breach) => breach.message).join(' '), {
    extensions: { code: DOCUMENT_TOO_COMPLEX, breaches: found, http: { status: 400 } },
  });
}

/** graphql-js gives its token limit no code of its own, only a syntax error with these words. */
function isTokenLimit(error: Error): boolean {
  return /Document contains more tha[nt] \d+ (tokens|comments)/.test(error.message);
}
