/**
 * Which pages may call: CORS for those on the list, nothing for the others, and no side effect for whatever a page can
 * send without asking (ASVS V3.4.2, V3.5.1, V3.5.2, V3.5.8).
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, COOKIE, mutation } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';

const ISSUER = 'https://auth.example.test';
const FRIEND = 'https://app.example.test';
const STRANGERS = [
  'https://evil.test',
  'null',
  'http://app.example.test',
  'https://app.example.test.evil.test',
  'https://evilapp.example.test',
  'https://sub.app.example.test',
  'https://app.example.test:8443',
  'https://app.example.test/',
  'https://APP.example.test',
  'https://app.example.test@evil.test',
  'https://appxexample.test',
  'https://example.test',
  'http://localhost:4000',
  'http://127.0.0.1:4000',
  'file://',
  '*',
  '',
  'https://auth.example.test.',
  'https://app.example.test https://evil.test',
];

let at: Loopback;
let victim: Client;

beforeAll(async () => {
  at = await startLoopback({ settings: { issuer: ISSUER, allowedOrigins: [FRIEND] } });
  victim = await at.signedIn('victim@example.test', ['USER'], { delivery: 'COOKIE' });
});

afterAll(() => at.stop());

const cookieOf = (client: Client) => ({ cookie: `${COOKIE}=${client.cookie}` });
const corsHeaders = (headers: Headers) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-')).sort();

describe.each(STRANGERS)('the origin "%s"', (origin) => {
  it('is told nothing by CORS, asked before or not', async () => {
    const preflight = await at.fetch('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(corsHeaders(preflight.headers)).toEqual([]);
    const query = await at.post('{ __typename }', {}, { origin });
    expect(corsHeaders(query.headers)).toEqual([]);
    expect(query.headers.get('vary')).toMatch(/origin/i);
  });

  it('is refused before a resolver, with the cookie of a victim or without', async () => {
    const before = await at.dump();
    for (const headers of [{ origin }, { origin, ...cookieOf(victim) }]) {
      const answer = await at.post(mutation('refresh'), { input: {} }, headers);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toEqual({
        errors: [{ message: 'This origin may not call here.', extensions: { code: 'FORBIDDEN' } }],
      });
    }
    expect(await at.dump()).toEqual(before);
  });
});

describe.each([ISSUER, FRIEND])('the origin %s', (origin) => {
  it('may ask first, and is told what it may send', async () => {
    const { status, headers } = await at.fetch('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-allow-headers')).toBe(
      'content-type, authorization, apollo-require-preflight, counterfoil-session',
    );
    expect(headers.get('access-control-max-age')).toBe('600');
  });

  it('may read the answer, with credentials', async () => {
    const { status, headers } = await at.post('{ __typename }', {}, { origin });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('vary')).toMatch(/origin/i);
  });

  it('reads refusals as well', async () => {
    const { status, headers } = await at.fetch('/graphql', {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{',
    });
    expect(status).toBe(400);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe('Sec-Fetch-Site, where a browser sends no Origin', () => {
  it.each(['cross-site', 'same-site', 'CROSS-SITE', 'anything'])('"%s" is foreign', async (site) => {
    const before = await at.dump();
    const headers = { 'sec-fetch-site': site, ...cookieOf(victim) };
    const answer = await at.post(mutation('refresh'), { input: {} }, headers);
    expect(answer.status).toBe(403);
    expect(await at.dump()).toEqual(before);
  });

  it.each(['same-origin', 'none'])('"%s" is not', async (site) => {
    const answer = await at.post('{ __typename }', {}, { 'sec-fetch-site': site });
    expect(answer.status).toBe(200);
  });
});

describe('what a page of another site can send without asking', () => {
  const query = mutation('login');
  const variables = { input: { email: 'victim@example.test', password: 'orchid kettle granite 41' } };
  const json = JSON.stringify({ query, variables });
  const form = new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString();
  const parts = `--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${json}\r\n--b--\r\n`;
  const bodies: [string, string | null, string][] = [
    ['a form', 'application/x-www-form-urlencoded', form],
    ['a form that holds JSON', 'application/x-www-form-urlencoded', json],
    ['plain text', 'text/plain', json],
    ['plain text that mentions JSON', 'text/plain;application/json', json],
    ['plain text with a JSON parameter', 'text/plain; type=application/json', json],
    ['plain text before JSON', 'text/plain, application/json', json],
    ['JSON before plain text', 'application/json, text/plain', json],
    ['a multipart form', 'multipart/form-data; boundary=b', parts],
    ['no content type', null, json],
    ['an empty content type', '', json],
    ['a content type that is none', 'json', json],
    ['a GraphQL document', 'application/graphql', query],
    ['XML', 'application/xml', json],
    ['an octet stream', 'application/octet-stream', json],
  ];

  it.each(bodies)('%s is refused before a resolver, and nothing changes', async (_name, type, body) => {
    const before = await at.dump();
    for (const origin of [null, 'https://evil.test', ISSUER]) {
      const headers = new Headers(cookieOf(victim));
      if (type !== null) headers.set('content-type', type);
      if (origin !== null) headers.set('origin', origin);
      // A Blob without a type keeps fetch from adding one of its own.
      const answer = await at.fetch('/graphql', { method: 'POST', headers, body: new Blob([body]) });
      expect([400, 403, 415]).toContain(answer.status);
      expect(answer.headers.has('set-cookie')).toBe(false);
      expect(await answer.text()).not.toContain('LoginSuccess');
    }
    expect(await at.dump()).toEqual(before);
  });

  it('a GET is no way either: not as a query, and not as a navigation', async () => {
    const search = new URLSearchParams({ query: '{ viewer { email } }' });
    for (const headers of [{}, { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' }]) {
      // Not by fetch, which says of itself that it does not navigate.
      const answer = await at.server.inject({
        url: `/graphql?${search}`,
        headers: { ...headers, ...cookieOf(victim) },
      });
      expect(answer.statusCode).toBe(400);
    }
  });

  it('is what a real client’s request is told apart from: the same with application/json works', async () => {
    const answer = await at.post(query, variables);
    expect(((await answer.json()) as { data: { login: { __typename: string } } }).data.login.__typename).toBe(
      'LoginSuccess',
    );
  });
});

describe('the cookie alone', () => {
  it('reads nothing: only an access token does', async () => {
    const answer = await at.post('{ viewer { id } }', {}, cookieOf(victim));
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
