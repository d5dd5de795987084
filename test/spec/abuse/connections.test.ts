/** Every list that is paged is counted by the document limits, as long as it may be and as dear as it is. */

import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isObjectType, parse } from 'graphql';
import { expect, it } from 'vitest';
import { measureDocument } from '../../../src/graphql/limits/measure.js';
import { breaches, DocumentLimits } from '../../../src/graphql/limits/rules.js';
import { startApi } from '../../support/api.js';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
/** Where objects that have connections are come by. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  Query: ['$'],
  User: ['viewer { $ }', 'user(id: "x") { $ }', 'users(first: 1) { edges { node { $ } } }'],
};
const connections = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .map((field) => [type.name, field.name] as const),
  );

const measured = (query: string) => measureDocument(parse(query), null, {}, schema);
const grounds = (query: string) => breaches(measured(query), DocumentLimits).map(({ kind }) => kind);
const cases = connections.flatMap(([type, field]) =>
  (ROOTS[type] ?? []).map(
    (root) =>
      [
        type,
        field,
        (page: string) => `{ ${root.replace('$', `${field}${page} { edges { node { id } } }`)} }`,
      ] as const,
  ),
);

it('knows a way to every connection that there is', () => {
  expect(connections.filter(([type]) => ROOTS[type] === undefined)).toEqual([]);
  expect(connections).toContainEqual(['User', 'activity']);
});

it.each(cases)(
  '%s.%s: pages are as long as the limit at most, and cost by their length',
  (_type, _field, ask) => {
    const { pageSize } = DocumentLimits;
    expect(grounds(ask(`(first: ${pageSize})`))).toEqual([]);
    expect(grounds(ask(`(first: ${pageSize + 1})`))).toContain('pageSize');
    const cost = (page: string) => measured(ask(page)).cost;
    // Edges and nodes and ids, for each row more.
    expect(cost('(first: 100)') - cost('(first: 99)')).toBe(3);
    expect(cost('')).toBe(cost('(first: 20)'));
  },
);

it.each(connections.filter(([type]) => type === 'User'))(
  '%s.%s within a list of users is beyond what a document may cost',
  (_type, field) => {
    const query = `{ users(first: 100) { edges { node { ${field}(first: 100) { edges { node { id } } } } } } }`;
    expect(grounds(query)).toContain('cost');
  },
);

it('the server refuses such a page of activity before it reads anything', async () => {
  const api = await startApi();
  const user = await api.signedIn('reader@example.test');
  const { data, errors } = await user.send('{ viewer { activity(first: 101) { edges { cursor } } } }');
  expect(data).toBeNull();
  expect(errors[0]?.extensions.breaches?.map(({ kind }) => kind)).toEqual(['pageSize']);
  await api.stop();
});
