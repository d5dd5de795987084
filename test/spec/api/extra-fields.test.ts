/** ASVS 15.3.3: a client sets what the schema offers to be set, and nothing beside it. */

import { type GraphQLInputObjectType, isInputObjectType, isRequiredInputField } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counterfoilSchema } from '../../../src/graphql/schema.js';
import { type Api, startApi } from '../../support/api.js';

const EXTRA = [
  'roles',
  'role',
  'isAdmin',
  'isOperator',
  'epoch',
  'passwordHash',
  'id',
  'createdAt',
  '__proto__',
];

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const schema = counterfoilSchema();
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap((field) => {
  const type = field.args.find(({ name }) => name === 'input')?.type;
  const name = String(type ?? '').replace('!', '');
  const input = schema.getType(name);
  return input && isInputObjectType(input) ? [[field.name, name, input] as const] : [];
});

/** What has to be given, as it is written in a document or, quoted, in JSON. */
function required(input: GraphQLInputObjectType, quote: '' | '"'): string {
  return Object.values(input.getFields())
    .filter((field) => isRequiredInputField(field))
    .map(({ name }) => `${quote}${name}${quote}: "x", `)
    .join('');
}

it.each(mutations)(
  '%s takes no field beside its own, written out or as a variable',
  async (field, name, input) => {
    const client = api.client();
    for (const extra of EXTRA.filter((each) => !(each in input.getFields()))) {
      const inline = `mutation { ${field}(input: { ${required(input, '')}${extra}: "OPERATOR" }) { __typename } }`;
      const written = await client.send(inline);
      expect(
        written.errors.map(({ extensions }) => extensions.code),
        extra,
      ).toContain('GRAPHQL_VALIDATION_FAILED');
      const document = `mutation($input: ${name}!) { ${field}(input: $input) { __typename } }`;
      const variables = JSON.parse(`{ "input": { ${required(input, '"')}"${extra}": "OPERATOR" } }`);
      const sent = await client.send(document, variables);
      expect(
        sent.errors.map(({ extensions }) => extensions.code),
        extra,
      ).toContain(extra === '__proto__' ? 'BAD_REQUEST' : 'BAD_USER_INPUT');
    }
  },
);

it('nobody becomes an operator by asking for it', async () => {
  const input = { email: 'eve@example.test', password: 'orchid kettle granite 41', roles: ['OPERATOR'] };
  const { errors } = await api
    .client()
    .send('mutation($i: RegisterInput!) { register(input: $i) { __typename } }', { i: input });
  expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const { items } = await api.counterfoil.app.store.users.list({ first: 10, after: null }, null);
  expect(items).toEqual([]);
});
