import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CounterfoilContext } from '../../../src/graphql/context.js';
import { ConfigurationError, createCounterfoil } from '../../../src/index.js';
import { startCounterfoil, TEST_PASSWORD, type TestCounterfoil } from '../../../src/testing/index.js';

let counterfoil: TestCounterfoil;
beforeEach(async () => {
  counterfoil = await startCounterfoil();
});
afterEach(() => counterfoil.stop());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const VIEWER = '{ viewer { email name roles } }';
const REFRESH =
  'mutation ($input: RefreshInput!) { refresh(input: $input) { __typename ... on RefreshSuccess { tokens { accessToken refreshToken } } } }';

/** `viewer`, or the reason why there is none. */
async function whoIs(context: CounterfoilContext): Promise<unknown> {
  const { data, errors } = await counterfoil.run(VIEWER, context);
  return errors?.[0]?.extensions['reason'] ?? data?.['viewer'];
}

const whoSends = async (accessToken: string) => whoIs(await counterfoil.withToken(accessToken));

/** The only root field's value; an error is an error of the test. */
async function answerOf<T>(source: string, context: CounterfoilContext, variables = {}): Promise<T> {
  const { data, errors } = await counterfoil.run(source, context, variables);
  if (!data) throw new Error(`${source}: ${errors}`);
  return Object.values(data)[0] as T;
}

async function refreshed(context: CounterfoilContext, input: object): Promise<string> {
  return (await answerOf<{ __typename: string }>(REFRESH, context, { input })).__typename;
}

describe('signedInAs', () => {
  test('signs in a user, unless told whom, and an operator by that role', async () => {
    expect(await whoIs(await counterfoil.signedInAs())).toEqual({
      email: 'user@example.test',
      name: 'user',
      roles: ['USER'],
    });
    expect(await whoIs(await counterfoil.signedInAs({}, ['OPERATOR']))).toMatchObject({
      email: 'operator@example.test',
      roles: ['OPERATOR'],
    });
  });

  test('signs in the same user again on another device', async () => {
    const ada = { email: 'ada@example.test', name: 'Ada' };
    const phone = await counterfoil.signedInAs({ ...ada, deviceName: 'Phone' });
    const laptop = await counterfoil.signedInAs({ ...phone.user, deviceName: 'Laptop' });
    expect(laptop.user.id).toBe(phone.user.id);
    expect(laptop.session.id).not.toBe(phone.session.id);
    const devices = '{ viewer { name sessions { edges { node { deviceName current } } } } }';
    const { data } = await counterfoil.run(devices, laptop);
    expect(data?.['viewer']).toEqual({
      name: 'Ada',
      sessions: {
        edges: expect.arrayContaining([
          { node: { deviceName: 'Laptop', current: true } },
          { node: { deviceName: 'Phone', current: false } },
        ]),
      },
    });
  });

  test('will not pass off a user as one with other roles', async () => {
    await counterfoil.signedInAs({ email: 'ada@example.test' });
    await expect(counterfoil.signedInAs({ email: 'ada@example.test' }, ['OPERATOR'])).rejects.toThrow(
      'ada@example.test exists with the roles USER, not OPERATOR.',
    );
    const again = await counterfoil.signedInAs({ email: 'ada@example.test' }, ['USER']);
    expect(again.user.roles).toEqual(['USER']);
  });

  test('will not sign in a suspended user', async () => {
    const ada = await counterfoil.signedInAs({ email: 'ada@example.test' });
    const operator = await counterfoil.signedInAs({}, ['OPERATOR']);
    const suspend = `mutation { suspendUser(input: { userId: "${ada.user.id}", reason: "test" }) { __typename } }`;
    expect((await counterfoil.run(suspend, operator)).data?.['suspendUser']).toEqual({
      __typename: 'SuspendUserSuccess',
    });
    await expect(counterfoil.signedInAs({ email: 'ada@example.test' })).rejects.toThrow('suspended');
  });

  test('says what is wrong with an address', async () => {
    await expect(counterfoil.signedInAs({ email: 'nobody' })).rejects.toThrow('invalid-input');
  });

  test('makes users who can log in with the password of all', async () => {
    await counterfoil.signedInAs({ email: 'ada@example.test' });
    const login =
      'mutation ($input: LoginInput!) { login(input: $input) { __typename ... on LoginSuccess { viewer { email } } } }';
    const input = { email: 'ada@example.test', password: TEST_PASSWORD };
    const { data } = await counterfoil.run(login, await counterfoil.anonymous(), { input });
    expect(data?.['login']).toEqual({ __typename: 'LoginSuccess', viewer: { email: 'ada@example.test' } });
  });

  test('gives a browser its cookie, and other clients their token', async () => {
    const browser = await counterfoil.signedInAs({ delivery: 'cookie' });
    expect(await refreshed(browser, {})).toBe('RefreshSuccess');
    const app = await counterfoil.signedInAs();
    expect(await refreshed(app, {})).toBe('RefreshTokenInvalid');
    expect(await refreshed(app, { refreshToken: app.tokens.refreshToken })).toBe('RefreshSuccess');
  });
});

describe('a context', () => {
  test('of a request without credentials is nobody', async () => {
    expect(await whoIs(await counterfoil.anonymous())).toBe('missing');
  });

  test('of a request with a broken token is nobody either', async () => {
    expect(await whoSends('not.a.token')).toBe('invalid');
    const other = await startCounterfoil();
    const { tokens } = await other.signedInAs();
    expect(await whoSends(tokens.accessToken)).toBe('invalid');
    await other.stop();
  });

  test('is settled when it is made, as a request is', async () => {
    const ada = await counterfoil.signedInAs();
    counterfoil.clock.advance(DAY);
    expect(await whoIs(ada)).toMatchObject({ email: 'user@example.test' });
    expect(await whoSends(ada.tokens.accessToken)).toBe('expired');
  });
});

describe('time', () => {
  test('stands still until it is told to go', async () => {
    const before = counterfoil.clock.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(counterfoil.clock.now()).toBe(before);
    counterfoil.clock.advance(MINUTE);
    expect(counterfoil.clock.now()).toBe(before + MINUTE);
    expect(counterfoil.clock.monotonic()).toBe(MINUTE);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('does not advance by %s', (milliseconds) => {
    expect(() => counterfoil.clock.advance(milliseconds)).toThrow(RangeError);
    expect(counterfoil.clock.monotonic()).toBe(0);
  });

  test('ends an access token to the millisecond, and a refresh token goes on', async () => {
    const ada = await counterfoil.signedInAs();
    const { accessToken, accessTokenExpiresAt, refreshToken } = ada.tokens;
    counterfoil.clock.advance(accessTokenExpiresAt - counterfoil.clock.now() - 1);
    expect(await whoSends(accessToken)).toMatchObject({ email: 'user@example.test' });
    counterfoil.clock.advance(1);
    expect(await whoSends(accessToken)).toBe('expired');
    expect(await refreshed(await counterfoil.anonymous(), { refreshToken })).toBe('RefreshSuccess');
  });

  test('ends a session that nothing is heard of', async () => {
    const { tokens } = await counterfoil.signedInAs();
    counterfoil.clock.advance(15 * DAY);
    const { refreshToken } = tokens;
    expect(await refreshed(await counterfoil.anonymous(), { refreshToken })).toBe('SessionEnded');
  });

  test('takes lifetimes from the settings', async () => {
    const brief = await startCounterfoil({ settings: { accessTtl: 60, idleTtl: 120 } });
    const { tokens } = await brief.signedInAs();
    expect(tokens.accessTokenExpiresAt).toBeLessThanOrEqual(brief.clock.now() + MINUTE);
    brief.clock.advance(2 * MINUTE);
    const context = await brief.anonymous();
    const { data } = await brief.run(REFRESH, context, { input: { refreshToken: tokens.refreshToken } });
    expect(data?.['refresh']).toEqual({ __typename: 'SessionEnded' });
    await brief.stop();
  });

  test('does not revive what was revoked, however stale the knowledge of it has become', async () => {
    const ada = await counterfoil.signedInAs({ email: 'ada@example.test' });
    const bob = await counterfoil.signedInAs({ email: 'bob@example.test' });
    await counterfoil.run('mutation { logout { accessTokensDeadBy } }', ada);
    expect(await whoSends(ada.tokens.accessToken)).toBe('revoked');
    counterfoil.clock.advance(MINUTE);
    expect(await whoSends(ada.tokens.accessToken)).toBe('revoked');
    expect(await whoSends(bob.tokens.accessToken)).toMatchObject({ email: 'bob@example.test' });
  });

  test('passes the grace, after which a used refresh token ends its session', async () => {
    const { tokens } = await counterfoil.signedInAs();
    const { refreshToken } = tokens;
    const nobody = await counterfoil.anonymous();
    expect(await refreshed(nobody, { refreshToken })).toBe('RefreshSuccess');
    expect(await refreshed(nobody, { refreshToken })).toBe('RefreshSuccess');
    counterfoil.clock.advance(31_000);
    expect(await refreshed(nobody, { refreshToken })).toBe('RefreshTokenReused');
    expect(await refreshed(nobody, { refreshToken })).toBe('SessionEnded');
  });
});

describe('revocation', () => {
  const EVERYWHERE = (exceptCurrent: boolean) =>
    `mutation { logoutAllDevices(input: { exceptCurrent: ${exceptCurrent} }) { ... on LogoutAllDevicesSuccess { sessionsEnded tokens { accessToken } } } }`;

  test('of all devices is felt by the next request of each', async () => {
    const phone = await counterfoil.signedInAs();
    const laptop = await counterfoil.signedInAs();
    await counterfoil.run(EVERYWHERE(false), phone);
    for (const { tokens } of [phone, laptop]) expect(await whoSends(tokens.accessToken)).toBe('revoked');
    expect(await whoIs(await counterfoil.signedInAs())).toMatchObject({ email: 'user@example.test' });
  });

  test('of all other devices gives this one new tokens', async () => {
    const phone = await counterfoil.signedInAs();
    const laptop = await counterfoil.signedInAs();
    const { tokens } = await answerOf<{ tokens: { accessToken: string } }>(EVERYWHERE(true), phone);
    expect(await whoSends(tokens.accessToken)).toMatchObject({ email: 'user@example.test' });
    expect(await whoSends(laptop.tokens.accessToken)).toBe('revoked');
  });

  test('of a signing key ends its tokens, and no session', async () => {
    const operator = await counterfoil.signedInAs({}, ['OPERATOR']);
    const ada = await counterfoil.signedInAs();
    const keys = await answerOf<{ kid: string; state: string }[]>('{ signingKeys { kid state } }', operator);
    const kid = keys.find(({ state }) => state === 'ACTIVE')?.kid;
    const revoke = `mutation { revokeSigningKey(input: { kid: "${kid}", reason: "leaked" }) { __typename } }`;
    expect(await answerOf(revoke, operator)).toEqual({ __typename: 'RevokeSigningKeySuccess' });
    const context = await counterfoil.withToken(ada.tokens.accessToken);
    const { errors } = await counterfoil.run(VIEWER, context);
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await refreshed(ada, { refreshToken: ada.tokens.refreshToken })).toBe('RefreshSuccess');
  });
});

describe('instances', () => {
  test('know nothing of one another', async () => {
    const other = await startCounterfoil();
    await counterfoil.signedInAs({ email: 'ada@example.test' });
    const operator = await other.signedInAs({}, ['OPERATOR']);
    const { data } = await other.run('{ users { edges { node { email } } } }', operator);
    expect(data?.['users']).toEqual({ edges: [{ node: { email: 'operator@example.test' } }] });
    await other.stop();
  });

  test('are refused with every problem of their settings named', async () => {
    const settings = { accessTtl: -1, argon2: 'strong' };
    const fault: unknown = await startCounterfoil({ settings }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ConfigurationError);
    const { problems } = fault as ConfigurationError;
    expect(problems.map(({ variable }) => variable)).toEqual([
      'COUNTERFOIL_ACCESS_TTL',
      'COUNTERFOIL_ARGON2',
    ]);
  });

  test('offer all that an embedding server gets from createCounterfoil', async () => {
    const real = await createCounterfoil({ database: 'file::memory:', masterKey: 'ab'.repeat(32) });
    const offered = new Set(Object.keys(counterfoil));
    expect(Object.keys(real).filter((name) => !offered.has(name))).toEqual([]);
    await real.stop();
  });
});
