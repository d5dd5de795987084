import fc from 'fast-check';
import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CEILING } from '../../../src/graphql/limits/figures.js';
import { CREDENTIAL_COST, type Measures, measureDocument } from '../../../src/graphql/limits/measure.js';
import { ASSUMED_LIST, ASSUMED_PAGE } from '../../../src/graphql/limits/page.js';

const schema = buildSchema(`
  type Query { self: Query page(first: Int = 5, last: Int): [Query!]! open(first: Int): [Query!]! plain: [Query!] id: ID
               users(first: Int): UserConnection! }
  type UserConnection { edges: [UserEdge!]! nodes: [Query!]! }
  type UserEdge { node: Query! }
  type Mutation { login(name: String): Int register: Int logout: Int }
`);

function measure(
  source: string,
  variables: Record<string, unknown> = {},
  operation: string | null = null,
): Measures {
  return measureDocument(parse(source), operation, variables, schema);
}

describe('depth', () => {
  it('is the number of nested fields', () => {
    expect(measure('{ id }').depth).toBe(1);
    expect(measure('{ self { self { id } } id }').depth).toBe(3);
  });

  it('is seen through fragments and inline fragments, which add none of their own', () => {
    let body = 'id';
    let definitions = '';
    for (let level = 0; level < 49; level += 1) {
      definitions += `fragment F${level} on Query { ... { self { ... on Query { ${body} } } } } `;
      body = `...F${level}`;
    }
    expect(measure(`{ ${body} } ${definitions}`).depth).toBe(50);
    expect(measure(`{ ${'... { '.repeat(60)} id ${'}'.repeat(60)} }`).depth).toBe(1);
  });

  it('reads a chain of 20,000 fragments without a deep stack', () => {
    const links = Array.from(
      { length: 20_000 },
      (_, i) => `fragment F${i} on Query { self { ...F${i + 1} } }`,
    );
    expect(measure(`{ ...F0 } ${links.join(' ')} fragment F20000 on Query { id }`).depth).toBe(20_001);
  });

  it('gives up on selection sets nested beyond all reason instead of overflowing', () => {
    expect(measure(`${'{ self '.repeat(1200)} { id } ${'}'.repeat(1200)}`).depth).toBe(CEILING);
  });
});

describe('counts', () => {
  it('count 1,000 duplicates of one field 1,000 times', () => {
    expect(measure(`{ ${'id '.repeat(1000)} }`)).toMatchObject({
      fields: 1000,
      rootFields: 1000,
      aliases: 0,
    });
  });

  it('count every alias, on __typename too', () => {
    const aliased = Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ');
    expect(measure(`{ ${aliased} }`)).toMatchObject({ aliases: 16, fields: 16 });
    expect(measure('{ __typename: id x: self { y: __typename } __schema { z: __typename } }').aliases).toBe(
      4,
    );
  });

  it('count a fragment once for each spread, with its aliases and directives', () => {
    const shared = 'fragment F on Query @skip(if: false) { a: id b: id @skip(if: false) }';
    const found = measure(`{ ...F one: self { ...F @include(if: true) } ...F } ${shared}`);
    expect(found).toMatchObject({ fields: 7, aliases: 7, rootFields: 5, directives: 7 });
  });

  it('count directives on every kind of node that can carry one', () => {
    const source = `query Q($n: Int @a) @a @b { id @a ... @a { id } ...F @a } fragment F on Query @a { id @a @a }`;
    expect(measure(source, {}, 'Q').directives).toBe(9);
    expect(measure(`{ id ${'@skip(if: false) '.repeat(500)} }`).directives).toBe(500);
    expect(measure('{ id } type T @a { f(x: Int @a): Int @a }').directives).toBe(3);
  });

  it('saturate on a bomb of 2^30 fragments, each read once', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} a: self { ...F${i + 1} } }`,
    );
    const found = measure(`{ ...F0 } ${bomb.join(' ')} fragment F30 on Query { id }`);
    expect(found).toMatchObject({
      fields: CEILING,
      aliases: CEILING,
      cost: CEILING,
      cyclic: false,
      depth: 31,
    });
    expect(found.rootFields).toBe(31);
  });

  it('report a circular fragment, direct, by way of others or used by nobody', () => {
    expect(measure('{ ...A } fragment A on Query { self { ...A } }').cyclic).toBe(true);
    expect(
      measure('{ ...A } fragment A on Query { ...B } fragment B on Query { self { ...A } }').cyclic,
    ).toBe(true);
    expect(measure('{ id } fragment A on Query { ...A }').cyclic).toBe(true);
    expect(measure('{ ...A ...A } fragment A on Query { ...B } fragment B on Query { id }').cyclic).toBe(
      false,
    );
  });

  it('measure the named operation alone, and the worst of all where none is named', () => {
    const source = 'query A { id } query B { a: id self { id } } fragment Unused on Query { c: id d: id }';
    expect(measure(source, {}, 'A')).toMatchObject({ fields: 1, aliases: 0, operations: 2 });
    expect(measure(source, {}, 'B')).toMatchObject({ fields: 3, aliases: 1, operations: 2 });
    expect(measure(source)).toMatchObject({ fields: 3, aliases: 2, depth: 2, operations: 2 });
    expect(measure(source, {}, 'Nobody')).toEqual(measure(source));
  });
});

describe('introspection', () => {
  it('is measured on its own, so that the standard query weighs nothing elsewhere', () => {
    const found = measure(
      getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true, specifiedByUrl: true }),
    );
    expect(found).toMatchObject({ depth: 0, fields: 0, cost: 0, introspectionDepth: 15 });
    expect(found.introspectionFields).toBeLessThan(250);
  });

  it('is found under an alias, nested and in fragments, while __typename is no introspection', () => {
    expect(measure('{ x: __schema { types { name } } }').introspectionDepth).toBe(3);
    expect(
      measure('{ self { ... { ...F } } } fragment F on Query { __type(name: "A") { name } }'),
    ).toMatchObject({
      introspectionDepth: 2,
      introspectionFields: 2,
      depth: 1,
    });
    expect(measure('{ __typename }').introspectionFields).toBe(0);
  });
});

describe('credential operations', () => {
  it('are counted 1,000 times for 1,000 aliased logins', () => {
    const logins = Array.from({ length: 1000 }, (_, i) => `a${i}: login(name: "${i}")`).join(' ');
    expect(measure(`mutation { ${logins} }`)).toMatchObject({
      credentialOperations: 1000,
      aliases: 1000,
      cost: 1000 * CREDENTIAL_COST,
    });
  });

  it('are counted in fragments on Mutation, named, inline, nested and under a foreign type condition', () => {
    const source = `mutation { ...F ... on Mutation { ... { login } } ... on Query { register } logout }
      fragment F on Mutation { ...G login } fragment G on Mutation { register }`;
    expect(measure(source).credentialOperations).toBe(4);
  });

  it('are not fields of the same name elsewhere, and can be configured', () => {
    expect(measure('{ login self { register } }').credentialOperations).toBe(0);
    const own = measureDocument(parse('mutation { logout login }'), null, {}, schema, new Set(['logout']));
    expect(own.credentialOperations).toBe(1);
  });

  it('are counted for the operation that runs, not summed over those that do not', () => {
    const many = Array.from({ length: 5 }, (_, i) => `mutation M${i} { login }`).join(' ');
    expect(measure(many, {}, 'M3')).toMatchObject({ credentialOperations: 1, operations: 5 });
    expect(measure(many)).toMatchObject({ credentialOperations: 1, operations: 5 });
  });
});

describe('cost and pages', () => {
  const variable = 'query Q($n: Int) { page(first: $n) { id } }';

  it('multiply what lies below a page by its size', () => {
    expect(measure('{ page(first: 7) { id } }')).toMatchObject({ cost: 8, largestPage: 7 });
    expect(measure('{ page(last: 7) { id } }')).toMatchObject({ cost: 8, largestPage: 7 });
    expect(measure('{ page(first: 3) { page(first: 4) { id id } } }')).toMatchObject({
      cost: 28,
      largestPage: 4,
    });
    expect(measure('{ users(first: 10) { edges { node { id } } } }')).toMatchObject({
      cost: 31,
      largestPage: 10,
    });
  });

  it.each([
    ['a variable', variable, { n: 9 }, 9, 9],
    ['a huge variable', variable, { n: 1e9 }, CEILING, CEILING],
    ['an infinite variable', variable, { n: Number.POSITIVE_INFINITY }, CEILING, CEILING],
    ['a huge literal', '{ page(first: 1000000000) { id } }', {}, CEILING, CEILING],
    ['an absurd literal', `{ page(first: ${'9'.repeat(400)}) { id } }`, {}, CEILING, CEILING],
    ['a fraction', variable, { n: 2.5 }, 3, 3],
    ['a negative variable', variable, { n: -5 }, 1, 1],
    ['a negative literal', '{ page(first: -5) { id } }', {}, 1, 1],
    ['zero', variable, { n: 0 }, 1, 1],
    ['a missing variable, by the default of the argument', variable, {}, 5, 5],
    [
      'a missing variable, by the default of the variable',
      'query Q($n: Int = 40) { page(first: $n) { id } }',
      {},
      40,
      40,
    ],
    ['a missing argument, by its default', '{ page { id } }', {}, 5, 5],
    [
      'null without a default',
      'query Q($n: Int = 40) { open(first: $n) { id } }',
      { n: null },
      ASSUMED_PAGE,
      0,
    ],
    ['a missing argument without a default', '{ open { id } }', {}, ASSUMED_PAGE, 0],
    ['text', 'query Q($n: Int) { open(first: $n) { id } }', { n: '1000' }, ASSUMED_PAGE, 0],
    ['a list without pages', '{ plain { id } }', {}, ASSUMED_LIST, 0],
    [
      'a variable named like a member of Object',
      'query Q($constructor: Int) { open(first: $constructor) { id } }',
      {},
      ASSUMED_PAGE,
      0,
    ],
  ])('read the size from %s', (_, source, variables, rows, largestPage) => {
    const found = measure(source, variables);
    expect(found.cost).toBe(Math.min(rows + 1, CEILING));
    expect(found.largestPage).toBe(largestPage);
  });

  it('take the size in a fragment from the variables of the operation that spreads it', () => {
    const source = `query A($n: Int = 3) { ...F } query B($n: Int = 70) { ...F }
      fragment F on Query { page(first: $n) { id } }`;
    expect(measure(source, {}, 'A').largestPage).toBe(3);
    expect(measure(source, {}, 'B').largestPage).toBe(70);
    expect(measure(source, { n: 8 }).largestPage).toBe(8);
  });
});

type Tree =
  | { readonly at: 'leaf'; readonly text: string }
  | { readonly at: 'field'; readonly head: string; readonly below: readonly Tree[] }
  | { readonly at: 'inline'; readonly below: readonly Tree[] }
  | { readonly at: 'spread'; readonly to: number };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const below = fc.array(tie('tree'), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'selections' },
      fc.record({
        at: fc.constant('leaf' as const),
        text: fc.constantFrom(
          'id',
          'a: id',
          '__typename',
          'b: __typename',
          'id @skip(if: false)',
          '__type(name: "Query") { name }',
        ),
      }),
      fc.record({
        at: fc.constant('field' as const),
        head: fc.constantFrom(
          'self',
          'c: self',
          'page',
          'page(first: 3)',
          'page(first: $n)',
          'open',
          'plain @include(if: true)',
        ),
        below,
      }),
      fc.record({ at: fc.constant('inline' as const), below }),
      fc.record({ at: fc.constant('spread' as const), to: fc.nat(5) }),
    ),
  };
});

const POOL = 5;

/** Fragment `i` may spread only those after it; a spread of one that there is not stands for a plain field. */
function write(
  trees: readonly Tree[],
  from: number,
  pool: readonly (readonly Tree[])[],
  expanded: boolean,
): string {
  const text = trees.map((each): string => {
    if (each.at === 'leaf') return each.text;
    if (each.at === 'field') return `${each.head} { ${write(each.below, from, pool, expanded)} }`;
    if (each.at === 'inline') return `... { ${write(each.below, from, pool, expanded)} }`;
    const target = pool[from + each.to];
    if (target === undefined) return 'id';
    if (!expanded) return `...F${from + each.to}`;
    return `... on Query { ${write(target, from + each.to + 1, pool, expanded)} }`;
  });
  return text.join(' ');
}

describe('measuring', () => {
  it('finds the same in a document with fragments as in the same document written out', () => {
    const selections = fc.array(tree, { minLength: 1, maxLength: 3 });
    const pool = fc.array(selections, { minLength: POOL, maxLength: POOL });
    fc.assert(
      fc.property(selections, pool, fc.option(fc.integer({ min: -2, max: 200 })), (root, fragments, n) => {
        const definitions = fragments.map(
          (body, i) => `fragment F${i} on Query { ${write(body, i + 1, fragments, false)} }`,
        );
        const spread = `query Q($n: Int) { ${write(root, 0, fragments, false)} } ${definitions.join(' ')}`;
        const plain = `query Q($n: Int) { ${write(root, 0, fragments, true)} }`;
        expect(measure(spread, { n }, 'Q')).toEqual(measure(plain, { n }, 'Q'));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws and never exceeds the ceiling, on any document that graphql-js parses', () => {
    const name = fc.constantFrom(
      'id',
      'self',
      'page',
      'login',
      'constructor',
      '__proto__',
      '__schema',
      'Query',
      'A',
      'B',
      'nope',
    );
    const value = fc.constantFrom('1', '-3', '1e308', '$A', 'null', '[1]', '{a: 1}', '"x"', 'true', 'RED');
    const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
      selections: fc
        .array(tie('selection'), { minLength: 1, maxLength: 3 })
        .map((each) => `{ ${each.join(' ')} }`),
      selection: fc.oneof(
        { maxDepth: 4 },
        name,
        name.map((to) => `...${to}`),
        fc.tuple(name, name, value).map(([a, b, v]) => `${a}: ${b}(first: ${v}) @${a}`),
        fc.tuple(name, value, tie('selections')).map(([a, v, below]) => `${a}(first: ${v}) ${below}`),
        fc.tuple(name, tie('selections')).map(([a, below]) => `... on ${a} @${a} ${below}`),
      ),
    }));
    const definition = fc.oneof(
      selections,
      fc
        .tuple(fc.constantFrom('query', 'mutation', 'subscription'), name, value, selections)
        .map(
          ([kind, called, v, body]) =>
            `${kind} ${called}($A: ${called} = ${v === '$A' ? '2' : v} @x) @x ${body}`,
        ),
      fc.tuple(name, name, selections).map(([called, on, body]) => `fragment ${called} on ${on} ${body}`),
      name.map((called) => `type ${called} @x { f: Int }`),
    );
    const variables = fc.dictionary(name, fc.anything());
    fc.assert(
      fc.property(
        fc.array(definition, { minLength: 1, maxLength: 6 }),
        fc.option(name),
        variables,
        (parts, operation, given) => {
          const { cyclic, ...figures } = measure(parts.join(' '), given, operation);
          expect(typeof cyclic).toBe('boolean');
          for (const figure of Object.values(figures)) {
            expect(Number.isInteger(figure) && figure >= 0 && figure <= CEILING).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
