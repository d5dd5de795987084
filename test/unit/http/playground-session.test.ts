/** Which tokens the playground keeps: the script as the page runs it, in a context of its own, and answers made up. */

import { createContext, runInContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { BEFORE_GRAPHIQL, COOKIE_CAME } from '../../../src/http/playground-session.js';

const KEPT = 'counterfoil:access-token';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (sid: string, jti = 1) =>
  `${part({ alg: 'ES256' })}.${part({ sid, jti, name: 'ÿ>?' })}.signature`;

let storage: Map<string, string>;
let answer: Response;
let sent: { url: string; init: RequestInit }[];
let page: { fetch(url: string, init?: RequestInit): Promise<Response> };

beforeEach(() => {
  storage = new Map();
  sent = [];
  page = {
    fetch: async (url, init = {}) => {
      sent.push({ url, init });
      return answer;
    },
  };
  const sessionStorage = {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, value: string) => storage.set(name, value),
  };
  const location = { href: 'http://localhost:4000/graphql' };
  runInContext(
    BEFORE_GRAPHIQL,
    createContext({ window: page, sessionStorage, location, Headers, URL, atob }),
  );
});

async function answered(data: object, cookieCame = false): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(cookieCame ? { [COOKIE_CAME]: '1' } : {}) };
  answer = new Response(JSON.stringify({ data }), { headers });
  await page.fetch('/graphql', { method: 'POST', body: '{}' });
}

const given = (accessToken: string, more = {}) => ({ tokens: { accessToken, ...more } });
const signedIn = () => answered({ login: given(token('mine')) }, true);

describe('the playground keeps the token', () => {
  it('that came with the cookie, and sends it from then on', async () => {
    await signedIn();
    expect(storage.get(KEPT)).toBe(token('mine'));
    await answered({});
    expect(new Headers(sent.at(-1)?.init.headers).get('authorization')).toBe(`Bearer ${token('mine')}`);
  });

  it('of the session that it has, renewed without another cookie, as after logging out all others', async () => {
    await signedIn();
    await answered({ logoutAllDevices: given(token('mine', 2), { refreshToken: null }) });
    expect(storage.get(KEPT)).toBe(token('mine', 2));
  });

  it('of another session once the cookie is that one’s', async () => {
    await signedIn();
    await answered({ login: given(token('next'), { refreshToken: null }) }, true);
    expect(storage.get(KEPT)).toBe(token('next'));
  });
});

describe('the playground leaves alone', () => {
  it.each([
    ['with its refresh token', { refreshToken: 'cfr_x' }],
    ['without it, as it was not asked for', {}],
    ['without one', { refreshToken: null }],
  ])('what another device is given in the body, %s', async (_, more) => {
    await answered({ login: given(token('other'), more) });
    expect(storage.get(KEPT)).toBeUndefined();
    await signedIn();
    await answered({ login: given(token('other'), more) });
    expect(storage.get(KEPT)).toBe(token('mine'));
  });

  it('what of several is not its own', async () => {
    await signedIn();
    const data = { login: given(token('next')), logoutAllDevices: given(token('mine', 2)) };
    await answered(data, true);
    expect(storage.get(KEPT)).toBe(token('mine', 2));
  });

  it('answers without tokens, and tokens that are none of a session', async () => {
    await signedIn();
    for (const data of [{}, { viewer: null }, { login: { tokens: null } }, { login: given('opaque') }])
      await answered(data);
    expect(storage.get(KEPT)).toBe(token('mine'));
  });
});
