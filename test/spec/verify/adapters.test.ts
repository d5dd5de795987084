/** The adapters in real servers: who passes, and what RFC 6750 §3 has for those who do not. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as apollo from '../../../src/verify/apollo.js';
import * as express from '../../../src/verify/express.js';
import * as fastify from '../../../src/verify/fastify.js';
import { createVerifier, type Verifier } from '../../../src/verify/index.js';
import { Issuer, USER } from '../../support/issuer.js';

let issuer: Issuer;
let verifier: Verifier;
let token: string;
const endings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  issuer = new Issuer();
  await issuer.addKey('first');
  verifier = createVerifier(issuer.settings({}, { whenStale: 'refuse' }));
  await verifier.ready();
  token = await issuer.token();
});
afterEach(async () => {
  verifier.close();
  for (const end of endings.splice(0)) await end();
});

type Ask = (path: string, authorization?: string) => Promise<Response>;

interface Served {
  /** `/` is for everybody signed in, `/admin` for the scope `operator`, `/open` for anybody. */
  readonly ask: Ask;
}

async function listening(server: Server): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  return (path, authorization) =>
    fetch(
      `http://127.0.0.1:${port}${path}`,
      authorization === undefined ? {} : { headers: { authorization } },
    );
}

async function withFastify(): Promise<Served> {
  const app = Fastify();
  await app.register(async (open) => {
    await open.register(fastify.bearerTokens, { verifier, optional: true });
    open.get('/mine', async (request) => ({ user: fastify.callerOf(request).userId }));
    open.get('/open', async (request) => ({ user: fastify.authOf(request)?.userId ?? null }));
  });
  await app.register(async (closed) => {
    await closed.register(fastify.bearerTokens, { verifier });
    closed.get('/', async (request) => ({ user: fastify.authOf(request)?.userId ?? null }));
    closed.get('/admin', { preHandler: fastify.requireScopes('user', 'operator') }, async () => ({
      user: '',
    }));
  });
  await app.ready();
  return { ask: await listening(app.server) };
}

/** Express is not here; what it does with middleware is. */
async function withExpress(): Promise<Served> {
  const routes: Readonly<Record<string, readonly express.Middleware[]>> = {
    '/open': [express.bearerTokens(verifier, { optional: true })],
    '/': [express.bearerTokens(verifier)],
    '/admin': [express.bearerTokens(verifier), express.requireScopes('user', 'operator')],
  };
  const listener: RequestListener = (request, response) => {
    const [first, second] = routes[request.url ?? ''] ?? [];
    const finish = () =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ user: express.authOf(request)?.userId ?? null }));
    first?.(request, response, () => (second === undefined ? finish() : second(request, response, finish)));
  };
  return { ask: await listening(createServer(listener)) };
}

describe('fastify, where requests without credentials may pass', () => {
  it('still answers 401 for a route that needs to know who calls', async () => {
    const { ask } = await withFastify();
    expect((await ask('/mine')).status).toBe(401);
    expect(await (await ask('/mine', `Bearer ${token}`)).json()).toEqual({ user: USER });
  });
});

describe.each([
  ['fastify', withFastify],
  ['express', withExpress],
])('%s', (_name, serve) => {
  let ask: Ask;
  beforeEach(async () => {
    ({ ask } = await serve());
  });

  it('says who calls', async () => {
    const answer = await ask('/', `Bearer ${token}`);
    expect([answer.status, await answer.json()]).toEqual([200, { user: USER }]);
    expect((await ask('/', `bEaReR  ${token}`)).status).toBe(200);
  });

  it('asks those without a token for one, and names no error', async () => {
    const answer = await ask('/');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['a bad one', () => 'Bearer a.b.c', 'The access token is not valid.'],
    ['another scheme', () => 'Basic YTpi', 'The access token is not valid.'],
    ['two tokens', () => `Bearer ${token} ${token}`, 'The access token is not valid.'],
    ['no token', () => 'Bearer', 'The access token is not valid.'],
  ])('refuses %s with invalid_token, also where none is needed', async (_what, authorization, sentence) => {
    for (const path of ['/', '/open']) {
      const answer = await ask(path, authorization());
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer error="invalid_token", error_description="${sentence}"`,
      ]);
      expect(await answer.json()).toEqual({ error: 'invalid_token', error_description: sentence });
    }
  });

  it('says of an expired and of a revoked token that it is so', async () => {
    issuer.revoke({ kind: 'epoch-raised', userId: USER, epoch: 1 });
    await expect.poll(async () => (await ask('/', `Bearer ${token}`)).status).toBe(401);
    expect(await (await ask('/', `Bearer ${token}`)).text()).toContain('has been revoked');
    const old = await issuer.token({ exp: 1, iat: 0 });
    expect(await (await ask('/', `Bearer ${old}`)).text()).toContain('has expired');
  });

  it('answers 503 and when to come back where nothing can be said', async () => {
    issuer.greeting = null;
    issuer.clock.advance(6_000);
    const answer = await ask('/', `Bearer ${token}`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.headers.has('www-authenticate')).toBe(false);
  });

  it('lets nobody pass where that is wanted', async () => {
    expect(await (await ask('/open')).json()).toEqual({ user: null });
    expect(await (await ask('/open', `Bearer ${token}`)).json()).toEqual({ user: USER });
  });

  it('refuses who lacks a scope with 403, and names the scopes', async () => {
    const answer = await ask('/admin', `Bearer ${token}`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="user operator"',
    ]);
    const operator = await issuer.token({ scope: 'user operator' });
    expect((await ask('/admin', `Bearer ${operator}`)).status).toBe(200);
  });
});

const SCHEMA = {
  typeDefs: 'type Query { who: String, me: String, all: String }',
  resolvers: {
    Query: {
      who: (_: unknown, __: unknown, context: apollo.AuthContext) => context.auth?.userId ?? null,
      me: (_: unknown, __: unknown, context: apollo.AuthContext) => apollo.requireScopes(context).userId,
      all: (_: unknown, __: unknown, context: apollo.AuthContext) =>
        apollo.requireScopes(context, 'operator').userId,
    },
  },
  includeStacktraceInErrorResponses: false,
};

async function apolloStandalone(): Promise<string> {
  const server = new ApolloServer<apollo.AuthContext>(SCHEMA);
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: apollo.bearerContext(verifier),
  });
  endings.push(() => server.stop());
  return url;
}

async function apolloOnFastify(): Promise<string> {
  const app = Fastify();
  const server = new ApolloServer<apollo.AuthContext>(SCHEMA);
  await server.start();
  app.post('/', fastifyApolloHandler(server, { context: apollo.bearerContext(verifier) }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  endings.push(
    () => server.stop(),
    () => app.close(),
  );
  return url;
}

describe.each([
  ['standalone', apolloStandalone],
  ['on fastify', apolloOnFastify],
])('apollo, %s', (_name, serve) => {
  let url: string;
  beforeEach(async () => {
    url = await serve();
  });
  async function run(query: string, authorization?: string) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as {
      data?: Record<string, string | null>;
      errors?: { message: string; extensions: Record<string, unknown> }[];
    };
    return { response, body };
  }

  it('puts who calls into the context', async () => {
    expect((await run('{ who me }', `Bearer ${token}`)).body.data).toEqual({ who: USER, me: USER });
    expect((await run('{ who }')).body.data).toEqual({ who: null });
  });

  it('fails a request with a bad token as a whole: 401 and UNAUTHENTICATED', async () => {
    const { response, body } = await run('{ who }', 'Bearer a.b.c');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  it('answers 503 and when to come back where nothing can be said', async () => {
    issuer.greeting = null;
    issuer.clock.advance(6_000);
    const { response, body } = await run('{ who }', `Bearer ${token}`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE' });
  });

  it('asks nobody for a token where a field needs one', async () => {
    const { response, body } = await run('{ me }');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.errors?.[0]).toMatchObject({
      message: 'This needs an access token.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('keeps from who lacks a scope the field that needs it, and no other', async () => {
    const { response, body } = await run('{ who all }', `Bearer ${token}`);
    expect(response.status).toBe(200);
    expect(body.data).toEqual({ who: USER, all: null });
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    const operator = await issuer.token({ scope: 'user operator' });
    expect((await run('{ all }', `Bearer ${operator}`)).body.data).toEqual({ all: USER });
  });
});

describe('apollo, elsewhere', () => {
  it('reads the headers of the Web, too, and can ask everybody for a token', async () => {
    const context = apollo.bearerContext(verifier, { optional: false });
    const request = new Request('https://api.example', { headers: { authorization: `Bearer ${token}` } });
    expect((await context({ request })).auth?.userId).toBe(USER);
    expect((await context(request)).auth?.userId).toBe(USER);
    await expect(context({ request: new Request('https://api.example') })).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});
