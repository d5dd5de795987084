/** One answer of every kind that the server can give, on every route and every way to go wrong. */

import { newVerifier } from '../../support/feed.js';
import { type Loopback, sendRaw } from '../../support/loopback.js';

export interface Specimen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function fetched(answer: Promise<Response>): Promise<Specimen> {
  const { status, headers, ...rest } = await answer.then(async (response) => ({
    status: response.status,
    headers: response.headers,
    body: await response.text(),
  }));
  return { status, headers, ...rest };
}

/** What a raw answer of the server says, for requests that no client library would send. */
export function parsed(answer: string): Specimen {
  const [head = '', ...body] = answer.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Headers();
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
  }
  return { status: Number(line.split(' ')[1]), headers, body: body.join('\r\n\r\n') };
}

const GRAPHQL = '/graphql';
const JSON_TYPE = { 'content-type': 'application/json' };
const send = (body: string, headers: Record<string, string> = JSON_TYPE): RequestInit => ({
  method: 'POST',
  headers,
  body,
});
const query = (text: string) => send(JSON.stringify({ query: text }));

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What a verifier asks, with a credential of its own. */
async function verifierAsks(at: Loopback, path: string, body: string, type = FORM): Promise<Specimen> {
  const { bearer: authorization } = await newVerifier(at.counterfoil.app);
  return fetched(at.fetch(path, send(body, { ...type, authorization })));
}

/** Specimens by name, with the status each must have. */
export const SPECIMENS: Readonly<Record<string, [number, (at: Loopback) => Promise<Specimen>]>> = {
  'a query': [200, (at) => fetched(at.fetch(GRAPHQL, query('{ serverInfo { issuer } }')))],
  'a query by GET': [
    200,
    (at) =>
      fetched(at.fetch(`${GRAPHQL}?query={__typename}`, { headers: { 'apollo-require-preflight': '1' } })),
  ],
  'a refused query': [200, (at) => fetched(at.fetch(GRAPHQL, query('{ viewer { id } }')))],
  'a query that is not valid': [400, (at) => fetched(at.fetch(GRAPHQL, query('{ nothing }')))],
  'a query that does not parse': [400, (at) => fetched(at.fetch(GRAPHQL, query('{')))],
  'a document that breaks a limit': [
    400,
    (at) => fetched(at.fetch(GRAPHQL, query(`{ ${'a: __typename '.repeat(50)} }`))),
  ],
  'a body without query': [400, (at) => fetched(at.fetch(GRAPHQL, send('{}')))],
  'a body that is no JSON': [400, (at) => fetched(at.fetch(GRAPHQL, send('{"query"')))],
  'an empty body': [400, (at) => fetched(at.fetch(GRAPHQL, send('')))],
  'a batch': [400, (at) => fetched(at.fetch(GRAPHQL, send('[{"query":"{__typename}"}]')))],
  'a query by GET without preflight': [400, (at) => fetched(at.fetch(`${GRAPHQL}?query={__typename}`))],
  'a mutation by GET': [
    405,
    (at) =>
      fetched(
        at.fetch(`${GRAPHQL}?query=mutation{logout{__typename}}`, {
          headers: { 'apollo-require-preflight': '1' },
        }),
      ),
  ],
  'a foreign origin': [
    403,
    (at) => fetched(at.fetch(GRAPHQL, send('{}', { ...JSON_TYPE, origin: 'https://evil.test' }))),
  ],
  'a path that is not there': [404, (at) => fetched(at.fetch('/nothing'))],
  'a path below another': [404, (at) => fetched(at.fetch('/graphql/viewer.css'))],
  'the root': [404, (at) => fetched(at.fetch('/'))],
  'a repository': [404, (at) => fetched(at.fetch('/.git/config'))],
  'a path that does not decode': [400, (at) => fetched(at.fetch('/%c0%80'))],
  'a method that is not for the path': [405, (at) => fetched(at.fetch(GRAPHQL, { method: 'PUT' }))],
  'a body that is too large': [413, (at) => fetched(at.fetch(GRAPHQL, send(' '.repeat(70_000))))],
  'a form': [
    415,
    (at) => fetched(at.fetch(GRAPHQL, send('a=b', { 'content-type': 'application/x-www-form-urlencoded' }))),
  ],
  'the JWKS': [200, (at) => fetched(at.fetch('/.well-known/jwks.json'))],
  'the metadata': [200, (at) => fetched(at.fetch('/.well-known/oauth-authorization-server'))],
  health: [200, (at) => fetched(at.fetch('/healthz'))],
  readiness: [200, (at) => fetched(at.fetch('/readyz'))],
  metrics: [200, (at) => fetched(at.fetch('/metrics'))],
  'metrics for somebody else': [
    404,
    (at) => fetched(at.fetch('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })),
  ],
  'a feed for nobody': [401, (at) => fetched(at.fetch('/revocations'))],
  'an introspection for nobody': [401, (at) => fetched(at.fetch('/oauth/introspect', send('token=x', FORM)))],
  'an introspection': [200, (at) => verifierAsks(at, '/oauth/introspect', 'token=x')],
  'an introspection without a token': [400, (at) => verifierAsks(at, '/oauth/introspect', '')],
  'an introspection that is no form': [415, (at) => verifierAsks(at, '/oauth/introspect', '{}', JSON_TYPE)],
  'an introspection that is too large': [
    413,
    (at) => verifierAsks(at, '/oauth/introspect', `token=${'x'.repeat(20_000)}`),
  ],
  'a revocation': [200, (at) => verifierAsks(at, '/oauth/revoke', 'token=x')],
  'a feed by POST': [405, (at) => fetched(at.fetch('/revocations', { method: 'POST' }))],
  'bytes that are no HTTP': [400, async ({ port }) => parsed(await sendRaw(port, 'hello\r\n\r\n'))],
  'an unknown method': [
    400,
    async ({ port }) => parsed(await sendRaw(port, 'FOO /graphql HTTP/1.1\r\nHost: a\r\n\r\n')),
  ],
  'no Host': [
    400,
    async ({ port }) => parsed(await sendRaw(port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')),
  ],
  'an expectation': [
    417,
    async ({ port }) =>
      parsed(await sendRaw(port, 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n')),
  ],
  'headers that are too large': [
    431,
    async ({ port }) =>
      parsed(
        await sendRaw(port, `GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: ${'c'.repeat(20_000)}\r\n\r\n`),
      ),
  ],
};
