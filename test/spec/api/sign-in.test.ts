/** register, login and refresh, payload by payload. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, mutation, PASSWORD, startApi, type Tokens } from '../../support/api.js';
import { decodeJwt } from '../../support/jwt.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const ms = (instant: string | null | undefined) => Date.parse(instant ?? '');

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.user('ada@example.test');
});
afterAll(() => api.stop());

const register = (more: Record<string, unknown>) =>
  api.client().mutate('register', { email: 'new@example.test', password: PASSWORD, ...more });

describe('register', () => {
  it('makes an account and signs it in on this device', async () => {
    const client = api.client('203.0.113.5');
    const input = { email: ' Grace@Example.test ', password: PASSWORD, name: 'Grace', deviceName: 'Laptop' };
    const { __typename, viewer, session, tokens } = await client.mutate('register', input);
    expect(__typename).toBe('RegisterSuccess');
    expect(viewer).toEqual({ id: expect.any(String), email: 'Grace@Example.test', name: 'Grace' });
    expect(session).toMatchObject({ deviceName: 'Laptop', ipAddress: '203.0.113.5', current: true });
    expect(tokens?.tokenType).toBe('Bearer');
    expect(await client.whoAmI()).toBe(viewer?.id);
  });

  it('calls the user by the address when no name is given', async () => {
    const { viewer } = await register({ email: 'linus@example.test' });
    expect(viewer?.name).toBe('linus');
  });

  it('EmailTaken: in any spelling of the same address, and by one of two at once', async () => {
    for (const email of [
      'ada@example.test',
      'ADA@EXAMPLE.TEST',
      ' ada@example.test',
      '\uff41da@example.test',
    ])
      expect((await register({ email })).__typename).toBe('EmailTaken');
    const both = await Promise.all([1, 2].map(() => register({ email: 'race@example.test' })));
    expect(both.map(({ __typename }) => __typename).sort()).toEqual(['EmailTaken', 'RegisterSuccess']);
  });

  it.each([
    ['short', ['The password must have at least 12 characters.']],
    [
      'password1234',
      ['The password is a common one, or a common one repeated or with a few characters added.'],
    ],
    ['new is not so secret', []],
  ])('WeakPassword says every reason: %s', async (password, reasons) => {
    const payload = await register({ email: 'weak@example.test', name: 'Somebody', password });
    if (reasons.length === 0) expect(payload.__typename).toBe('RegisterSuccess');
    else
      expect(payload).toMatchObject({ __typename: 'WeakPassword', reasons: expect.arrayContaining(reasons) });
  });

  it('WeakPassword: neither the product’s name nor the user’s own', async () => {
    for (const password of ['my counterfoil word', 'valentina and more', 'grosskopf and more']) {
      const payload = await register({ email: 'valentina@example.test', name: 'V. Grosskopf', password });
      expect(payload.__typename).toBe('WeakPassword');
    }
  });

  it('a name that is not what it looks like is refused, and one with nothing to see is none', async () => {
    const { __typename, problems } = await register({ email: 'rlo@example.test', name: 'ada\u202Enimda' });
    expect([__typename, problems?.map(({ field }) => field)]).toEqual(['InvalidInput', ['name']]);
    const unseen = await register({ email: 'unseen@example.test', name: '\u200B \u3164' });
    expect(unseen.viewer?.name).toBe('unseen');
  });

  it('InvalidInput names the field', async () => {
    for (const email of [
      '',
      'ada',
      'ada@',
      '@example.test',
      'a da@example.test',
      'ada@example',
      `${'a'.repeat(250)}@example.test`,
    ]) {
      const payload = await register({ email, name: 'Somebody' });
      expect(payload.problems, email).toEqual([{ field: 'email', message: 'This is not an email address.' }]);
    }
    const { problems } = await register({ email: 'nope', name: `${'x'.repeat(101)}\u0000` });
    expect(problems?.map(({ field }) => field)).toEqual(['email', 'name', 'name']);
  });
});

describe('login', () => {
  it('BODY: the refresh token is in the body and in no cookie', async () => {
    const answer = await api.client().send(mutation('login'), {
      input: { email: 'ada@example.test', password: PASSWORD, delivery: 'BODY' },
    });
    expect(answer.body).toContain('cfr_');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('COOKIE: the refresh token is in a __Host- cookie and nowhere in the body', async () => {
    const client = api.client();
    const answer = await client.send(mutation('login'), {
      input: { email: 'ada@example.test', password: PASSWORD, delivery: 'COOKIE' },
    });
    expect(answer.body).not.toContain('cfr_');
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-counterfoil=cfr_[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('InvalidCredentials: a wrong password and an unknown address look the same to the byte', async () => {
    const send = (email: string, password: string) =>
      api.client().send(mutation('login'), { input: { email, password } });
    const answers = [
      await send('ada@example.test', 'not her password'),
      await send('nobody@example.test', 'not her password'),
      await send('nobody@example.test', PASSWORD),
      await send('', ''),
    ];
    const seen = answers.map(({ status, headers: { date: _, ...headers }, body }) => ({
      status,
      headers,
      body,
    }));
    expect(new Set(seen.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.data).toMatchObject({ login: { __typename: 'InvalidCredentials' } });
  });

  it('a password counts to its last character: nothing is trimmed, folded or cut', async () => {
    const password = `${'lantern meadow copper '.repeat(5)}and\u0000so on`;
    await api.client().mutate('register', { email: 'exact@example.test', password });
    const wrong = [
      password.slice(0, -1),
      `${password} `,
      ` ${password}`,
      password.toUpperCase(),
      password.split('\u0000')[0],
    ];
    for (const attempt of wrong)
      expect((await api.client().login('exact@example.test', attempt)).__typename).toBe('InvalidCredentials');
    expect((await api.client().login('exact@example.test', password)).__typename).toBe('LoginSuccess');
  });

  it('AccountSuspended: to whoever knows the password, and to nobody else', async () => {
    const user = await api.user('suspended@example.test');
    const operator = await api.signedIn('operator@example.test', ['OPERATOR']);
    await operator.mutate('suspendUser', { userId: user.id, reason: 'test' });
    expect((await api.client().login(user.email)).__typename).toBe('AccountSuspended');
    const wrong = await api.client().login(user.email, 'not the password');
    expect(wrong).toEqual(await api.client().login('nobody@example.test', 'not the password'));
  });

  it('two logins have nothing in common but the user', async () => {
    const [one, two] = [await api.signedIn('ada@example.test'), await api.signedIn('ada@example.test')];
    expect(one.accessToken).not.toBe(two.accessToken);
    expect(one.refreshToken).not.toBe(two.refreshToken);
    expect(await one.whoAmI()).toBe(await two.whoAmI());
  });

  it('fixation: a browser that signs in with a cookie it was handed gets another, and the old one is dead', async () => {
    const planted = await api.signedIn('mallory@example.test', ['USER'], { delivery: 'COOKIE' });
    const browser = api.client();
    browser.cookie = planted.cookie;
    await browser.login('ada@example.test', PASSWORD, { delivery: 'COOKIE' });
    expect(browser.cookie).not.toBe(planted.cookie);
    expect((await planted.refresh()).__typename).toBe('SessionEnded');
    expect((await browser.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('a device is called what it calls itself, in one line of at most 64 characters', async () => {
    const name = async (deviceName: string | null) =>
      (await api.client().login('ada@example.test', PASSWORD, { deviceName })).session?.deviceName;
    expect(await name(' a\nb\u0000c ')).toBe('a b c');
    expect(await name('🔑'.repeat(100))).toBe('🔑'.repeat(64));
    expect(await name(null)).toBeNull();
    expect(await name('  ')).toBeNull();
  });
});

describe('tokens', () => {
  it('tell their times as ISO 8601 instants in UTC, and agree with the JWT', async () => {
    const { tokens, session } = await api.client().login('ada@example.test');
    const all = [
      tokens?.accessTokenExpiresAt,
      tokens?.refreshTokenExpiresAt,
      tokens?.serverTime,
      session?.createdAt,
      session?.expiresAt,
    ];
    for (const instant of all) expect(instant).toMatch(INSTANT);
    expect(ms(tokens?.serverTime)).toBe(api.counterfoil.clock.now());
    const claims = decodeJwt(tokens?.accessToken ?? '');
    expect(claims.exp * 1000).toBe(ms(tokens?.accessTokenExpiresAt));
    expect(session?.expiresAt).toBe(tokens?.refreshTokenExpiresAt);
  });

  it('live 300 s, or up to 5 % less so that clients do not all refresh at once', async () => {
    const client = await api.signedIn('ada@example.test');
    const lives: number[] = [];
    for (let n = 0; n < 200; n++) {
      const { tokens } = await client.refresh({ idempotencyKey: `key ${n}` });
      const claims = decodeJwt(tokens?.accessToken ?? '');
      lives.push(claims.exp - claims.iat);
    }
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(285);
    expect(Math.max(...lives)).toBeLessThanOrEqual(300);
    expect(new Set(lives).size).toBeGreaterThan(5);
  });
});

describe('refresh', () => {
  it('RefreshSuccess: another pair of tokens for the same session', async () => {
    const client = await api.signedIn('ada@example.test');
    const before = { access: client.accessToken, refresh: client.refreshToken };
    const payload = await client.refresh();
    expect(payload.__typename).toBe('RefreshSuccess');
    expect(payload.tokens?.accessToken).not.toBe(before.access);
    expect(payload.tokens?.refreshToken).not.toBe(before.refresh);
    expect(payload.session?.current).toBe(true);
  });

  it('a repeated refresh with its idempotency key gets the same successor, of the same generation, however late', async () => {
    const client = await api.signedIn('ada@example.test');
    const input = { refreshToken: client.refreshToken, idempotencyKey: 'one refresh' };
    const first = await api.client().mutate('refresh', input);
    api.pass(86_400);
    const again = await api.client().mutate('refresh', input);
    expect(again.tokens?.refreshToken).toBe(first.tokens?.refreshToken);
    expect([first, again].map(({ session }) => session?.generation)).toEqual([1, 1]);
  });

  it.each([
    ['none', {}],
    ['null', { refreshToken: null }],
    ['an empty one', { refreshToken: '' }],
    ['garbage', { refreshToken: 'cfr_garbage' }],
    ['an access token', null],
  ])('RefreshTokenInvalid: %s; and nothing has ended', async (_, input) => {
    const client = await api.signedIn('ada@example.test');
    const sent = input ?? { refreshToken: client.accessToken };
    expect((await api.client().mutate('refresh', sent)).__typename).toBe('RefreshTokenInvalid');
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('RefreshTokenInvalid: a token with one bit changed, at every byte', async () => {
    const client = await api.signedIn('ada@example.test');
    const bytes = Buffer.from((client.refreshToken ?? '').slice(4), 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      const { __typename } = await api
        .client()
        .mutate('refresh', { refreshToken: `cfr_${changed.toString('base64url')}` });
      expect(__typename).toBe('RefreshTokenInvalid');
    }
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(257)],
  ])(
    'BAD_USER_INPUT: an idempotency key that is %s says nothing of the token, and nothing has ended',
    async (_, idempotencyKey) => {
      const client = await api.signedIn('ada@example.test');
      const refresh = 'mutation ($input: RefreshInput!) { refresh(input: $input) { __typename } }';
      const input = { refreshToken: client.refreshToken, idempotencyKey };
      const { errors } = await client.send(refresh, { input });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
      expect((await client.refresh()).__typename).toBe('RefreshSuccess');
    },
  );

  it('RefreshTokenReused: a token of two generations ago; then the session is over for everybody', async () => {
    const client = await api.signedIn('ada@example.test');
    const stolen = client.refreshToken;
    await client.refresh();
    await client.refresh();
    expect((await api.client().mutate('refresh', { refreshToken: stolen })).__typename).toBe(
      'RefreshTokenReused',
    );
    expect((await client.refresh()).__typename).toBe('SessionEnded');
    expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
  });

  it('RefreshTokenReused: the last token without its key, after the grace', async () => {
    const client = await api.signedIn('ada@example.test');
    const stolen = client.refreshToken;
    await client.refresh();
    api.pass(31);
    expect((await api.client().mutate('refresh', { refreshToken: stolen })).__typename).toBe(
      'RefreshTokenReused',
    );
  });

  it('SessionEnded: after logout, even with the present token', async () => {
    const client = await api.signedIn('ada@example.test');
    await client.send('mutation { logout { accessTokensDeadBy } }');
    expect((await client.refresh()).__typename).toBe('SessionEnded');
  });

  it('a cookie-delivered session is never answered in the body, and a body-delivered one never in a cookie', async () => {
    const browser = await api.signedIn('ada@example.test', ['USER'], { delivery: 'COOKIE' });
    const token = browser.cookie;
    const answer = await api.client().send(mutation('refresh'), { input: { refreshToken: token } });
    expect(answer.body).not.toContain('cfr_');
    expect(String(answer.headers['set-cookie'])).toContain('__Host-counterfoil=cfr_');
    const native = await api.signedIn('ada@example.test');
    const other = await native.send(mutation('refresh'), { input: { refreshToken: native.refreshToken } });
    expect(other.headers['set-cookie']).toBeUndefined();
  });
});

describe('lifetimes', () => {
  const DAY = 86_400;

  it('idle: a session that is not refreshed for 14 days is over', async () => {
    const [kept, left] = [await api.signedIn('ada@example.test'), await api.signedIn('ada@example.test')];
    api.pass(13 * DAY);
    expect((await kept.refresh()).__typename).toBe('RefreshSuccess');
    api.pass(DAY);
    expect((await left.refresh()).__typename).toBe('SessionEnded');
    expect((await kept.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('absolute: refreshing every hour keeps a session for 90 days and not a second longer', async () => {
    const client = await api.signedIn('ada@example.test');
    const endsAt = api.counterfoil.clock.now() + 90 * DAY * 1000;
    const session = decodeJwt(client.accessToken ?? '');
    for (let hour = 1; hour < 90 * 24; hour++) {
      api.pass(3600);
      const payload = await client.mutate('refresh', { refreshToken: client.refreshToken });
      expect(payload.__typename).toBe('RefreshSuccess');
      if (hour % 240 === 0) {
        const { exp: _, iat: __, jti: ___, ...lasting } = decodeJwt(client.accessToken ?? '');
        expect(session).toMatchObject(lasting);
      }
    }
    const { tokens } = await client.refresh();
    expect(ms(tokens?.refreshTokenExpiresAt)).toBe(endsAt);
    api.pass(3599);
    const last: Tokens | null | undefined = (await client.refresh()).tokens;
    expect(ms(last?.accessTokenExpiresAt)).toBeLessThanOrEqual(endsAt);
    api.pass(1);
    expect((await client.refresh()).__typename).toBe('SessionEnded');
  });

  it('an access token is refused from the second it expires, with the reason', async () => {
    const client = await api.signedIn('ada@example.test');
    api.pass(301);
    const { errors } = await client.send('{ viewer { id } }');
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'expired' });
  });
});
