/** The operations that are shipped for clients: every one is valid, within the limits, and answered by a live server. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  concatAST,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureDocument } from '../../../src/graphql/limits/measure.js';
import { breaches, DocumentLimits } from '../../../src/graphql/limits/rules.js';
import { type Api, startApi } from '../../support/api.js';
import { REPOSITORY } from '../../support/sandbox.js';

const FOLDER = join(REPOSITORY, 'schema/operations');
const schema = buildSchema(readFileSync(join(REPOSITORY, 'schema/schema.graphql'), 'utf8'));
const files = readdirSync(FOLDER);
const documents = files.map((file) => parse(readFileSync(join(FOLDER, file), 'utf8')));
const everything = concatAST(documents);
/** Each operation with the fragments that it uses, as a client sends it. */
const sent: Record<string, DocumentNode> = separateOperations(everything);
const names = Object.keys(sent);

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const found = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (found === undefined) throw new Error('no operation');
  return found;
}

function rootFields(document: DocumentNode): string[] {
  return operationOf(document).selectionSet.selections.flatMap((each) =>
    each.kind === Kind.FIELD ? [each.name.value] : [],
  );
}

test('together are valid against the emitted schema, unused fragments included', () => {
  expect(validate(schema, everything).map(String)).toEqual([]);
});

test('leave out no query and no mutation', () => {
  const offered = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  const used = new Set(Object.values(sent).flatMap(rootFields));
  expect(offered.filter((field) => !used.has(field))).toEqual([]);
});

test('lie one flow a file, named after its first operation', () => {
  for (const [index, file] of files.entries()) {
    const [first] = documents[index]?.definitions ?? [];
    if (file === 'fragments.graphql') continue;
    const name = first?.kind === Kind.OPERATION_DEFINITION ? first.name?.value : undefined;
    const kebab = name?.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
    expect(`${kebab}.graphql`).toBe(file);
  }
});

describe.each(names)('%s', (name) => {
  const document = sent[name] as DocumentNode;

  test('is within the document limits, with the largest page it may ask for', () => {
    const variables = { first: 100 };
    const measures = measureDocument(document, name, variables, schema);
    expect(breaches(measures, DocumentLimits)).toEqual([]);
    expect(() => parse(print(document), { maxTokens: DocumentLimits.tokens })).not.toThrow();
  });

  test('asks one thing, and for every reason why it may be refused', () => {
    expect(rootFields(document)).toHaveLength(1);
    const text = print(document);
    if (text.includes('... on UserError')) expect(text).toContain('__typename');
  });
});

describe('a live server', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const email = 'operations@example.com';
  const newPassword = 'meadow bottle signal 72';
  const cases: [name: string, variables: () => Promise<object> | object, typename: string | null][] = [
    ['Register', () => ({ input: { email, password: newPassword } }), 'RegisterSuccess'],
    ['Login', () => ({ input: { email, password: newPassword } }), 'LoginSuccess'],
    ['Refresh', () => ({ input: { refreshToken: 'cfr_nonsense' } }), 'RefreshTokenInvalid'],
    ['ServerInfo', () => ({}), null],
    ['Viewer', () => ({}), null],
    ['ViewerDevices', () => ({}), null],
    ['Session', () => ({}), null],
    ['SigningKeys', () => ({}), null],
    ['SigningKeyPolicy', () => ({}), null],
    ['AuditLog', () => ({}), null],
    ['Activity', () => ({}), null],
    ['ServerFigures', () => ({}), null],
    ['Users', () => ({ search: 'victim' }), null],
    ['User', async () => ({ id: await victim() }), null],
    ['LogoutDevice', () => ({ input: { sessionId: 'none' } }), 'SessionNotFound'],
    ['LogoutAllDevices', () => ({ input: { exceptCurrent: true } }), 'LogoutAllDevicesSuccess'],
    [
      'SuspendUser',
      async () => ({ input: { userId: await victim(), reason: 'test' } }),
      'SuspendUserSuccess',
    ],
    ['ReinstateUser', async () => ({ input: { userId: await victim() } }), 'ReinstateUserSuccess'],
    ['EndUserSessions', async () => ({ input: { userId: await victim() } }), 'EndUserSessionsSuccess'],
    ['RotateSigningKey', () => ({ input: {} }), 'RotateSigningKeySuccess'],
    ['RevokeSigningKey', () => ({ input: { kid: 'none', reason: 'test' } }), 'SigningKeyNotFound'],
    ['CreateVerifier', () => ({ input: { name: 'orders service' } }), 'CreateVerifierSuccess'],
    ['Verifiers', () => ({}), null],
    ['WithdrawVerifier', () => ({ input: { id: 'none' } }), 'VerifierNotFound'],
    ['NotifyUser', () => ({ input: { text: 'Maintenance at six.' } }), 'NotifyUserSuccess'],
    ['ChangePassword', () => ({ input: { currentPassword: 'wrong', newPassword } }), 'InvalidCredentials'],
    ['DeleteAccount', () => ({ input: { password: 'wrong' } }), 'InvalidCredentials'],
    ['Logout', () => ({}), null],
  ];

  async function victim(): Promise<string> {
    return (await api.user('victim@example.com')).id;
  }

  test('is asked every one of them below', () => {
    // What is subscribed to is listened to in `test/spec/push`.
    const asked = names.filter((name) => name !== 'SessionEvents');
    expect(cases.map(([name]) => name).toSorted()).toEqual(asked.toSorted());
  });

  test.each(cases)('answers %s without an error', async (name, variables, typename) => {
    const operator = await api.signedIn('operator@example.com', ['USER', 'OPERATOR']);
    const { data, errors } = await operator.send(print(sent[name] as DocumentNode), {
      ...(await variables()),
    });
    expect(errors).toEqual([]);
    const [field] = rootFields(sent[name] as DocumentNode);
    expect(data?.[field ?? '']).toEqual(
      typename === null ? expect.anything() : expect.objectContaining({ __typename: typename }),
    );
  });
});
