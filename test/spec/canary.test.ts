/**
 * Canaries: secrets that can be recognised are sent through every flow and every forced failure, at the log's finest
 * level. None of them may appear in the log, in an answer that refuses, or in the bytes of the database
 * (ASVS V16.2.5, V11.4, V13.3.1). Beside it, the form of the log (V16.2.1, V16.2.2, V16.2.4, V16.4.1).
 */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyLabel, secretLabel } from '../../src/keys/material.js';
import { unseal } from '../../src/keys/seal.js';
import { createLog } from '../../src/system/log.js';
import { COOKIE, type MutationName, mutation, type Payload } from '../support/api.js';
import { ON_POSTGRES } from '../support/counterfoil.js';
import { newVerifier } from '../support/feed.js';
import { type Loopback, sendRaw, startLoopback } from '../support/loopback.js';

const MASTER_KEY = randomBytes(32);
const OPERATOR = { email: 'operator@example.test', password: 'canary-violet-tram-uphill-93' };
/** What reads like an entry of the log, and is let through as a name. */
const HOSTILE_NAME = 'Eve "level":"fatal" {"event":"forged"}\\u000a\\n%0a';
/** What would end an entry or direct a terminal: no person's name may hold it, and it is cut out of a device's. */
const HOSTILE_LINES = 'a\r\n{"level":"fatal"}\u001b[2J\u2028b\u0085c';

let at: Loopback;
const lines: string[] = [];
const secrets = new Map<string, string>();
/** Answers that hold no tokens by design: errors, refusals, payloads without tokens. */
const refusals: string[] = [];
let databaseBytes: Buffer = Buffer.alloc(0);

function canary(name: string, value: string): string {
  secrets.set(`${name} ${secrets.size}`, value);
  return value;
}

let counter = 0;
function password(): string {
  counter += 1;
  return canary('password', `canary-password-orchid-kettle-${counter}-${randomBytes(6).toString('hex')}`);
}

function note(tokens: Payload['tokens']): void {
  if (!tokens) return;
  canary('access token', tokens.accessToken);
  canary('signature', tokens.accessToken.split('.')[2] ?? '');
  if (tokens.refreshToken) canary('refresh token', tokens.refreshToken);
}

async function send(query: string, variables: unknown, headers: Record<string, string> = {}) {
  const response = await at.post(query, variables, headers);
  const text = await response.text();
  let payload: Payload | null = null;
  try {
    payload = Object.values((JSON.parse(text) as { data?: Record<string, Payload> }).data ?? {})[0] ?? null;
  } catch {}
  for (const cookie of response.headers.getSetCookie()) {
    const value = cookie.slice(COOKIE.length + 1).split(';', 1)[0] ?? '';
    if (value !== '') canary('cookie', value);
  }
  if (payload?.tokens) note(payload.tokens);
  else refusals.push(text);
  return { payload, cookies: response.headers.getSetCookie() };
}

const call = (name: MutationName, input: unknown, headers?: Record<string, string>) =>
  send(mutation(name), { input }, headers);
const bearer = (payload: Payload | null) => ({ authorization: `Bearer ${payload?.tokens?.accessToken}` });
const cookieFrom = ({ cookies }: { cookies: string[] }) => ({ cookie: cookies[0]?.split(';', 1)[0] ?? '' });

/** All flows that end well. */
async function honestFlows(): Promise<void> {
  const first = password();
  const email = 'ada@example.test';
  const registered = await call('register', {
    email,
    password: first,
    name: HOSTILE_NAME,
    deviceName: HOSTILE_LINES,
  });
  expect(registered.payload?.__typename).toBe('RegisterSuccess');
  const browser = await call(
    'login',
    { email, password: first, delivery: 'COOKIE' },
    { 'user-agent': 'Firefox/130 \u00e9' },
  );
  const key = canary('idempotency key', `canary-key-${randomBytes(12).toString('hex')}`);
  const rotated = await call('refresh', {
    refreshToken: registered.payload?.tokens?.refreshToken,
    idempotencyKey: key,
  });
  await call('refresh', { refreshToken: registered.payload?.tokens?.refreshToken, idempotencyKey: key });
  await call('refresh', {}, cookieFrom(browser));
  await send(
    '{ viewer { id email sessions { edges { node { id deviceName } } } } }',
    {},
    bearer(rotated.payload),
  );
  const second = password();
  await call('changePassword', { currentPassword: first, newPassword: second }, bearer(rotated.payload));
  const again = await call('login', { email, password: second });
  await call('logoutAllDevices', { exceptCurrent: true }, bearer(again.payload));
  const third = await call('login', { email, password: second });
  await send('mutation { logout { accessTokensDeadBy } }', {}, bearer(third.payload));
  const last = await call('login', { email, password: second });
  await call('deleteAccount', { password: second }, bearer(last.payload));
}

/** Everything that is refused on purpose. */
async function refusedFlows(): Promise<void> {
  const good = password();
  const email = 'bob@example.test';
  const bob = await call('register', { email, password: good });
  const old = bob.payload?.tokens?.refreshToken ?? '';
  await call('register', { email, password: password() });
  await call('register', { email: 'no address', password: password() });
  const hostile = { email: 'dora@example.test', password: password(), name: HOSTILE_LINES };
  expect((await call('register', hostile)).payload).toMatchObject({
    __typename: 'InvalidInput',
    problems: [{ field: 'name' }],
  });
  await call('register', { email: 'carol@example.test', password: canary('password', 'canary-9') });
  await call('register', {
    email: 'canary-owner@example.test',
    password: canary('password', 'canary-owner-canary-owner'),
  });
  for (let guess = 0; guess < 8; guess += 1) await call('login', { email, password: password() });
  await call('login', { email: canary('password', 'canary-password-as-email'), password: password() });
  await call('login', { email, password: [password()] });
  await call('login', { email: { a: password() }, password: password(), delivery: password() });
  await send(`mutation { login(input: {email: "x", password "${password()}"}) { __typename } }`, {});
  await send(`mutation { login(input: {email: "x", password: ["${password()}"]}) { __typename } }`, {});
  await send(mutation('login'), password());
  await send(
    '{ viewer { id } }',
    {},
    { authorization: `Bearer ${canary('access token', `${bob.payload?.tokens?.accessToken}x`)}` },
  );
  await send(
    '{ viewer { id } }',
    {},
    { authorization: `Basic ${canary('password', Buffer.from('bob:canary').toString('base64'))}` },
  );
  await send('{ signingKeys { kid } }', {}, bearer(bob.payload));
  await call('changePassword', { currentPassword: password(), newPassword: password() }, bearer(bob.payload));
  await call('deleteAccount', { password: password() }, bearer(bob.payload));
  await call('refresh', {
    refreshToken: `${old}x`,
    idempotencyKey: canary('idempotency key', 'canary-key-of-bad-token'),
  });
  await call('refresh', { refreshToken: [old] });
  await call('refresh', {
    refreshToken: old,
    idempotencyKey: canary('idempotency key', 'canary-key-one-of-two'),
  });
  await call('refresh', {
    refreshToken: old,
    idempotencyKey: canary('idempotency key', 'canary-key-two-of-two'),
  });
  await call('refresh', { refreshToken: old });
  await call(
    'refresh',
    {},
    { cookie: `${COOKIE}=${canary('cookie', 'cfr_canary-cookie-that-nobody-issued')}` },
  );
  await call('refresh', {}, { origin: 'https://evil.test', cookie: `${COOKIE}=${old}` });
  const search = new URLSearchParams({
    query: mutation('login'),
    variables: JSON.stringify({ input: { password: password() } }),
    access_token: old,
  });
  refusals.push(
    await (await at.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } })).text(),
  );
  refusals.push(await (await at.fetch(`/nothing/${password()}?token=${old}`)).text());
  refusals.push(await (await at.fetch(`/%c0${password()}`)).text());
  for (const [type, body] of [
    ['application/json', `{"query":"${password()}`],
    ['application/json', JSON.stringify({ query: password() })],
    ['application/json', JSON.stringify({ [password()]: 1 })],
    ['application/json', `{"__proto__":"${password()}"}`],
    ['application/x-www-form-urlencoded', `password=${password()}`],
  ] as const) {
    const answer = await at.fetch('/graphql', { method: 'POST', headers: { 'content-type': type }, body });
    refusals.push(await answer.text());
  }
  refusals.push(await sendRaw(at.port, `POST /graphql HTTP/1.1\r\nHost: a\r\n${password()}\r\n\r\n`));
  refusals.push(
    await sendRaw(
      at.port,
      `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${COOKIE}=${old}${'x'.repeat(20_000)}\r\n\r\n`,
    ),
  );
}

/** What verifiers send and are refused, good and bad credentials alike. */
async function verifierFlows(): Promise<void> {
  const operator = await call('login', OPERATOR);
  const made = await at.post(
    'mutation { createVerifier(input: { name: "canaries" }) { ... on CreateVerifierSuccess { credential verifier { id } } } }',
    {},
    bearer(operator.payload),
  );
  const { createVerifier } = ((await made.json()) as { data: { createVerifier: Made } }).data;
  const other = await newVerifier(at.counterfoil.app, HOSTILE_NAME);
  const credentials = [createVerifier.credential, other.credential];
  for (const each of credentials) canary('verifier credential', each);
  for (const each of credentials) canary('verifier secret', secretIn(each));
  const refreshToken = operator.payload?.tokens?.refreshToken ?? '';
  const ask = async (path: string, authorization: string, token: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    const body = new URLSearchParams({ token, client_secret: other.credential }).toString();
    const answers = [
      await at.fetch(path, { method: 'POST', headers, body }),
      await at.fetch(path, { method: 'POST', headers, body: `token=${encodeURIComponent(token)}` }),
      await at.fetch(`${path}?token=${token}&credential=${other.credential}`, { method: 'POST', headers }),
    ];
    for (const answer of answers) refusals.push(await answer.text());
  };
  const wrong = canary('verifier credential', `${other.credential.slice(0, -9)}AAAAAAAAA`);
  const authorizations = [
    other.bearer,
    other.basic,
    `Bearer ${wrong}`,
    `Basic ${wrong}`,
    `Bearer  ${wrong} x`,
  ];
  for (const authorization of authorizations)
    for (const path of ['/oauth/introspect', '/oauth/revoke'])
      for (const token of [wrong, `${refreshToken}x`]) await ask(path, authorization, token);
  for (const authorization of authorizations.slice(2))
    refusals.push(await (await at.fetch('/revocations', { headers: { authorization } })).text());
  const withdraw = {
    query: `mutation { withdrawVerifier(input: { id: "${other.verifier.id}" }) { __typename } }`,
  };
  await send(withdraw.query, {}, bearer(operator.payload));
  at.counterfoil.clock.advance(1_000);
  await ask('/oauth/introspect', other.bearer, refreshToken);
}

interface Made {
  readonly credential: string;
}

/** The 32 bytes that are the secret of a credential. */
function secretIn(credential: string): string {
  return Buffer.from(credential.slice(4), 'base64url').subarray(17, 49).toString('base64url');
}

/** What operators do, and what the keys go through. */
async function operatorFlows(): Promise<void> {
  const operator = await call('login', OPERATOR);
  expect(operator.payload?.__typename).toBe('LoginSuccess');
  const dan = await call('register', { email: 'dan@example.test', password: password() });
  await call('rotateSigningKey', { force: true }, bearer(operator.payload));
  const [key] = await at.counterfoil.app.store.keys
    .load()
    .then(({ keys }) => keys.filter(({ state }) => state.kind === 'active'));
  await call('revokeSigningKey', { kid: key?.kid, reason: 'a drill' }, bearer(operator.payload));
  const fresh = await call('refresh', { refreshToken: operator.payload?.tokens?.refreshToken });
  await call('suspendUser', { userId: dan.payload?.viewer?.id, reason: 'a drill' }, bearer(fresh.payload));
  await call('refresh', { refreshToken: dan.payload?.tokens?.refreshToken });
  await send(
    '{ auditLog(first: 50) { edges { node { kind detail } } } users { edges { node { email } } } }',
    {},
    bearer(fresh.payload),
  );
}

/** Failures that nobody planned: a resolver that throws, tables that are gone, a database that is closed. */
async function brokenFlows(): Promise<void> {
  const { store } = at.counterfoil.app;
  const email = 'erin@example.test';
  const good = password();
  const erin = await call('register', { email, password: good });
  const everything = async () => {
    await call('register', { email: `frank-${counter}@example.test`, password: password() });
    await call('login', { email, password: good });
    await call('login', { email, password: password() });
    await call('refresh', {
      refreshToken: erin.payload?.tokens?.refreshToken,
      idempotencyKey: canary('idempotency key', `canary-key-broken-${counter}`),
    });
    await call('changePassword', { currentPassword: good, newPassword: password() }, bearer(erin.payload));
    await call('logoutAllDevices', {}, bearer(erin.payload));
    await send('{ viewer { id } }', {}, bearer(erin.payload));
    await send(
      'mutation { logout { accessTokensDeadBy } }',
      {},
      { cookie: `${COOKIE}=${erin.payload?.tokens?.refreshToken}` },
    );
  };

  const { find } = store.users;
  store.users.find = async () => {
    throw new Error('a resolver threw');
  };
  await send('{ viewer { id } }', {}, bearer(erin.payload));
  store.users.find = find;

  for (const table of ['audit_log', 'revocations', 'sessions']) {
    await at.database.execute(`alter table ${table} rename to ${table}_gone`);
    await everything();
    await at.database.execute(`alter table ${table}_gone rename to ${table}`);
  }
  await rememberStoredSecrets();
  databaseBytes = await kept();
  await store.close();
  await everything();
}

/** Where the database is a file, its bytes as they lie on the disk; otherwise all that its rows show. */
async function kept(): Promise<Buffer> {
  const { file } = at.database;
  if (file === null)
    return Buffer.concat((await at.database.values()).map((value) => Buffer.from(value as string)));
  const files = ['', '-wal', '-shm'].map((suffix) => file + suffix).filter((each) => existsSync(each));
  return Buffer.concat(files.map((each) => readFileSync(each)));
}

/** The private keys and refresh secrets that the ring holds, opened with the master key. */
async function rememberStoredSecrets(): Promise<void> {
  const ring = await at.counterfoil.app.store.keys.load();
  for (const { kid, sealedPrivateKey } of ring.keys) {
    if (sealedPrivateKey === null) continue;
    const jwk = JSON.parse(unseal(sealedPrivateKey, keyLabel(kid), MASTER_KEY).toString()) as { d: string };
    canary('private key', jwk.d);
  }
  for (const { version, sealed } of ring.secrets) {
    canary(
      'refresh secret',
      Buffer.from(unseal(sealed, secretLabel(version), MASTER_KEY)).toString('base64url'),
    );
  }
}

beforeAll(async () => {
  canary('master key', MASTER_KEY.toString('base64'));
  canary('operator password', OPERATOR.password);
  at = await startLoopback({
    log: createLog('trace', { write: (line) => void lines.push(line) }),
    settings: {
      rateLimits: 'on',
      masterKey: MASTER_KEY.toString('base64'),
      operatorEmail: OPERATOR.email,
      operatorPassword: OPERATOR.password,
    },
  });
  await rememberStoredSecrets();
  await honestFlows();
  await refusedFlows();
  await operatorFlows();
  await verifierFlows();
  await brokenFlows();
}, 120_000);

afterAll(() => at.stop());

/** A secret as it may have been written down: as it is, escaped, encoded, or as the bytes behind it. */
function spellings(secret: string): Buffer[] {
  const text = Buffer.from(secret);
  const decoded = Buffer.from(secret.replace(/^cf[rv]_/, ''), 'base64url');
  const texts = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    text.toString('base64').replace(/=+$/, '').slice(0, -1),
    text.toString('base64url').slice(0, -1),
    text.toString('hex'),
    decoded.toString('hex'),
  ];
  return [...texts.map((each) => Buffer.from(each)), decoded].filter(({ length }) => length >= 8);
}

function found(haystack: Buffer): string[] {
  return [...secrets]
    .filter(([, secret]) => spellings(secret).some((form) => haystack.includes(form)))
    .map(([name]) => name);
}

describe('a secret that went through every flow', () => {
  it('was one of many, of every kind', () => {
    const kinds = new Set([...secrets.keys()].map((name) => name.replace(/ \d+$/, '')));
    expect([...kinds].sort()).toEqual([
      'access token',
      'cookie',
      'idempotency key',
      'master key',
      'operator password',
      'password',
      'private key',
      'refresh secret',
      'refresh token',
      'signature',
      'verifier credential',
      'verifier secret',
    ]);
    expect(secrets.size).toBeGreaterThan(100);
  });

  it('would be found in whatever form it was left', () => {
    for (const [, secret] of secrets) {
      expect(found(Buffer.from(`x ${secret} y`)).length).toBeGreaterThan(0);
      expect(found(Buffer.from(`x ${Buffer.from(secret).toString('hex')} y`)).length).toBeGreaterThan(0);
    }
  });

  it('is not in the log', () => {
    expect(lines.length).toBeGreaterThan(80);
    expect(found(Buffer.from(lines.join('')))).toEqual([]);
  });

  it('is in no answer that refuses', () => {
    expect(refusals.length).toBeGreaterThan(60);
    for (const body of refusals) expect(found(Buffer.from(body))).toEqual([]);
  });

  it('is not in the database, nor in the log that it writes ahead', () => {
    expect(databaseBytes.length).toBeGreaterThan(ON_POSTGRES ? 5_000 : 50_000);
    expect(databaseBytes.includes('bob@example.test')).toBe(true);
    expect(found(databaseBytes)).toEqual([]);
  });
});

describe('what failed', () => {
  it('told its client that it failed, and no more: no statement, no path, no stack', () => {
    const masked = refusals.filter((body) => /INTERNAL_SERVER_ERROR|UNAVAILABLE/.test(body));
    expect(masked.length).toBeGreaterThan(15);
    for (const body of masked) {
      expect(body).not.toMatch(
        /select |insert |update |sqlite|no such table|not open|\/src\/|\.ts|node_modules|stack/i,
      );
    }
  });

  it('told the log what it was', () => {
    const unexpected = lines.filter((line) => line.includes('"event":"unexpected"'));
    expect(unexpected.join('')).toMatch(/a resolver threw/);
    expect(unexpected.join('')).toMatch(ON_POSTGRES ? /42P01/ : /no such table/);
    expect(unexpected.join('')).toMatch(/does not serve/);
  });
});

describe('the log', () => {
  interface Line {
    readonly level: string;
    readonly time: string;
    readonly msg: string;
    readonly event?: string;
  }
  const parsed = () => lines.map((line) => JSON.parse(line) as Line);

  it('has one line of JSON per event, with level, UTC time and words', () => {
    for (const entry of parsed()) {
      expect(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).toContain(entry.level);
      expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(entry.msg).toMatch(/^[\w ,:'’-]+$/);
    }
  });

  it('is broken by nobody’s name: no line end, no escape sequence, no forged entry', () => {
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    }
    expect(parsed().map(({ event }) => event)).not.toContain('forged');
    expect(parsed().map(({ level }) => level)).not.toContain('fatal');
  });

  it('names every kind of attempt to get around', () => {
    const events = new Set(parsed().map(({ event }) => event));
    for (const event of [
      'access.refused',
      'access.forbidden',
      'login.failed',
      'login.throttled',
      'refresh',
      'refresh.reused',
      'request',
      'request.foreign',
      'request.invalid',
      'token.revoke',
      'unexpected',
      'verifier.refused',
    ]) {
      expect(events).toContain(event);
    }
  });

  it('escapes what would break a line, whoever hands it in', () => {
    const written: string[] = [];
    const log = createLog('info', { write: (line) => void written.push(line) });
    log.warn({ event: 'name', name: HOSTILE_LINES }, 'a name');
    expect(written).toHaveLength(1);
    expect(written[0]?.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect((JSON.parse(written[0] ?? '') as { name: string }).name).toBe(HOSTILE_LINES);
  });

  it('cuts out what is named like a secret, even where a caller hands it in', () => {
    const written: string[] = [];
    const log = createLog('info', { write: (line) => void written.push(line) });
    const secret = 'canary-in-a-field';
    log.info(
      { password: secret, input: { refreshToken: secret, deep: { accessToken: secret } } },
      'careless',
    );
    log.info({ headers: { authorization: secret, cookie: secret } }, 'careless');
    expect(written.join('')).not.toContain(secret);
  });
});
