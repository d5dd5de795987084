/** Only the methods that a route has (ASVS V4.1.4, V13.4.4), and side effects by POST alone (V3.5.3). */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutation } from '../../support/api.js';
import { type Loopback, sendRaw, startLoopback } from '../../support/loopback.js';
import { parsed } from './answers.js';

let at: Loopback;

beforeAll(async () => {
  at = await startLoopback();
});

afterAll(() => at.stop());

const READABLE = 'GET, HEAD, OPTIONS';
const ALLOWED: Record<string, string> = {
  '/graphql': 'GET, POST, OPTIONS',
  '/.well-known/jwks.json': READABLE,
  '/.well-known/oauth-authorization-server': READABLE,
  '/healthz': READABLE,
  '/readyz': READABLE,
  '/metrics': READABLE,
  '/revocations': 'GET, OPTIONS',
  '/oauth/introspect': 'POST, OPTIONS',
  '/oauth/revoke': 'POST, OPTIONS',
};
const METHODS = ['PUT', 'DELETE', 'PATCH', 'TRACE', 'POST', 'HEAD', 'PROPFIND', 'REPORT'];

describe.each(Object.entries(ALLOWED))('%s', (path, allowed) => {
  it.each(METHODS.filter((method) => !allowed.includes(method)))(
    'answers %s with 405 and Allow',
    async (method) => {
      const before = await at.dump();
      const request = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
      const { status, headers, body } = parsed(await sendRaw(at.port, request));
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe(allowed);
      if (method !== 'HEAD') expect(body).toContain('METHOD_NOT_ALLOWED');
      // TRACE would repeat the request, and with it a cookie that no script may read.
      expect(body).not.toContain('HTTP/1.1');
      expect(await at.dump()).toEqual(before);
    },
  );

  it('answers OPTIONS with what is allowed', async () => {
    const { status, headers } = await at.fetch(path, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('allow')).toBe(allowed);
  });
});

describe('a method that does not exist', () => {
  it.each(['FOO', 'get', 'CONNECT'])('%s is no request', async (method) => {
    const answer = await sendRaw(at.port, `${method} /graphql HTTP/1.1\r\nHost: a\r\n\r\n`);
    if (answer !== '') expect(parsed(answer).status).toBe(400);
  });
});

describe('a method in a header or parameter', () => {
  it('is not believed', async () => {
    const answer = await at.fetch('/healthz?_method=POST', {
      headers: { 'x-http-method-override': 'DELETE' },
    });
    expect(answer.status).toBe(200);
  });
});

describe('a mutation by GET', () => {
  it.each(['login', 'refresh', 'register'] as const)(
    'is refused with 405 and changes nothing: %s',
    async (name) => {
      const before = await at.dump();
      const input = { email: 'get@example.test', password: 'orchid kettle granite 41' };
      const search = new URLSearchParams({ query: mutation(name), variables: JSON.stringify({ input }) });
      const answer = await at.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('POST');
      expect(await at.dump()).toEqual(before);
    },
  );

  it('does not become one by naming a query beside it', async () => {
    const query = 'query Q { __typename } mutation M { logout { __typename } }';
    const search = new URLSearchParams({ query, operationName: 'M' });
    const answer = await at.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1' } });
    expect(answer.status).toBe(405);
  });
});
