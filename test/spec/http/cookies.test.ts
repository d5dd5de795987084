/**
 * The refresh cookie: what it looks like, what a strict browser makes of it, and that the token in it is nowhere else
 * (ASVS V3.3, V14.2.1, V14.3.1).
 */

import { CookieJar } from 'tough-cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, COOKIE, mutation, PASSWORD, type Payload } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';

const URL = 'https://auth.example.test/graphql';

let at: Loopback;

beforeAll(async () => {
  at = await startLoopback({ settings: { issuer: 'https://auth.example.test' } });
  await at.user('browser@example.test');
});

afterAll(() => at.stop());

const credentials = { email: 'browser@example.test', password: PASSWORD };
const cookie = (value: string) => ({ cookie: `${COOKIE}=${value}` });

async function post(query: string, variables: unknown, headers: Record<string, string> = {}) {
  const response = await at.post(query, variables, headers);
  const text = await response.text();
  const { data = null } = JSON.parse(text) as { data?: Record<string, Payload> | null };
  return { response, text, payload: Object.values(data ?? {})[0], cookies: response.headers.getSetCookie() };
}

/** The value of the one cookie that an answer sets. */
function valueIn(cookies: string[]): string {
  expect(cookies).toHaveLength(1);
  return /^__Host-counterfoil=([^;]*)/.exec(cookies[0] ?? '')?.[1] ?? '';
}

async function loginByCookie(headers: Record<string, string> = {}) {
  const answer = await post(mutation('login'), { input: { ...credentials, delivery: 'COOKIE' } }, headers);
  return { ...answer, refreshToken: valueIn(answer.cookies) };
}

describe('a cookie', () => {
  it('is bound to this host, hidden from scripts, and sent to no request of another site', async () => {
    const { cookies } = await loginByCookie();
    const [pair = '', ...attributes] = (cookies[0] ?? '').split('; ');
    expect(pair).toMatch(/^__Host-counterfoil=cfr_[\w-]+$/);
    expect(attributes.map((attribute) => attribute.replace(/^Max-Age=\d+$/, 'Max-Age'))).toEqual([
      'Max-Age',
      'Path=/',
      'HttpOnly',
      'Secure',
      'SameSite=Strict',
    ]);
    expect(attributes[0]).toBe(`Max-Age=${14 * 86_400}`);
    expect(pair.length).toBeLessThan(4096);
  });

  it('is stored by a jar that enforces prefixes, and kept from other hosts and from plain HTTP', async () => {
    const { cookies, refreshToken } = await loginByCookie();
    const jar = new CookieJar(undefined, { prefixSecurity: 'strict' });
    await jar.setCookie(cookies[0] ?? '', URL);
    expect(await jar.getCookieString(URL)).toBe(`${COOKIE}=${refreshToken}`);
    expect(await jar.getCookieString('https://example.test/graphql')).toBe('');
    expect(await jar.getCookieString('https://sub.auth.example.test/graphql')).toBe('');
    expect(await jar.getCookieString('http://auth.example.test/graphql')).toBe('');
    expect(await jar.getCookieString(URL, { sameSiteContext: 'none' })).toBe('');
  });

  it('outlives its session by nothing: near the absolute expiry it lives as long as that', async () => {
    const server = await startLoopback({ settings: { idleTtl: 1000, absoluteTtl: 1500 } });
    try {
      const client = await server.signedIn('browser@example.test', ['USER'], { delivery: 'COOKIE' });
      server.pass(900);
      const answer = await server.post(mutation('refresh'), { input: {} }, cookie(client.cookie ?? ''));
      expect(answer.headers.getSetCookie()[0]).toContain('Max-Age=600;');
    } finally {
      await server.stop();
    }
  });
});

describe('COOKIE delivery', () => {
  it.each(['register', 'login', 'refresh'] as const)(
    'puts the token in Set-Cookie and nowhere else: %s',
    async (name) => {
      const { refreshToken: held } = await loginByCookie();
      const input = {
        register: { ...credentials, email: 'new-browser@example.test', delivery: 'COOKIE' },
        login: { ...credentials, delivery: 'COOKIE' },
        refresh: { idempotencyKey: 'k'.repeat(32) },
      }[name];
      const { response, text, payload, cookies } = await post(
        mutation(name),
        { input },
        name === 'refresh' ? cookie(held) : {},
      );
      const refreshToken = valueIn(cookies);
      expect(payload?.tokens).toMatchObject({
        accessToken: expect.stringMatching(/^ey/),
        refreshToken: null,
      });
      expect(text).not.toContain(refreshToken);
      expect(text).not.toContain('cfr_');
      for (const [header, value] of response.headers) {
        if (header !== 'set-cookie') expect(value).not.toContain('cfr_');
      }
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('goes on by cookie, whatever a refresh says: the token given in the body comes back as a cookie', async () => {
    const { refreshToken } = await loginByCookie();
    const { payload, cookies } = await post(mutation('refresh'), { input: { refreshToken } });
    expect(payload?.tokens?.refreshToken).toBeNull();
    expect(valueIn(cookies)).toMatch(/^cfr_/);
  });
});

describe('BODY delivery', () => {
  it.each(['register', 'login', 'refresh'] as const)('sets no cookie: %s', async (name) => {
    const held = (await post(mutation('login'), { input: credentials })).payload?.tokens?.refreshToken;
    const input = {
      register: { ...credentials, email: 'new-program@example.test' },
      login: credentials,
      refresh: { refreshToken: held },
    }[name];
    const { response, payload, cookies } = await post(mutation(name), { input });
    expect(payload?.tokens?.refreshToken).toMatch(/^cfr_/);
    expect(cookies).toEqual([]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the ways out', () => {
  const expectForgotten = ({ response, cookies }: Awaited<ReturnType<typeof post>>) => {
    expect(cookies).toEqual([`${COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict`]);
    expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"');
  };

  it('logout empties the cookie and the browser, and the token in it is dead', async () => {
    const { refreshToken } = await loginByCookie();
    expectForgotten(await post('mutation { logout { accessTokensDeadBy } }', {}, cookie(refreshToken)));
    const again = await post(mutation('refresh'), { input: {} }, cookie(refreshToken));
    expect(again.payload?.__typename).toBe('SessionEnded');
  });

  it('so do logoutAllDevices, logoutDevice of this device, and deleteAccount', async () => {
    await at.user('leaving@example.test');
    const client: Client = await at.signedIn('leaving@example.test', ['USER'], { delivery: 'COOKIE' });
    const bearer = () => ({ authorization: `Bearer ${client.accessToken}` });
    const own = await client.read<{ id: string }>('{ session { id } }');
    expectForgotten(await post(mutation('logoutDevice'), { input: { sessionId: own.id } }, bearer()));
    await client.login('leaving@example.test', PASSWORD, { delivery: 'COOKIE' });
    expectForgotten(await post(mutation('logoutAllDevices'), { input: {} }, bearer()));
    await client.login('leaving@example.test', PASSWORD, { delivery: 'COOKIE' });
    expectForgotten(await post(mutation('deleteAccount'), { input: { password: PASSWORD } }, bearer()));
  });

  it('logoutDevice of another device leaves this one’s cookie alone', async () => {
    const here = await at.signedIn('browser@example.test', ['USER'], { delivery: 'COOKIE' });
    const there = await at.signedIn('browser@example.test', ['USER'], { delivery: 'COOKIE' });
    const { id } = await there.read<{ id: string }>('{ session { id } }');
    const answer = await post(
      mutation('logoutDevice'),
      { input: { sessionId: id } },
      { authorization: `Bearer ${here.accessToken}` },
    );
    expect(answer.payload?.__typename).toBe('LogoutDeviceSuccess');
    expect(answer.cookies).toEqual([]);
  });
});

describe('a cookie of a session that lives on', () => {
  const refresh = (token: string) => post(mutation('refresh'), { input: {} }, cookie(token));
  const expectKept = async (answer: Awaited<ReturnType<typeof post>>, held: string) => {
    expect(answer.cookies).toEqual([]);
    expect(answer.response.headers.get('clear-site-data')).toBeNull();
    expect((await refresh(held)).payload?.__typename).toBe('RefreshSuccess');
  };

  it.each([
    ['logoutDevice', (id: string) => ({ sessionId: id })],
    ['logoutAllDevices', () => ({})],
    ['deleteAccount', () => ({ password: PASSWORD })],
  ] as const)('is left by %s of a token beside it', async (name, inputOf) => {
    const { refreshToken: held } = await loginByCookie();
    const program = await at.signedIn(`${name.toLowerCase()}@example.test`);
    const { id } = await program.read<{ id: string }>('{ session { id } }');
    const headers = { authorization: `Bearer ${program.accessToken}`, ...cookie(held) };
    const answer = await post(mutation(name), { input: inputOf(id) }, headers);
    expect(answer.payload?.__typename).toMatch(/Success$/);
    await expectKept(answer, held);
  });

  it('is cleared by logout, which ends its session, too, and where it is good for nothing', async () => {
    const { refreshToken: held } = await loginByCookie();
    const program = await at.signedIn('both@example.test');
    const bearer = { authorization: `Bearer ${program.accessToken}` };
    const both = await post('mutation { logout { accessTokensDeadBy } }', {}, { ...bearer, ...cookie(held) });
    expect(both.cookies).toHaveLength(1);
    expect((await refresh(held)).payload?.__typename).toBe('SessionEnded');
    await program.login('both@example.test');
    const again = { authorization: `Bearer ${program.accessToken}`, ...cookie(held) };
    expect((await post(mutation('logoutAllDevices'), { input: {} }, again)).cookies).toHaveLength(1);
  });
});

describe('fixation', () => {
  it.each(['login', 'register'] as const)(
    '%s never goes on with the cookie it was sent: it is replaced, and its session ends',
    async (name) => {
      const { refreshToken: planted } = await loginByCookie();
      const input = {
        ...credentials,
        delivery: 'COOKIE',
        ...(name === 'register' ? { email: 'fixed@example.test' } : {}),
      };
      const { payload, cookies } = await post(mutation(name), { input }, cookie(planted));
      expect(payload?.__typename).toMatch(/Success$/);
      expect(valueIn(cookies)).not.toBe(planted);
      const again = await post(mutation('refresh'), { input: {} }, cookie(planted));
      expect(again.payload?.__typename).toBe('SessionEnded');
    },
  );

  it('a failed login leaves the session of the cookie alone', async () => {
    const { refreshToken } = await loginByCookie();
    const failed = await post(
      mutation('login'),
      { input: { ...credentials, password: 'not the password', delivery: 'COOKIE' } },
      cookie(refreshToken),
    );
    expect(failed.payload?.__typename).toBe('InvalidCredentials');
    expect(failed.cookies).toEqual([]);
    const again = await post(mutation('refresh'), { input: {} }, cookie(refreshToken));
    expect(again.payload?.__typename).toBe('RefreshSuccess');
  });

  it('a cookie that nobody issued is not taken up', async () => {
    const planted = `cfr_${'A'.repeat(67)}`;
    const { cookies } = await loginByCookie(cookie(planted));
    expect(valueIn(cookies)).not.toBe(planted);
  });
});
