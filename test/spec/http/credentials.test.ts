/** Where credentials are read from, and where never; which counts when there are two (ASVS V14.2.1; RFC 6750 §2, §5.3). */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiError, type Client, COOKIE, mutation, PASSWORD } from '../../support/api.js';
import { type Loopback, sendRaw, startLoopback } from '../../support/loopback.js';
import { parsed } from './answers.js';

let at: Loopback;
let ada: Client;
let bob: Client;
let stateful: Loopback;

beforeAll(async () => {
  at = await startLoopback();
  stateful = await startLoopback({ settings: { model: 'stateful' } });
  ada = await at.signedIn('ada@example.test');
  bob = await at.signedIn('bob@example.test', ['USER'], { delivery: 'COOKIE' });
});

afterAll(async () => {
  await stateful.stop();
  await at.stop();
});

async function whoIs(headers: Record<string, string>, search = ''): Promise<string | undefined> {
  const answer = await at.fetch(`/graphql${search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { email } }' }),
  });
  const { data, errors } = (await answer.json()) as {
    data: { viewer: { email: string } | null } | null;
    errors?: ApiError[];
  };
  return data?.viewer?.email ?? errors?.[0]?.extensions.code;
}

describe('a URL', () => {
  it.each(['access_token', 'accessToken', 'token', 'authorization', 'bearer', 'jwt', 'Bearer'])(
    'carries no credential: %s is ignored',
    async (name) => {
      expect(await whoIs({}, `?${name}=${ada.accessToken}`)).toBe('UNAUTHENTICATED');
    },
  );

  it('carries no credential in its user information or fragment either', async () => {
    const request = `POST http://u:${ada.accessToken}@a/graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n{"query":"{ viewer { email } }"}`;
    expect(parsed(await sendRaw(at.port, request)).body).toContain('UNAUTHENTICATED');
  });

  it('does not carry a login: a sign-in by GET is refused even with the header that lets queries by', async () => {
    const search = new URLSearchParams({
      query: 'mutation { login(input: {email: "a", password: "b"}) { __typename } }',
    });
    const answer = await at.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(answer.status).toBe(405);
  });
});

describe('a body', () => {
  it.each(['access_token', 'accessToken', 'authorization'])(
    'carries no access token beside the query: %s',
    async (name) => {
      const answer = await at.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: '{ viewer { email } }',
          [name]: ada.accessToken,
          extensions: { [name]: ada.accessToken },
        }),
      });
      expect(await answer.text()).toContain('UNAUTHENTICATED');
    },
  );
});

describe('an Authorization header', () => {
  it('is read whatever the case of its scheme and with spaces around its token', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect(await whoIs({ authorization: `${scheme}   ${ada.accessToken} ` })).toBe('ada@example.test');
    }
  });

  it.each([
    ['another scheme', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['the scheme alone', () => 'Bearer'],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['two tokens by comma', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['quotes', (token: string) => `Bearer "${token}"`],
    ['a scheme that is glued on', (token: string) => `Bearer${token}`],
    ['DPoP', (token: string) => `DPoP ${token}`],
  ])('proves nothing with %s', async (_name, header) => {
    expect(await whoIs({ authorization: header(ada.accessToken ?? '') })).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['the good one first', () => [`Bearer ${ada.accessToken}`, 'Bearer x']],
    ['the good one last', () => ['Bearer x', `Bearer ${ada.accessToken}`]],
    ['the same one twice', () => [`Bearer ${ada.accessToken}`, `Bearer ${ada.accessToken}`]],
  ])('proves nothing when it comes twice: %s', async (_name, values) => {
    const body = JSON.stringify({ query: '{ viewer { email } }' });
    const lines = values().map((value) => `Authorization: ${value}\r\n`);
    const request = `POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join('')}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expect(parsed(await sendRaw(at.port, request)).body).toContain('UNAUTHENTICATED');
  });

  it.each([
    'proxy-authorization',
    'x-authorization',
    'x-access-token',
    'x-forwarded-access-token',
    'x-auth-request-user',
    'x-remote-user',
    'x-forwarded-user',
  ])('has no substitute: %s', async (name) => {
    expect(await whoIs({ [name]: `Bearer ${ada.accessToken}` })).toBe('UNAUTHENTICATED');
  });
});

describe('a header and a cookie of different people', () => {
  it('the access token says who calls; the cookie says nothing about that', async () => {
    const both = { authorization: `Bearer ${ada.accessToken}`, cookie: `${COOKIE}=${bob.cookie}` };
    expect(await whoIs(both)).toBe('ada@example.test');
    const bad = { authorization: 'Bearer x', cookie: `${COOKIE}=${bob.cookie}` };
    expect(await whoIs(bad)).toBe('UNAUTHENTICATED');
  });

  it('the refresh token of the body goes before the cookie', async () => {
    const answer = await at.post(
      mutation('refresh'),
      { input: { refreshToken: ada.refreshToken } },
      { cookie: `${COOKIE}=${bob.cookie}` },
    );
    const { data } = (await answer.json()) as { data: { refresh: { tokens: { refreshToken: string } } } };
    expect(data.refresh.tokens.refreshToken).toMatch(/^cfr_/);
    expect(answer.headers.has('set-cookie')).toBe(false);
    // And the one of the cookie has not been used up.
    expect((await bob.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('an access token in the cookie, or a refresh token in the header, is neither', async () => {
    expect(await whoIs({ cookie: `${COOKIE}=${ada.accessToken}` })).toBe('UNAUTHENTICATED');
    expect(await whoIs({ authorization: `Bearer ${ada.refreshToken}` })).toBe('UNAUTHENTICATED');
  });

  it('a cookie without its prefix is somebody else’s', async () => {
    const answer = await at.post(
      mutation('refresh'),
      { input: {} },
      { cookie: `counterfoil=${bob.cookie}; __Secure-counterfoil=${bob.cookie}` },
    );
    expect(await answer.text()).toContain('RefreshTokenInvalid');
  });
});

describe('the header counterfoil-session', () => {
  const idOf = async (client: Client) => (await client.read<{ id: string }>('{ session { id } }')).id;

  it('names the session that a client takes itself to be: a cookie or token of another proves nothing', async () => {
    const browser = await stateful.signedIn('ada@example.test', ['USER'], { delivery: 'COOKIE' });
    const other = await stateful.signedIn('bob@example.test', ['USER'], { delivery: 'COOKIE' });
    const ask = async (headers: Record<string, string>) =>
      (await stateful.post('{ viewer { email } }', {}, headers)).text();
    const cookie = `${COOKIE}=${browser.cookie}`;
    expect(await ask({ cookie })).toContain('ada@example.test');
    expect(await ask({ cookie, 'counterfoil-session': await idOf(browser) })).toContain('ada@example.test');
    for (const meant of [await idOf(other), '', 'x']) {
      const refused = await ask({ cookie, 'counterfoil-session': meant });
      expect(refused).toContain('UNAUTHENTICATED');
      expect(refused).not.toContain('ada@example.test');
    }
    const bearer = { authorization: `Bearer ${ada.accessToken}` };
    expect(await whoIs({ ...bearer, 'counterfoil-session': await idOf(ada) })).toBe('ada@example.test');
    expect(await whoIs({ ...bearer, 'counterfoil-session': await idOf(other) })).toBe('UNAUTHENTICATED');
  });

  it.each(['hybrid', 'stateful', 'stateless'] as const)(
    'keeps a cookie of another from being used up, ended or taken away: %s',
    async (model) => {
      const server = await startLoopback({ settings: { model } });
      try {
        // The stateless model knows no session to ask about later.
        const signIn = async (email: string) => {
          await server.user(email);
          const client = server.client();
          const { session } = await client.login(email, PASSWORD, { delivery: 'COOKIE' });
          return { client, id: session?.id ?? '' };
        };
        const [mine, theirs] = [await signIn('ada@example.test'), await signIn('bob@example.test')];
        const ask = (query: string, meant: string) =>
          server.post(
            query,
            { input: {} },
            { cookie: `${COOKIE}=${theirs.client.cookie}`, 'counterfoil-session': meant },
          );
        const logout = 'mutation { logout { accessTokensDeadBy } }';
        const loggedOut = await ask(logout, mine.id);
        expect(await loggedOut.text()).toContain('UNAUTHENTICATED');
        const refreshed = await ask(mutation('refresh'), mine.id);
        expect(await refreshed.text()).toContain('RefreshTokenInvalid');
        for (const { headers } of [loggedOut, refreshed]) {
          expect(headers.getSetCookie()).toEqual([]);
          expect(headers.has('clear-site-data')).toBe(false);
        }
        expect((await theirs.client.refresh()).__typename).toBe('RefreshSuccess');
        const own = await server.post(
          logout,
          {},
          { cookie: `${COOKIE}=${theirs.client.cookie}`, 'counterfoil-session': theirs.id },
        );
        expect(await own.text()).toContain('accessTokensDeadBy');
        expect(own.headers.getSetCookie()).toHaveLength(1);
      } finally {
        await server.stop();
      }
    },
  );

  it('a token and the cookie of another: only the session that is meant is ended, and the cookie stays', async () => {
    const program = await at.signedIn('ada@example.test');
    const browser = await at.signedIn('bob@example.test', ['USER'], { delivery: 'COOKIE' });
    const answer = await at.post(
      'mutation { logout { accessTokensDeadBy } }',
      {},
      {
        authorization: `Bearer ${program.accessToken}`,
        cookie: `${COOKIE}=${browser.cookie}`,
        'counterfoil-session': await idOf(program),
      },
    );
    expect(await answer.text()).toContain('accessTokensDeadBy');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await program.whoAmI()).toBe('UNAUTHENTICATED');
    expect((await browser.refresh()).__typename).toBe('RefreshSuccess');
  });
});
