import { ApolloServer } from '@apollo/server';
import { buildSchema, type FormattedExecutionResult, getIntrospectionQuery } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { DOCUMENT_TOO_COMPLEX, limitsPlugin, parseOptions } from '../../../src/graphql/limits/plugin.js';
import { type BreachKind, DocumentLimits } from '../../../src/graphql/limits/rules.js';

const SDL = `
  type Query { self: Query page(first: Int): [Query!]! id: ID }
  type Mutation { login(name: String): Int register: Int logout: Int }
`;

const servers: ApolloServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

interface Answer extends FormattedExecutionResult {
  readonly status: number | undefined;
}

/** A real server over a schema whose every resolver counts its calls. */
function start(
  options: { introspection?: boolean; limits?: Partial<DocumentLimits>; documentStore?: null } = {},
) {
  const limits: DocumentLimits = { ...DocumentLimits, ...options.limits };
  const introspection = options.introspection ?? false;
  const told: BreachKind[] = [];
  const calls: string[] = [];
  const schema = buildSchema(SDL);
  const rows = (first: unknown) => Array.from({ length: typeof first === 'number' ? first : 2 }, () => ({}));
  for (const [type, values] of [
    [schema.getQueryType(), { id: () => 'x', self: () => ({}), page: rows }],
    [schema.getMutationType(), { login: () => 1, register: () => 1, logout: () => 1 }],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      const field = type?.getFields()[name];
      if (field === undefined) throw new Error(`The test schema has no field ${name}`);
      field.resolve = (_source, args: Record<string, unknown>) => {
        calls.push(name);
        return value(args['first']);
      };
    }
  }
  const server = new ApolloServer({
    schema,
    introspection: true,
    parseOptions: parseOptions(limits),
    plugins: [limitsPlugin({ limits, introspection, onBreach: (kind) => told.push(kind) })],
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    ...(options.documentStore === null ? { documentStore: null } : {}),
  });
  servers.push(server);
  const ask = async (
    query: string,
    variables: Record<string, unknown> = {},
    operationName?: string,
  ): Promise<Answer> => {
    const request = operationName === undefined ? { query, variables } : { query, variables, operationName };
    const response = await server.executeOperation(request);
    if (response.body.kind !== 'single') throw new Error('Expected a single result');
    return { ...response.body.singleResult, status: response.http.status };
  };
  return { ask, told, calls };
}

function kinds(answer: Answer): unknown {
  const found = answer.errors?.[0]?.extensions?.['breaches'];
  return Array.isArray(found) ? found.map((breach: { kind: unknown }) => breach.kind) : found;
}

const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (levels: number) => `${'{ self '.repeat(levels - 1)}{ id }${' }'.repeat(levels - 1)}`;

describe('a document at its limit runs, and one beyond it is refused before any resolver', () => {
  const edges: readonly [BreachKind, Partial<DocumentLimits>, (figure: number) => string, number][] = [
    ['depth', {}, nested, 10],
    ['fields', { fields: 20, rootFields: 100 }, (n) => `{ ${repeat(n, () => 'id')} }`, 20],
    ['rootFields', {}, (n) => `{ ${repeat(n, () => 'id')} }`, 10],
    ['aliases', { rootFields: 100 }, (n) => `{ ${repeat(n, (i) => `a${i}: __typename`)} }`, 15],
    ['directives', { rootFields: 100 }, (n) => `{ ${repeat(n, () => '... @include(if: true) { id }')} }`, 25],
    ['pageSize', {}, (n) => `{ page(first: ${n}) { id } }`, 100],
    ['cost', { cost: 51 }, (n) => `{ page(first: ${n - 1}) { id } }`, 51],
    ['operations', {}, (n) => repeat(n, (i) => `query Q${i} { id }`), 5],
    ['credentialOperations', {}, (n) => `mutation { ${repeat(n, () => 'login')} }`, 1],
    [
      'introspectionDepth',
      { introspectionDepth: 4 },
      (n) => `{ __schema { types ${'{ ofType '.repeat(n - 3)} { name } ${'}'.repeat(n - 3)} } }`,
      4,
    ],
    [
      'introspectionFields',
      { introspectionFields: 9 },
      (n) => `{ __schema { ${repeat(n - 1, () => '__typename')} } }`,
      9,
    ],
  ];

  it.each(edges)('%s', async (kind, limits, write, limit) => {
    const { ask, told, calls } = start({ limits, introspection: true });
    const operation = kind === 'operations' ? 'Q0' : undefined;
    const passed = await ask(write(limit), {}, operation);
    expect(passed.errors).toBeUndefined();
    expect(told).toEqual([]);
    calls.length = 0;

    const refused = await ask(write(limit + 1), {}, operation);
    expect(refused.errors?.[0]?.extensions?.['code']).toBe(DOCUMENT_TOO_COMPLEX);
    expect(refused.status).toBe(400);
    expect(kinds(refused)).toEqual([kind]);
    expect(told).toEqual([kind]);
    expect(calls).toEqual([]);
  });

  it('tokens', async () => {
    const { ask, told, calls } = start({ limits: { tokens: 8 } });
    expect((await ask('{ id id id id id id }')).errors).toBeUndefined();
    calls.length = 0;
    const refused = await ask('{ id id id id id id id }');
    expect(refused.status).toBe(400);
    expect(refused.errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_PARSE_FAILED');
    expect(told).toEqual(['tokens']);
    expect(calls).toEqual([]);
  });
});

describe('an attack costs no resolver call', () => {
  const wide = { tokens: 100_000 };
  const attacks: readonly [string, string, readonly BreachKind[]][] = [
    [
      '1,000 aliased logins',
      `mutation { ${repeat(1000, (i) => `a${i}: login(name: "${i}")`)} }`,
      ['fields', 'rootFields', 'aliases'],
    ],
    ['1,000 duplicates of a field', `{ ${repeat(1000, () => 'id')} }`, ['fields', 'rootFields']],
    ['aliases on __typename', `{ self { ${repeat(200, (i) => `a${i}: __typename`)} } }`, ['aliases']],
    ['500 directives', `{ id ${'@include(if: true) '.repeat(500)} }`, ['directives']],
    [
      'circular fragments',
      '{ ...A } fragment A on Query { self { ...B } } fragment B on Query { ...A }',
      ['cyclic'],
    ],
    [
      'a bomb of 2^30 fragments',
      `{ ...F0 } ${repeat(30, (i) => `fragment F${i} on Query { self { ...F${i + 1} ...F${i + 1} } }`)} fragment F30 on Query { id }`,
      ['depth', 'fields'],
    ],
    [
      'depth 50 through fragments',
      `{ ...F0 } ${repeat(49, (i) => `fragment F${i} on Query { ... { self { ... on Query { ...F${i + 1} } } } }`)} fragment F49 on Query { id }`,
      ['depth'],
    ],
    ['a page of a billion', '{ page(first: 1000000000) { id } }', ['cost', 'pageSize']],
    [
      'two logins hidden in fragments',
      'mutation { ...A ... on Mutation { ... { login } } } fragment A on Mutation { ...B } fragment B on Mutation { register }',
      ['credentialOperations'],
    ],
  ];

  it.each(attacks)('%s', async (_, query, expected) => {
    const { ask, told, calls } = start({ limits: wide });
    const answer = await ask(query);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions?.['code']).toBe(DOCUMENT_TOO_COMPLEX);
    expect(kinds(answer)).toEqual(expected);
    expect(told).toEqual(expected);
    expect(calls).toEqual([]);
  });

  it.each([
    ['huge', 1e9, ['cost', 'pageSize']],
    ['beyond a double', Number.POSITIVE_INFINITY, ['cost', 'pageSize']],
    ['101.5', 101.5, ['pageSize']],
  ])('a page size in a variable: %s', async (_, n, expected) => {
    const { ask, calls } = start();
    const answer = await ask('query Q($n: Int) { page(first: $n) { id } }', { n });
    expect(kinds(answer)).toEqual(expected);
    expect(calls).toEqual([]);
  });

  it('a document of 10,000 tokens stops in the parser', async () => {
    const { ask, told, calls } = start();
    const answer = await ask(`{ ${repeat(10_000, () => 'id')} }`);
    expect(answer.errors?.[0]?.message).toContain('1000 tokens');
    expect(told).toEqual(['tokens']);
    expect(calls).toEqual([]);
  });

  it('a document refused for its shape is refused before validation can complain of anything else', async () => {
    const { ask } = start();
    const answer = await ask(`{ ${repeat(300, () => 'unknownField')} }`);
    expect(kinds(answer)).toEqual(['fields', 'rootFields']);
  });
});

describe('what is allowed keeps working', () => {
  it.each([
    ['null', null, 2],
    ['zero', 0, 0],
    ['small', 3, 3],
  ])('a page size of %s reaches the resolver', async (_, n, rows) => {
    const { ask, calls } = start();
    const answer = await ask('query Q($n: Int) { page(first: $n) { id } }', { n });
    expect(answer.errors).toBeUndefined();
    expect(calls.filter((name) => name === 'id')).toHaveLength(rows);
  });

  it('runs one of five operations that each have a login, and none when no name is given', async () => {
    const { ask, calls } = start();
    const query = repeat(5, (i) => `mutation M${i} { login }`);
    expect((await ask(query, {}, 'M2')).data).toEqual({ login: 1 });
    expect(calls).toEqual(['login']);
    expect((await ask(query)).errors).toHaveLength(1);
    expect(calls).toEqual(['login']);
  });

  it('leaves validation errors to validation', async () => {
    const { ask, told } = start();
    expect((await ask('{ nope }')).errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(told).toEqual([]);
  });
});

describe('the document cache', () => {
  it.each([
    ['with', {}],
    ['without', { documentStore: null }],
  ])('%s it, a refused document is refused every time, for the same reasons', async (_, options) => {
    const { ask, calls } = start(options);
    const first = await ask(nested(12));
    const second = await ask(nested(12));
    expect(first.errors?.[0]?.message).toBe('This document nests 12 levels deep; the limit is 10.');
    expect(second).toEqual(first);
    expect(calls).toEqual([]);
  });

  it('never turns one bad variable into a refusal of the document, nor one good one into a pass', async () => {
    const { ask } = start();
    const query = 'query Q($n: Int) { page(first: $n) { id } }';
    expect(kinds(await ask(query, { n: 1e9 }))).toEqual(['cost', 'pageSize']);
    expect((await ask(query, { n: 1 })).data).toEqual({ page: [{ id: 'x' }] });
    expect(kinds(await ask(query, { n: 101 }))).toEqual(['pageSize']);
  });

  it('does not hold a large default in the document against a request that sends a small value', async () => {
    const { ask } = start();
    const query = 'query Q($n: Int = 1000) { page(first: $n) { id } }';
    expect((await ask(query, { n: 1 })).data).toEqual({ page: [{ id: 'x' }] });
    expect(kinds(await ask(query))).toEqual(['pageSize']);
    expect((await ask(query, { n: 1 })).data).toEqual({ page: [{ id: 'x' }] });
  });

  it('judges each operation of one document on its own', async () => {
    const { ask, calls } = start();
    const query = 'mutation One { login } mutation Two { login register }';
    expect(kinds(await ask(query, {}, 'Two'))).toEqual(['credentialOperations']);
    expect((await ask(query, {}, 'One')).data).toEqual({ login: 1 });
    expect(kinds(await ask(query, {}, 'Two'))).toEqual(['credentialOperations']);
    expect(calls).toEqual(['login']);
  });
});

describe('introspection', () => {
  const standard = getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });

  it('answers the standard query where it is on', async () => {
    const { ask } = start({ introspection: true });
    const answer = await ask(standard);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toHaveProperty('__schema.queryType.name', 'Query');
  });

  it.each([
    ['the standard query', standard],
    ['__type', '{ __type(name: "Query") { name } }'],
    ['an alias', '{ x: __schema { __typename } }'],
    ['an inline fragment', '{ ... { ... on Query { __schema { __typename } } } }'],
    [
      'a nested fragment',
      '{ self { ...A } } fragment A on Query { self { ...B } } fragment B on Query { y: __type(name: "A") { name } }',
    ],
    ['an operation that is not the one named', 'query Q { id } query Other { __schema { __typename } }'],
  ])('is refused where it is off: %s', async (_, query) => {
    const { ask, told, calls } = start();
    const answer = await ask(query, {}, query.startsWith('query Q') ? 'Q' : undefined);
    expect(kinds(answer)).toEqual(['introspection']);
    expect(answer.status).toBe(400);
    expect(told).toEqual(['introspection']);
    expect(calls).toEqual([]);
  });

  it('does not include __typename', async () => {
    const { ask } = start();
    expect((await ask('{ __typename self { __typename } }')).data).toEqual({
      __typename: 'Query',
      self: { __typename: 'Query' },
    });
  });
});
