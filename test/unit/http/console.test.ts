/** The files of the console over HTTP: what a browser is sent, how it is cached, and that no path reaches the disk. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoutes } from '../../../src/http/console.js';
import { createLog } from '../../../src/system/log.js';
import { startApi } from '../../support/api.js';

const PAGE = '<!doctype html><title>Counterfoil</title>';
const SCRIPT = 'export const greeting = "hello, hello, hello, hello";';
const FILES = {
  'index.html': PAGE,
  'assets/main-1a2b3c4d.js': SCRIPT,
  'assets/main-1a2b3c4d.css': 'body { margin: 0 }',
  'assets/icon-1a2b3c4d.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};
const YEAR = 'public, max-age=31536000, immutable';

let folder: string;
let server: FastifyInstance;
const lines: { event?: string }[] = [];
const log = createLog('info', { write: (line) => lines.push(JSON.parse(line) as { event?: string }) });
const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });
const packed = (url: string, coding: string) => get(url, { 'accept-encoding': coding });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-console-'));
  mkdirSync(join(folder, 'assets'));
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text));
  }
  writeFileSync(join(folder, 'secret.js'), 'not an asset');
  server = Fastify();
  consoleRoutes(server, { log }, folder);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the page', () => {
  it('is asked for each time, and is not sent again to whoever has it', async () => {
    const answer = await get('/console/');
    expect(answer.body).toBe(PAGE);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
    });
    const again = await get('/console/', { 'if-none-match': String(answer.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get('/console/', { 'if-none-match': '"another"' })).statusCode).toBe(200);
  });

  it('comes under a policy that allows this server and nobody else, and nothing inline', async () => {
    const policy = String((await get('/console/')).headers['content-security-policy']).split('; ');
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      expect(policy).toContain(directive);
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
  });

  it('is where its address without the last slash leads, by a way that holds under any prefix', async () => {
    const answer = await get('/console');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, 'console/']);
  });
});

describe('in a server that takes an address with a slash at its end for the same', () => {
  it.each(['', '/auth'])('it boots under the prefix %j, and still leads to the slash', async (prefix) => {
    const host = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
    await host.register(async (scope) => consoleRoutes(scope, { log }, folder), { prefix });
    const page = await host.inject({ url: `${prefix}/console/?to=%2F` });
    expect([page.statusCode, page.body]).toEqual([200, PAGE]);
    for (const url of ['/console', '/console?to=%2F']) {
      const led = await host.inject({ url: `${prefix}${url}` });
      expect([led.statusCode, led.headers.location]).toEqual([302, 'console/']);
    }
    await host.close();
  });
});

describe('an asset', () => {
  it.each([
    ['main-1a2b3c4d.js', 'text/javascript; charset=utf-8'],
    ['main-1a2b3c4d.css', 'text/css; charset=utf-8'],
    ['icon-1a2b3c4d.svg', 'image/svg+xml; charset=utf-8'],
  ] as const)('%s says what it is, and may be kept for a year', async (name, type) => {
    const answer = await get(`/console/assets/${name}`);
    expect(answer.body).toBe(FILES[`assets/${name}`]);
    expect(answer.headers).toMatchObject({ 'content-type': type, 'cache-control': YEAR });
    expect((await server.inject({ method: 'HEAD', url: `/console/assets/${name}` })).statusCode).toBe(200);
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', undefined],
    ['brotli', undefined],
    ['', undefined],
  ])('to whoever accepts %j is sent as %s', async (accepted, coding) => {
    const answer = await packed('/console/assets/main-1a2b3c4d.js', accepted);
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers.vary).toBe('Accept-Encoding');
    const bytes = answer.rawPayload;
    const plain =
      coding === 'br' ? brotliDecompressSync(bytes) : coding === 'gzip' ? gunzipSync(bytes) : bytes;
    expect(plain.toString()).toBe(SCRIPT);
  });

  it.each([
    'nothing-1a2b3c4d.js',
    'main-1a2b3c4d.js.br',
    '..%2fsecret.js',
    '..%2f..%2f..%2f..%2fetc%2fpasswd',
    '..%5csecret.js',
    '%2e%2e/secret.js',
    '../secret.js',
    '%00',
    '__proto__',
    'constructor',
    '',
  ])('that is none is not found, wherever its name points: %j', async (name) => {
    const answer = await get(`/console/assets/${name}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).not.toContain('not an asset');
    expect(answer.headers['cache-control'] ?? 'no-store').toBe('no-store');
  });
});

describe('without a console', () => {
  it('that was built, there is none to be found, and the log says what to do, once', async () => {
    const bare = Fastify();
    consoleRoutes(bare, { log }, join(folder, 'nowhere'));
    for (const url of ['/console/', '/console/', '/console/assets/main-1a2b3c4d.js'])
      expect((await bare.inject({ url })).statusCode).toBe(404);
    expect(lines.filter(({ event }) => event === 'console.missing')).toHaveLength(1);
    await bare.close();
  });

  it('that can be read yet, it is there as soon as it can', async () => {
    const late = mkdtempSync(join(tmpdir(), 'counterfoil-console-late-'));
    const bare = Fastify();
    consoleRoutes(bare, { log }, late);
    expect((await bare.inject({ url: '/console/' })).statusCode).toBe(404);
    mkdirSync(join(late, 'assets'));
    writeFileSync(join(late, 'index.html'), PAGE);
    const answer = await bare.inject({ url: '/console/' });
    expect([answer.statusCode, answer.body]).toEqual([200, PAGE]);
    await bare.close();
    rmSync(late, { recursive: true, force: true });
  });

  it('that is switched on, nothing is at its address, and no browser is led there', async () => {
    const off = await startApi({ settings: { console: 'off' } });
    const html = { accept: 'text/html' };
    for (const url of ['/', '/console', '/console/'])
      expect((await off.server.inject({ url, headers: html })).statusCode).toBe(404);
    await off.stop();
  });

  it('programs find nothing at /, where browsers are led to it', async () => {
    const on = await startApi();
    const browser = await on.server.inject({ url: '/', headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([browser.statusCode, browser.headers.location]).toEqual([302, 'console/']);
    expect((await on.server.inject({ url: '/' })).statusCode).toBe(404);
    await on.stop();
  });
});
