/** What verifiers, clients and whoever runs the server look up, and who may (ASVS V13.4; RFC 7517, RFC 8414, RFC 9110 §13). */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateSigningKey } from '../../../src/account/signing-keys.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';

const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };
const TOKEN = 'scrape-token-0123456789';

let at: Loopback;

beforeAll(async () => {
  at = await startLoopback();
});

afterAll(() => at.stop());

describe('the JWKS', () => {
  const path = '/.well-known/jwks.json';
  const withTag = async (tag: string) => (await at.fetch(path, { headers: { 'if-none-match': tag } })).status;

  it('holds every key that signs or will sign, and no private part', async () => {
    const answer = await at.fetch(path);
    expect(answer.headers.get('content-type')).toBe('application/jwk-set+json; charset=utf-8');
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBe(2);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    }
  });

  it('is not sent again to whoever has it: by its tag, as a weak one, in a list, or by *', async () => {
    const tag = (await at.fetch(path)).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    for (const given of [tag, `W/${tag}`, `"other", ${tag}`, `"other",${tag}`, '*'])
      expect(await withTag(given)).toBe(304);
    for (const given of ['"other"', 'W/"other"', tag.slice(1, -1), ''])
      expect(await withTag(given)).toBe(200);
    const answer = await at.fetch(path, { headers: { 'if-none-match': tag } });
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('etag')).toBe(tag);
  });

  it('has a new tag after a rotation', async () => {
    const before = (await at.fetch(path)).headers.get('etag') ?? '';
    await rotateSigningKey(at.counterfoil.app.parts, { algorithm: null, force: true }, NOBODY);
    expect(await withTag(before)).toBe(200);
    expect((await at.fetch(path)).headers.get('etag')).not.toBe(before);
  });

  it('answers HEAD without a body, with the headers of GET', async () => {
    const [get, head] = await Promise.all([at.fetch(path), at.fetch(path, { method: 'HEAD' })]);
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['etag', 'content-type', 'cache-control', 'content-length']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });
});

describe('the metadata', () => {
  it('names the issuer that is configured and the places below it', async () => {
    const published = await startLoopback({ settings: { issuer: 'https://auth.example.test' } });
    try {
      const answer = await published.fetch('/.well-known/oauth-authorization-server');
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(await answer.json()).toMatchObject({
        issuer: 'https://auth.example.test',
        jwks_uri: 'https://auth.example.test/.well-known/jwks.json',
      });
    } finally {
      await published.stop();
    }
  });
});

describe('/healthz and /readyz', () => {
  const ready = async (server: Loopback) => {
    const answer = await server.fetch('/readyz');
    const { problems } = (await answer.json()) as { problems: string[] };
    return { status: answer.status, problems };
  };

  it('are well while all is well', async () => {
    expect(await (await at.fetch('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await ready(at)).toEqual({ status: 200, problems: [] });
  });

  it('a stale revocation log is not ready, though alive', async () => {
    const server = await startLoopback();
    try {
      // Nothing reads the log any more; then time passes.
      server.counterfoil.app.store.revocations.read = async () => {
        throw new Error('The log cannot be read.');
      };
      await expect
        .poll(async () => {
          server.pass(6);
          return ready(server);
        })
        .toEqual({ status: 503, problems: ['the revocation log is stale'] });
      expect((await server.fetch('/healthz')).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it('a database that is gone is not ready, and no detail of it is told', async () => {
    const server = await startLoopback();
    try {
      await server.counterfoil.app.store.close();
      const { status, problems } = await ready(server);
      expect(status).toBe(503);
      expect(problems).toContain('the database does not answer');
      expect(JSON.stringify(problems)).not.toMatch(/sqlite|\/|not open/i);
      expect((await server.fetch('/healthz')).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it('a server that shuts down is not ready', async () => {
    const server = await startLoopback();
    try {
      server.counterfoil.app.drain();
      expect(await ready(server)).toEqual({ status: 503, problems: ['shutting down'] });
    } finally {
      await server.stop();
    }
  });
});

describe('/metrics', () => {
  it('is for this machine where no token is set, and then not by way of a proxy', async () => {
    expect((await at.fetch('/metrics')).status).toBe(200);
    for (const name of ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-real-ip', 'via']) {
      expect((await at.fetch('/metrics', { headers: { [name]: '127.0.0.1' } })).status).toBe(404);
    }
  });

  it.each(['203.0.113.7', '10.0.0.1', '::2', '2001:db8::1', '128.0.0.1', '::ffff:10.0.0.1'])(
    'is not there for the peer %s',
    async (remoteAddress) => {
      const answer = await at.server.inject({ url: '/metrics', remoteAddress });
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toContain('counterfoil_');
    },
  );

  it('is for whoever has the token where one is set, and for nobody else', async () => {
    const server = await startLoopback({ settings: { metricsToken: TOKEN } });
    const status = async (authorization?: string) =>
      (await server.fetch('/metrics', authorization === undefined ? {} : { headers: { authorization } }))
        .status;
    try {
      expect(await status(`Bearer ${TOKEN}`)).toBe(200);
      for (const wrong of [
        undefined,
        '',
        'Bearer',
        `Bearer ${TOKEN}x`,
        `Bearer ${TOKEN.slice(1)}`,
        `Basic ${TOKEN}`,
        TOKEN,
      ]) {
        expect(await status(wrong)).toBe(404);
      }
      expect((await server.fetch(`/metrics?token=${TOKEN}`)).status).toBe(404);
    } finally {
      await server.stop();
    }
  });

  it('tells of the argon2 queue, of the revocation log and of the keys, and the figures move', async () => {
    const figure = async (name: string) => {
      const text = await (await at.fetch('/metrics')).text();
      const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text) ?? [];
      return Number(value);
    };
    for (const name of ['running', 'waiting', 'refused'])
      expect(await figure(`counterfoil_argon2_${name}`)).toBe(0);
    expect(await figure('counterfoil_argon2_queue_limit')).toBe(64);
    expect(await figure('counterfoil_revocation_staleness_seconds')).toBeGreaterThanOrEqual(0);
    expect(await figure('counterfoil_signing_key_age_seconds')).toBeGreaterThanOrEqual(0);
    const before = await figure('counterfoil_revocation_entries');
    const client = await at.signedIn('figures@example.test');
    await client.send('mutation { logout { accessTokensDeadBy } }');
    expect(await figure('counterfoil_revocation_entries')).toBe(before + 1);
  });

  it('has labels from closed sets only: no path, address, user or token of anybody', async () => {
    const client = await at.signedIn('metrics@example.test');
    await at.fetch('/no/such/path-of-mine');
    await client.refresh();
    const text = await (await at.fetch('/metrics')).text();
    expect(text).toContain('counterfoil_refresh_verdicts_total{verdict="rotate"');
    expect(text).toContain('route="/graphql"');
    for (const secret of [
      'path-of-mine',
      'metrics@example.test',
      client.accessToken,
      client.refreshToken,
      '198.18.',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a server of which nobody said whether it is for development (NODE_ENV unset)', () => {
  const introspection = '{ __schema { types { name } } }';
  const browser = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
  const open = (server: Loopback, headers: Record<string, string> = {}) =>
    server.server.inject({
      url: '/graphql',
      headers: { host: `localhost:${server.port}`, ...browser, ...headers },
    });
  let published: Loopback;

  beforeAll(async () => {
    published = await startLoopback({ settings: { issuer: 'https://auth.example.test' } });
  });
  afterAll(() => published.stop());

  it('has no playground, no introspection and no suggestions when its issuer is public', async () => {
    expect((await open(published)).headers['content-type']).not.toContain('text/html');
    expect(await (await published.post(introspection)).text()).toContain('Introspection is off');
    for (const query of [
      '{ __type(name: "User") { name } }',
      '{ ...F } fragment F on Query { a: __schema { __typename } }',
    ]) {
      expect((await published.post(query)).status).toBe(400);
    }
    const misspelt = await (await published.post('{ viewerr { id } }')).text();
    expect(misspelt).not.toMatch(/did you mean|"viewer"/i);
    const wrongInput = await (
      await published.post('mutation { refresh(input: {refreshTokn: "x"}) { __typename } }')
    ).text();
    expect(wrongInput).not.toMatch(/did you mean/i);
  });

  it('shows no stack trace, wherever it is asked', async () => {
    for (const server of [published, at]) {
      const throwing = server.counterfoil.app.store.users;
      const list = throwing.find;
      throwing.find = async () => {
        throw new Error('secret detail at /srv/counterfoil/store.ts:12');
      };
      try {
        const client = await server.signedIn('stack@example.test');
        const { body, errors } = await client.send('{ viewer { id } }');
        expect(errors[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
        expect(body).not.toMatch(/secret detail|stack|\.ts/);
      } finally {
        throwing.find = list;
      }
    }
  });

  it('has a playground on this machine, under a policy of its own that lets it talk to nobody else', async () => {
    const page = await open(at);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(page.headers['content-security-policy']).split(/;\s*/);
    for (const directive of [
      "default-src 'none'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
    ]) {
      expect(policy).toContain(directive);
    }
    const scripts = policy.find((directive) => directive.startsWith('script-src')) ?? '';
    expect(scripts).toMatch(/^script-src( 'sha256-[\w+/]+=*')+$/);
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(page.headers['cache-control']).toBe('no-store');
    // Nothing is fetched from elsewhere by the page itself.
    expect(page.body).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="?https?:/i);
  });

  it.each([
    ['another Host', { host: 'evil.test' }],
    ['a Host that begins like this machine', { host: 'localhost.evil.test' }],
    ['a proxy in between', { 'x-forwarded-for': '203.0.113.7' }],
  ])('does not show it to %s', async (_name, headers) => {
    expect((await open(at, headers)).headers['content-type']).not.toContain('text/html');
  });

  it.each([
    'query=mutation{logout{__typename}}',
    'qu%65ry=mutation{logout{__typename}}',
    '%71uery=',
    'x=1&query=%7B__typename%7D',
    'variables={}',
    'operationName=Logout',
    'headers={}',
  ])('does not show it where the address has an operation, however that is spelt: %s', async (search) => {
    const answer = await at.server.inject({
      url: `/graphql?${search}`,
      headers: { host: `localhost:${at.port}`, ...browser },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).not.toContain('text/html');
  });

  it('has a page that clears its address before anything reads it', async () => {
    const script = (await open(at)).body.split('<script>')[1] ?? '';
    expect(script.trimStart()).toMatch(
      /^history\.replaceState\(null, '', location\.origin \+ location\.pathname\);/,
    );
  });

  it('tells that page, and no other, whether an answer set the cookie', async () => {
    const header = 'counterfoil-cookie-set';
    for (const [server, told] of [
      [at, '1'],
      [published, undefined],
    ] as const) {
      const client = await server.signedIn('teller@example.test', ['USER'], { delivery: 'COOKIE' });
      const { headers } = await client.send('mutation { refresh(input: {}) { __typename } }');
      expect(headers['set-cookie']).toBeDefined();
      expect(headers[header]).toBe(told);
      expect((await client.send('{ viewer { id } }')).headers[header]).toBeUndefined();
      const { headers: cleared } = await client.send('mutation { logout { __typename } }');
      expect(cleared['set-cookie']).toBeDefined();
      expect(cleared[header]).toBeUndefined();
    }
  });

  it('does not show it to a program', async () => {
    expect((await open(at, { accept: 'application/json' })).statusCode).toBe(400);
  });
});
