/**
 * Input of every wrong kind. Each gets a clear typed answer; it changes nothing, ends nothing, and is not repeated in
 * what it is told (ASVS V2.2, V16.5.1). "Nothing" is taken literally: the tables before are the tables after.
 */

import fc from 'fast-check';
import {
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterfoilSchema } from '../../src/graphql/schema.js';
import { type Client, COOKIE, mutation, PASSWORD, type Payload } from '../support/api.js';
import type { Dump } from '../support/counterfoil.js';
import { type Loopback, startLoopback } from '../support/loopback.js';

const CANARY = 'canary-5f1d-hunter2; at "x"; ';

let at: Loopback;
let ada: Client;
let operator: Client;
let before: Dump;

beforeAll(async () => {
  at = await startLoopback();
  ada = await at.signedIn('ada@example.test');
  operator = await at.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  before = await at.dump();
});

afterAll(() => at.stop());

async function expectNothingChanged(): Promise<void> {
  expect(await at.dump()).toEqual(before);
}

const bearer = (client: Client) => ({ authorization: `Bearer ${client.accessToken}` });

async function refreshWith(
  input: unknown,
  headers: Record<string, string> = {},
): Promise<Payload | undefined> {
  const answer = await at.post(mutation('refresh'), { input }, headers);
  return ((await answer.json()) as { data: { refresh: Payload } | null }).data?.refresh;
}

describe('a refresh token', () => {
  const good = () => ada.refreshToken ?? '';
  const bytesOf = (token: string) => Buffer.from(token.slice(4), 'base64url');
  const withByte = (index: number, value: number) => {
    const bytes = bytesOf(good());
    bytes[index] = value;
    return `cfr_${bytes.toString('base64url')}`;
  };

  it.each<[string, () => string]>([
    ['empty', () => ''],
    ['a word', () => 'garbage'],
    ['its prefix alone', () => 'cfr_'],
    ['without its prefix', () => good().slice(4)],
    ['with another prefix', () => good().replace('cfr_', 'cfa_')],
    ['with its prefix in capitals', () => good().replace('cfr_', 'CFR_')],
    ['with its prefix twice', () => `cfr_${good()}`],
    ['of all zeros', () => `cfr_${Buffer.alloc(50).toString('base64url')}`],
    ['of version 0', () => withByte(0, 0)],
    ['of version 2', () => withByte(0, 2)],
    ['of version 255', () => withByte(0, 255)],
    ['of another key version', () => withByte(1, 9)],
    ['of another session', () => withByte(2, (bytesOf(good())[2] ?? 0) ^ 1)],
    ['of a later generation', () => withByte(21, 5)],
    ['twice', () => good() + good()],
    ['padded', () => `${good()}==`],
    ['in base64', () => `cfr_${bytesOf(good()).toString('base64')}`],
    ['in hexadecimal', () => `cfr_${bytesOf(good()).toString('hex')}`],
    ['with a space behind it', () => `${good()} `],
    ['with a line end behind it', () => `${good()}\n`],
    ['with a NUL in it', () => `${good().slice(0, 20)}\0${good().slice(20)}`],
    ['in letters that look alike', () => good().replace(/[aceo]/, 'а')],
    ['of fifty thousand characters', () => `cfr_${'A'.repeat(50_000)}`],
    ['that is an access token', () => ada.accessToken ?? ''],
    ['that is a prototype', () => '__proto__'],
  ])('that is %s is invalid, in the body and in the cookie', async (_name, token) => {
    expect((await refreshWith({ refreshToken: token() }))?.__typename).toBe('RefreshTokenInvalid');
    const inHeader = encodeURIComponent(token()).slice(0, 8000);
    expect((await refreshWith({}, { cookie: `${COOKIE}=${inHeader}` }))?.__typename).toBe(
      'RefreshTokenInvalid',
    );
    await expectNothingChanged();
  });

  it('is invalid at any other length', async () => {
    for (let length = 0; length < good().length; length += 1) {
      const payload = await at.client().mutate('refresh', { refreshToken: good().slice(0, length) });
      expect(payload.__typename).toBe('RefreshTokenInvalid');
    }
    await expectNothingChanged();
  });

  it('is invalid with any one bit flipped', async () => {
    const client = at.client();
    for (const [index, byte] of bytesOf(good()).entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        const payload = await client.mutate('refresh', { refreshToken: withByte(index, byte ^ (1 << bit)) });
        expect(payload.__typename).toBe('RefreshTokenInvalid');
      }
    }
    await expectNothingChanged();
  });

  it('of another instance is of no session here, even with the same master key', async () => {
    const other = await startLoopback();
    try {
      const stranger = await other.signedIn('ada@example.test');
      expect((await refreshWith({ refreshToken: stranger.refreshToken }))?.__typename).toBe('SessionEnded');
    } finally {
      await other.stop();
    }
    await expectNothingChanged();
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(257)],
    ['far too long', 'k'.repeat(40_000)],
  ])('that is good beside an idempotency key that is %s is not used up', async (_name, idempotencyKey) => {
    expect(await refreshWith({ refreshToken: good(), idempotencyKey })).toBeUndefined();
    await expectNothingChanged();
  });

  it('that is missing is invalid', async () => {
    for (const input of [{}, { refreshToken: null }]) {
      expect((await refreshWith(input))?.__typename).toBe('RefreshTokenInvalid');
    }
  });

  it('of arbitrary text is invalid', async () => {
    const client = at.client();
    const text = fc.string({ unit: 'grapheme', maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(text, async (refreshToken) => {
        expect((await client.mutate('refresh', { refreshToken })).__typename).toBe('RefreshTokenInvalid');
      }),
      { numRuns: 60 },
    );
    await expectNothingChanged();
  });
});

describe('an access token', () => {
  it('is refused at any other length, with any one bit flipped, and as arbitrary text', async () => {
    const { model } = at.counterfoil.app.parts;
    const good = ada.accessToken ?? '';
    for (let length = 0; length < good.length; length += 1) {
      expect((await model.authenticate({ bearer: good.slice(0, length), cookie: null })).kind).toBe(
        'refused',
      );
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 0, max: 6 }), async (index, bit) => {
        const flipped = String.fromCharCode(good.charCodeAt(index) ^ (1 << bit));
        const token = good.slice(0, index) + flipped + good.slice(index + 1);
        expect((await model.authenticate({ bearer: token, cookie: null })).kind).toBe('refused');
      }),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (token) => {
        expect((await model.authenticate({ bearer: token, cookie: null })).kind).toBe('refused');
      }),
      { numRuns: 100 },
    );
    expect((await model.authenticate({ bearer: good, cookie: null })).kind).toBe('authenticated');
    await expectNothingChanged();
  });
});

describe('a body', () => {
  const valid = JSON.stringify({
    query: mutation('login'),
    variables: { input: { email: 'ada@example.test', password: PASSWORD } },
  });
  const send = (body: string | Buffer) =>
    at.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(operator) },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });

  it.each<[string, string | Buffer]>([
    ['that is cut off', valid.slice(0, -1)],
    ['with something behind it', `${valid}x`],
    ['in single quotes', valid.replaceAll('"', "'")],
    ['with a comment', `/* */${valid}`],
    ['with a comma too many', valid.replace(/}$/, ',}')],
    ['of NaN', '{"query":NaN}'],
    ['in UTF-16', Buffer.from(valid, 'utf16le')],
    ['in Latin-1', Buffer.from(valid.replace('ada', 'adä'), 'latin1')],
    [
      'with invalid UTF-8 in a text',
      Buffer.concat([Buffer.from(valid.slice(0, 20)), Buffer.of(0xc3, 0x28), Buffer.from(valid.slice(20))]),
    ],
    [
      'with an overlong UTF-8 spelling',
      Buffer.concat([Buffer.from(valid.slice(0, 20)), Buffer.of(0xc0, 0xaf), Buffer.from(valid.slice(20))]),
    ],
    [
      'with a surrogate in UTF-8',
      Buffer.concat([
        Buffer.from(valid.slice(0, 20)),
        Buffer.of(0xed, 0xa0, 0x80),
        Buffer.from(valid.slice(20)),
      ]),
    ],
    ['with half a character in a value', valid.replace(PASSWORD, `${PASSWORD}\\ud800`)],
    ['with the other half in a value', valid.replace(PASSWORD, `${PASSWORD}\\uDC00x`)],
    ['with the halves the wrong way round', valid.replace(PASSWORD, '\\udc00\\ud800')],
    ['with half a character in a name', valid.replace('"email"', '"\\ud800":1,"email"')],
    [
      'with half a character deep inside',
      `{"query":"{ __typename }","extensions":${'['.repeat(20_000)}"\\ud800"${']'.repeat(20_000)}}`,
    ],
    ['with __proto__', valid.replace('{"query"', '{"__proto__":{"query":"{ __typename }"},"query"')],
    ['with __proto__ by escape', valid.replace('{"query"', '{"\\u005f_proto__":{"x":1},"query"')],
    ['with __proto__ in its variables', valid.replace('"email"', '"__proto__":{"email":"x"},"email"')],
    ['with constructor.prototype', valid.replace('{"query"', '{"constructor":{"prototype":{"x":1}},"query"')],
    ['that is empty', ''],
    ['that is white space', ' \n\t'],
    ['that is null', 'null'],
    ['that is a text', JSON.stringify(valid)],
    ['that is a number', '1'],
    ['that is a list', `[${valid}]`],
    ['that is an empty list', '[]'],
    ['that is an empty object', '{}'],
    ['that nests sixty thousand deep', '['.repeat(60_000)],
    ['that nests and closes', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['whose query is a number', '{"query":1}'],
    ['whose query is null', '{"query":null}'],
    ['whose query is a list', '{"query":["{ __typename }"]}'],
    ['whose query is an object', '{"query":{"toString":"x"}}'],
    ['whose query is empty', '{"query":""}'],
    ['whose query is a comment', '{"query":"# nothing"}'],
    ['whose query is no GraphQL', '{"query":"select 1"}'],
    ['whose query holds a NUL', '{"query":"{ __typename \\u0000 }"}'],
    ['whose query names no field', '{"query":"{ }"}'],
    ['whose query is a type', '{"query":"type Query { a: Int }"}'],
    ['whose query is a subscription', '{"query":"subscription { a }"}'],
    ['whose variables are a text', valid.replace(/"variables":.*$/, '"variables":"{}"}')],
    ['whose variables are a list', valid.replace(/"variables":.*$/, '"variables":[]}')],
    ['whose variables are a number', valid.replace(/"variables":.*$/, '"variables":1}')],
    ['without its variables', valid.replace(/,"variables":.*$/, '}')],
    ['whose operation is not there', valid.replace('{"query"', '{"operationName":"Nothing","query"')],
    ['whose operation name is a number', valid.replace('{"query"', '{"operationName":1,"query"')],
    ['whose extensions are a text', valid.replace('{"query"', '{"extensions":"x","query"')],
    ['that asks for a stored query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}'],
  ])('%s is answered with an error that says so, and changes nothing', async (_name, body) => {
    const answer = await send(body);
    const { errors } = (await answer.json()) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    expect([200, 400]).toContain(answer.status);
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors) expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    await expectNothingChanged();
  });

  it('that is too large is refused whole', async () => {
    expect((await send(valid + ' '.repeat(70_000))).status).toBe(413);
    await expectNothingChanged();
  });

  it('in which a member comes twice is one body and not two: the last counts, for checks and work alike', async () => {
    const twice = '{"query":"{ nothing }","query":"{ __typename }"}';
    expect(await (await send(twice)).json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('with whole characters beyond the basic plane is fine, escaped or not', async () => {
    for (const text of ['😀', '\\ud83d\\ude00', '\\\\ud800']) {
      expect((await send(`{"query":"{ __typename }","extensions":{"x":"${text}"}}`)).status).toBe(200);
    }
  });
});

/** Every argument of every field, with values that its type does not take. */
interface Wrong {
  readonly place: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const WRONG_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  String: [1, 1.5, true, [CANARY], [[CANARY]], { a: CANARY }],
  ID: [1.5, true, [CANARY, CANARY], { a: CANARY }],
  Int: [CANARY, 1.5, true, 1e12, -1e12, [1, 2], { a: CANARY }],
  Boolean: [CANARY, 1, 0, 'true', [true, true], { a: CANARY }],
  enum: [CANARY, 1, true, ['COOKIE', 'BODY'], { a: CANARY }, 'cookie', 'toString', '__proto__'],
  object: [CANARY, 1, true, [CANARY], [{}, {}]],
};

function wrongValues(type: GraphQLInputType): unknown[] {
  if (isNonNullType(type)) return [null, ...wrongValues(type.ofType)];
  if (isListType(type)) return wrongValues(type.ofType);
  const kind = isEnumType(type) ? 'enum' : isInputObjectType(type) ? 'object' : type.name;
  return [...(WRONG_VALUES[kind] ?? [])];
}

/** A value that the type takes. */
function rightValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return rightValue(type.ofType);
  if (isListType(type)) return [rightValue(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields()).map(({ name, type: inner }) => [name, rightValue(inner)]),
    );
  }
  return { Int: 1, Boolean: true }[type.name as 'Int'] ?? 'text';
}

function wrongArguments(schema: GraphQLSchema): Wrong[] {
  const roots: [string, GraphQLObjectType | null | undefined][] = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ];
  return roots.flatMap(([operation, root]) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((arg): Wrong[] => {
        const selection = /^\[*(String|Int|Boolean|ID)\b/.test(String(field.type)) ? '' : '{ __typename }';
        const required = field.args.filter((other) => other !== arg && isNonNullType(other.type));
        const given = [arg, ...required];
        const heads = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
        const uses = given.map(({ name }) => `${name}: $${name}`).join(', ');
        const query = `${operation} (${heads}) { ${field.name}(${uses}) ${selection} }`;
        const others = Object.fromEntries(required.map(({ name, type }) => [name, rightValue(type)]));
        const place = `${field.name}.${arg.name}`;
        const whole = wrongValues(arg.type).map((value) => ({
          place,
          query,
          variables: { ...others, [arg.name]: value },
        }));
        const inner = isNonNullType(arg.type) ? arg.type.ofType : arg.type;
        if (!isInputObjectType(inner)) return whole;
        const right = rightValue(inner) as object;
        const unknown = { place, query, variables: { ...others, [arg.name]: { ...right, surplus: CANARY } } };
        const parts = Object.values(inner.getFields()).flatMap((part) =>
          wrongValues(part.type).map((value) => ({
            place: `${place}.${part.name}`,
            query,
            variables: { ...others, [arg.name]: { ...right, [part.name]: value } },
          })),
        );
        return [...whole, unknown, ...parts];
      }),
    ),
  );
}

describe('an argument of the wrong type', () => {
  const cases = wrongArguments(counterfoilSchema());
  const places = [...new Set(cases.map(({ place }) => place))];

  it('is looked for at every argument that there is', () => {
    expect(places).toEqual(
      expect.arrayContaining(['login.input.password', 'users.first', 'session.id', 'auditLog.kind']),
    );
    expect(cases.length).toBeGreaterThan(200);
  });

  it.each(places)('is refused at %s, and not repeated', async (place) => {
    for (const { query, variables } of cases.filter((each) => each.place === place)) {
      const answer = await at.post(query, variables, bearer(operator));
      const body = await answer.text();
      const { errors } = JSON.parse(body) as { errors: { extensions: { code: string } }[] };
      // A page size is measured before its type is looked at.
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(
        errors.map(() =>
          /\.first$/.test(place)
            ? expect.stringMatching(/^BAD_USER_INPUT$|^DOCUMENT_TOO_COMPLEX$/)
            : 'BAD_USER_INPUT',
        ),
      );
      expect(answer.status).toBe(400);
      expect(body).not.toMatch(/canary|hunter2/);
    }
    await expectNothingChanged();
  });

  it('is refused and not repeated in the document itself either', async () => {
    const secret = 'hunter2 canary';
    for (const query of [
      `mutation { login(input: "${secret}") { __typename } }`,
      `mutation { login(input: {email: "a", password: ["${secret}"], delivery: "${secret}"}) { __typename } }`,
      `mutation { login(input: {email: "a", password: {a: "${secret}"}}) { __typename } }`,
      `mutation { login(input: {email: "a", password "${secret}"}) { __typename } }`,
      `mutation { login(input: {email: "a", password: "${secret}) { __typename } }`,
      `mutation { logoutDevice(input: {sessionId: ["${secret}", "${secret}"]}) { __typename } }`,
      `{ users(first: "${secret}") { __typename } }`,
    ]) {
      const answer = await at.post(query, {}, bearer(operator));
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toMatch(/canary|hunter2/);
    }
    await expectNothingChanged();
  });
});

describe('an id that nobody has', () => {
  const ids = [
    'AAAAAAAAAAAAAAAAAAAAAA',
    '',
    'x',
    '0',
    '__proto__',
    "' or 1=1 --",
    '../../etc/passwd',
    'AAAAAAAAAAAAAAAAAAAAAB',
    'AAAAAAAAAAAAAAAAAAAAAA=',
    'a\0b',
    '😀',
    'A'.repeat(30_000),
  ];
  const types: [string, (id: string) => [string, unknown], unknown][] = [
    ['session', (id) => ['query ($id: ID) { session(id: $id) { id } }', { id }], null],
    ['user', (id) => ['query ($id: ID!) { user(id: $id) { id } }', { id }], null],
    ['logoutDevice', (id) => [mutation('logoutDevice'), { input: { sessionId: id } }], 'SessionNotFound'],
    [
      'suspendUser',
      (id) => [mutation('suspendUser'), { input: { userId: id, reason: 'r' } }],
      'UserNotFound',
    ],
    ['reinstateUser', (id) => [mutation('reinstateUser'), { input: { userId: id } }], 'UserNotFound'],
    ['endUserSessions', (id) => [mutation('endUserSessions'), { input: { userId: id } }], 'UserNotFound'],
    [
      'revokeSigningKey',
      (id) => [mutation('revokeSigningKey'), { input: { kid: id, reason: 'r' } }],
      'SigningKeyNotFound',
    ],
  ];

  it.each(types)('is not found by %s, however it is spelt', async (_name, request, expected) => {
    for (const id of ids) {
      const [query, variables] = request(id);
      const outcome = await operator.outcome(query, variables as Record<string, unknown>);
      const kind = (outcome as Payload | null)?.__typename ?? outcome;
      expect(kind).toBe(expected);
    }
    await expectNothingChanged();
  });

  it('may be given as a number where an id is asked for, and is not found either', async () => {
    const outcome = await operator.outcome(mutation('logoutDevice'), { input: { sessionId: 7 } });
    expect(outcome).toMatchObject({ __typename: 'SessionNotFound' });
  });
});

describe('a page that cannot be', () => {
  it.each([
    ['of fewer than none', { first: -1 }],
    ['of more than all', { first: 1_000_000_000 }],
    ['after garbage', { first: 1, after: 'garbage' }],
    ['after nothing', { first: 1, after: '' }],
    ['after a prototype', { first: 1, after: '__proto__' }],
    ['after a number beyond all numbers', { first: 1, after: Buffer.from('1e999').toString('base64') }],
    ['after SQL', { first: 1, after: Buffer.from("' or 1=1 --").toString('base64url') }],
  ])('%s is refused or empty, never a fault of ours', async (_name, variables) => {
    for (const query of [
      'query ($first: Int, $after: String) { users(first: $first, after: $after) { edges { node { id } } } }',
      'query ($first: Int, $after: String) { auditLog(first: $first, after: $after) { edges { node { kind } } } }',
      'query ($first: Int, $after: String) { viewer { sessions(first: $first, after: $after) { edges { node { id } } } } }',
    ]) {
      const { errors, data } = await operator.send(query, variables);
      const codes = errors.map(({ extensions }) => extensions.code);
      if (codes.length === 0) expect(data).not.toBeNull();
      for (const code of codes) expect(['BAD_USER_INPUT', 'DOCUMENT_TOO_COMPLEX']).toContain(code);
    }
  });
});

describe('a text that is strange', () => {
  const strange = [
    '',
    ' ',
    '\0',
    '\r\n',
    '\u001b[31m',
    '\u2028',
    '\u202e',
    'e\u0301',
    '😀'.repeat(20),
    'a'.repeat(50_000),
    '{{7*7}}',
    "'; drop table users; --",
    '%00',
    '<img onerror=x>',
  ];

  it('makes no user where it is no address', async () => {
    for (const email of strange) {
      const payload = await at.client().mutate('register', { email, password: PASSWORD });
      expect(payload.__typename).toBe('InvalidInput');
    }
    await expectNothingChanged();
  });

  it('is no password of anybody', async () => {
    const rows = before['audit_log']?.length ?? 0;
    for (const password of strange) {
      const payload = await at.client().mutate('login', { email: 'ada@example.test', password });
      expect(payload.__typename).toBe('InvalidCredentials');
    }
    // A failed login is told to the audit log, and to nothing else.
    const { audit_log: audit = [], ...rest } = await at.dump();
    const { audit_log: _before, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect(audit.length).toBe(rows + strange.length);
    before = await at.dump();
  });

  it('names a device in one line at most, and is kept as the text that it is', async () => {
    for (const deviceName of strange) {
      const payload = await at.client().login('ada@example.test', PASSWORD, { deviceName });
      expect(payload.__typename).toBe('LoginSuccess');
      expect(payload.session?.deviceName ?? '').not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect([...(payload.session?.deviceName ?? '')].length).toBeLessThanOrEqual(64);
    }
  });
});

describe('after all this', () => {
  it('the session of the one whose tokens were mangled is alive, and its refresh token good', async () => {
    expect(await ada.whoAmI()).not.toBe('UNAUTHENTICATED');
    expect((await ada.refresh()).__typename).toBe('RefreshSuccess');
  });
});
