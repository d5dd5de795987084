/** What the playground opens with: valid, within the limits, and answered, whoever runs it in the order it suggests. */

import { parse, print, separateOperations, validate } from 'graphql';
import { afterEach, expect, test } from 'vitest';
import { measureDocument } from '../../../src/graphql/limits/measure.js';
import { breaches, DocumentLimits } from '../../../src/graphql/limits/rules.js';
import { counterfoilSchema } from '../../../src/graphql/schema.js';
import { EXAMPLE_HEADERS, EXAMPLE_TABS } from '../../../src/http/playground-example.js';
import { type Api, startApi } from '../../support/api.js';
import { startCounterfoil, type TestCounterfoil } from '../../support/counterfoil.js';

const schema = counterfoilSchema();
const documents = EXAMPLE_TABS.map(({ query }) => parse(query));

let counterfoil: TestCounterfoil | null = null;
let api: Api | null = null;
afterEach(async () => {
  await counterfoil?.stop();
  await api?.stop();
  counterfoil = null;
  api = null;
});

function operation(name: string): string {
  for (const document of documents) {
    const found = separateOperations(document)[name];
    if (found !== undefined) return print(found);
  }
  throw new Error(`the example has no operation ${name}`);
}

test('each tab is valid, and may be sent whole', () => {
  for (const document of documents) {
    expect(validate(schema, document).map(String)).toEqual([]);
    const measures = measureDocument(document, null, {}, schema);
    expect(breaches(measures, DocumentLimits)).toEqual([]);
  }
});

test('headers and variables are JSON to begin with', () => {
  expect(JSON.parse(EXAMPLE_HEADERS)).toEqual({ Authorization: '' });
  for (const { variables = '{}' } of EXAMPLE_TABS) expect(() => JSON.parse(variables)).not.toThrow();
});

test('lines fit into their half of the window', () => {
  const lines = EXAMPLE_TABS.flatMap(({ query }) => query.split('\n'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
});

test('Login and Refresh follow on Register, whoever else has used the addresses of the README', async () => {
  api = await startApi();
  await api.user('ada@example.com');
  const first = api.client();
  expect(await first.read(operation('Register'))).toMatchObject({ __typename: 'RegisterSuccess' });
  expect(await first.read(operation('Refresh'))).toMatchObject({ __typename: 'RefreshSuccess' });

  const later = api.client();
  expect(await later.read(operation('Login'))).toMatchObject({ __typename: 'LoginSuccess' });
  expect(await later.read(operation('Refresh'))).toMatchObject({ __typename: 'RefreshSuccess' });
});

test('SecondDevice signs in beside the cookie of the browser', async () => {
  api = await startApi();
  const browser = api.client();
  await browser.read(operation('Register'));
  const second = await browser.read<{ session: { id: string } }>(operation('SecondDevice'));
  expect(second.session.id).toEqual(expect.any(String));
  expect(await browser.read(operation('Refresh'))).toMatchObject({ __typename: 'RefreshSuccess' });
});

test.each(['stateful', 'stateless'] as const)(
  'by the %s model, the cookie alone is enough for what the example does',
  async (model) => {
    api = await startApi({ settings: { model } });
    const browser = api.client();
    for (const name of ['Register', 'Login', 'Refresh'])
      expect(await browser.read(operation(name)), name).toMatchObject({ tokens: { accessToken: null } });
    expect(await browser.read(operation('Devices'))).toMatchObject({ email: 'robin@example.com' });
  },
);

test('every operation for operators is answered, and ending a device of theirs as well', async () => {
  counterfoil = await startCounterfoil();
  const operator = await counterfoil.signedInAs({ deviceName: 'Desk' }, ['USER', 'OPERATOR']);
  for (const name of ['SigningKeys', 'RotateSigningKey', 'AuditLog']) {
    const { errors, data } = await counterfoil.run(operation(name), operator);
    expect(errors, name).toBeUndefined();
    expect(data, name).not.toBeNull();
  }
  const ended = await counterfoil.run(operation('LogoutDevice'), operator, { id: operator.session.id });
  expect(ended.data?.['logoutDevice']).toMatchObject({
    __typename: 'LogoutDeviceSuccess',
    session: { deviceName: 'Desk' },
  });
});
