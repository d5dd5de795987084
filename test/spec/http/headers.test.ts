/**
 * What every answer carries, whatever it answers to: its true content type, and the headers that keep a browser from
 * doing anything with it but reading it (ASVS V3.2, V3.4, V4.1.1, V4.2.2, V13.4, V14.3.2).
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../../src/http/server.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { SPECIMENS, type Specimen } from './answers.js';

let local: Loopback;
let published: Loopback;

beforeAll(async () => {
  local = await startLoopback();
  published = await startLoopback({ settings: { issuer: 'https://auth.example.test' } });
});

afterAll(async () => {
  await local.stop();
  await published.stop();
});

const CACHEABLE = new Set(['the JWKS', 'the metadata']);

function expectProtected({ headers }: Specimen): void {
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const policy = headers.get('content-security-policy') ?? '';
  for (const directive of [
    "default-src 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy.split(/;\s*/)).toContain(directive);
  }
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-frame-options')?.toUpperCase()).toBe('DENY');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
}

describe.each(Object.entries(SPECIMENS))('%s', (name, [status, obtain]) => {
  it(`is answered with ${status} and a body of the type it says`, async () => {
    const specimen = await obtain(local);
    expect(specimen.status).toBe(status);
    expect(specimen.headers.get('content-type')).toMatch(/; charset=utf-8$/);
    if (name === 'metrics') expect(specimen.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    else expect(JSON.parse(specimen.body)).toEqual(expect.any(Object));
    const length = specimen.headers.get('content-length');
    expect(length).toBe(String(Buffer.byteLength(specimen.body)));
  });

  it('is protected from sniffing, framing, embedding and scripting', async () => {
    expectProtected(await obtain(local));
    expectProtected(await obtain(published));
  });

  it('asks for TLS for a year, and subdomains too, exactly when the issuer has TLS', async () => {
    const { headers } = await obtain(published);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect((await obtain(local)).headers.has('strict-transport-security')).toBe(false);
  });

  it('tells nobody which software answers', async () => {
    const { headers, body } = await obtain(published);
    for (const header of ['server', 'x-powered-by', 'via', 'x-apollo-server'])
      expect(headers.has(header)).toBe(false);
    if (name === 'metrics') return;
    // Clients have to know the header that lets them past CSRF prevention, and it bears a name.
    expect(body.replace(/[\w-]+-(require-preflight|operation-name)/g, '')).not.toMatch(
      /fastify|apollo|graphql-js|node\.?js|sqlite|node_modules|\.[jt]s:\d|FST_|HPE_|stacktrace/i,
    );
  });

  it(CACHEABLE.has(name) ? 'may be cached by anybody' : 'is stored by no cache', async () => {
    const { headers } = await obtain(local);
    const expected = CACHEABLE.has(name) ? 'public, max-age=300' : 'no-store';
    expect(headers.get('cache-control')).toBe(expected);
  });
});

describe('redirects and cookies', () => {
  it('are in no answer of a server that nobody signs in to', async () => {
    for (const [, obtain] of Object.values(SPECIMENS)) {
      const { status, headers } = await obtain(local);
      expect(status < 300 || status > 399).toBe(true);
      expect(headers.has('set-cookie')).toBe(false);
      expect(headers.has('location')).toBe(false);
    }
  });

  it('do not come by X-Forwarded-Proto either: plain HTTP is served or refused, never sent elsewhere', async () => {
    const answer = await published.post('{ __typename }', {}, { 'x-forwarded-proto': 'http' });
    expect(answer.status).toBe(200);
  });
});

describe('a JSON route', () => {
  it.each(['/.well-known/jwks.json', '/healthz', '/.well-known/oauth-authorization-server'])(
    '%s calls nobody back (no JSONP)',
    async (path) => {
      const answer = await local.fetch(`${path}?callback=steal&jsonp=steal`);
      expect(answer.headers.get('content-type')).not.toContain('javascript');
      expect(await answer.text()).not.toContain('steal');
    },
  );
});

describe('the console', () => {
  const ASSET = '/console/assets/main-1a2b3c4d.js';
  /** By address: the status, the type (null: there is no body), how it is kept, and whether a browser asks. */
  const ANSWERS = {
    '/': [302, null, 'no-store'],
    '/console': [302, null, 'no-store'],
    '/console/': [200, 'text/html; charset=utf-8', 'no-cache'],
    [ASSET]: [200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    '/console/assets/none.js': [404, 'application/json; charset=utf-8', 'no-store'],
  } as const;
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-headers-'));
  let plain: FastifyInstance;
  let secure: FastifyInstance;

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Counterfoil</title>');
    writeFileSync(join(folder, 'assets', basename(ASSET)), 'export {};');
    const serving = ({ counterfoil: { app, schema } }: Loopback) =>
      createServer(schema, { ...app.http, consoleFolder: folder });
    [plain, secure] = [await serving(local), await serving(published)];
  });
  afterAll(async () => {
    await plain.close();
    await secure.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const specimen = async (server: FastifyInstance, url: string, more = {}): Promise<Specimen> => {
    const answer = await server.inject({ url, headers: { accept: 'text/html', ...more } });
    const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: answer.statusCode,
      headers: new Headers(fields as [string, string][]),
      body: answer.body,
    };
  };

  it.each(Object.entries(ANSWERS))(
    'at %s has its status, type and life in caches, and is protected',
    async (url, [status, type, kept]) => {
      for (const server of [plain, secure]) {
        const answer = await specimen(server, url);
        expect([
          answer.status,
          answer.headers.get('content-type'),
          answer.headers.get('cache-control'),
        ]).toEqual([status, type, kept]);
        expectProtected(answer);
        expect(answer.headers.get('strict-transport-security')).toBe(
          server === secure ? 'max-age=31536000; includeSubDomains' : null,
        );
        expect(answer.headers.has('set-cookie')).toBe(false);
        for (const header of ['server', 'x-powered-by', 'via'])
          expect(answer.headers.has(header)).toBe(false);
      }
    },
  );

  it('is protected where nothing has changed, too', async () => {
    for (const url of ['/console/', ASSET]) {
      const etag = (await specimen(plain, url)).headers.get('etag');
      const again = await specimen(plain, url, { 'if-none-match': etag });
      expect(again.status).toBe(304);
      expectProtected(again);
    }
  });

  it('is where the only redirects lead, by an address that nobody can choose', async () => {
    for (const url of ['/', '/console', '/?next=//evil.test', '/console?next=//evil.test']) {
      const { headers } = await specimen(plain, url, { host: 'evil.test', 'x-forwarded-host': 'evil.test' });
      expect(headers.get('location')).toBe('console/');
    }
  });
});
