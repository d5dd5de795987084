/**
 * Bytes that two servers could read in two ways, and more bytes than anybody needs (ASVS V4.2; RFC 9112 §6.3, §11.2).
 * The next request on the same connection is a probe: where one message is read, one answer comes.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Loopback, sendRaw, startLoopback, statusesOf } from '../../support/loopback.js';
import { parsed } from './answers.js';

let at: Loopback;

beforeAll(async () => {
  at = await startLoopback();
});

afterAll(() => at.stop());

const BODY = '{"query":"{ __typename }"}';
const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const post = (headers: string, body: string) =>
  `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('a message whose length can be read in two ways', () => {
  it.each([
    [
      'CL.TE',
      post(`Content-Length: ${BODY.length}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'TE.CL',
      post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `${chunk(BODY)}0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'two lengths that differ',
      post(`Content-Length: ${BODY.length}\r\nContent-Length: 0\r\n`, BODY + SMUGGLED),
    ],
    [
      'two lengths that agree',
      post(`Content-Length: ${BODY.length}\r\nContent-Length: ${BODY.length}\r\n`, BODY + SMUGGLED),
    ],
    ['a list of lengths', post(`Content-Length: ${BODY.length}, ${BODY.length}\r\n`, BODY + SMUGGLED)],
    ['a signed length', post(`Content-Length: +${BODY.length}\r\n`, BODY + SMUGGLED)],
    ['a negative length', post('Content-Length: -1\r\n', BODY + SMUGGLED)],
    ['a hexadecimal length', post('Content-Length: 0x1a\r\n', BODY + SMUGGLED)],
    ['an empty length', post('Content-Length: \r\n', BODY + SMUGGLED)],
    ['a length beyond all numbers', post('Content-Length: 99999999999999999999999\r\n', BODY + SMUGGLED)],
    ['xchunked', post('Transfer-Encoding: xchunked\r\n', `${chunk(BODY)}0\r\n\r\n${SMUGGLED}`)],
    [
      'chunked that is not last',
      post('Transfer-Encoding: chunked, identity\r\n', `${chunk(BODY)}0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'two encodings',
      post(
        'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked, gzip\r\n',
        `${chunk(BODY)}0\r\n\r\n${SMUGGLED}`,
      ),
    ],
    ['a space before the colon', post(`Content-Length : ${BODY.length}\r\n`, BODY + SMUGGLED)],
    [
      'a folded header',
      post(`X: a\r\n Content-Length: 0\r\nContent-Length: ${BODY.length}\r\n`, BODY + SMUGGLED),
    ],
    [
      'a bare CR in a header',
      post(`X: a\rContent-Length: 0\r\nContent-Length: ${BODY.length}\r\n`, BODY + SMUGGLED),
    ],
    ['a NUL in a header', post(`X: a\0b\r\nContent-Length: ${BODY.length}\r\n`, BODY + SMUGGLED)],
    [
      'a chunk size that is none',
      post('Transfer-Encoding: chunked\r\n', `zz\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'a chunk size with a sign',
      post('Transfer-Encoding: chunked\r\n', `+1a\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    [
      'a chunk longer than it says',
      post('Transfer-Encoding: chunked\r\n', `4\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`),
    ],
  ])('%s is refused, and nothing behind it is read', async (_name, bytes) => {
    const answer = await sendRaw(at.port, bytes);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it.each([
    ['in the request line', 'GET /healthz HTTP/1.1\nHost: a\r\n\r\n'],
    ['in the headers', 'GET /healthz HTTP/1.1\r\nHost: a\nX: b\r\n\r\n'],
    ['at the end of the headers', 'GET /healthz HTTP/1.1\r\nHost: a\r\n\n'],
  ])('a bare LF %s is refused', async (_name, bytes) => {
    expect(statusesOf(await sendRaw(at.port, bytes))).toEqual([400]);
  });

  it('one message in chunks is one message, and what follows it is the next', async () => {
    const next = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const bytes = post('Transfer-Encoding: chunked\r\n', `${chunk(BODY)}0\r\n\r\n${next}`);
    const answer = await sendRaw(at.port, bytes);
    expect(statusesOf(answer)).toEqual([200, 200]);
  });
});

describe('the Host', () => {
  const get = (hosts: string) => `GET /readyz HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`;
  it.each([
    ['is missing', ''],
    ['is empty', 'Host: \r\n'],
    ['comes twice', 'Host: a\r\nHost: b\r\n'],
    ['comes twice and agrees', 'Host: a\r\nHost: a\r\n'],
    ['holds a path', 'Host: a/b\r\n'],
    ['holds user information', 'Host: a@b\r\n'],
    ['holds a space', 'Host: a b\r\n'],
    ['is no host at all', 'Host: [\r\n'],
    ['has a port that is none', 'Host: a:port\r\n'],
    ['has an escape that is none', 'Host: %\r\n'],
  ])('is refused when it %s', async (_name, hosts) => {
    const { status, body } = parsed(await sendRaw(at.port, get(hosts)));
    expect(status).toBe(400);
    expect(JSON.parse(body).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('appears in no answer: what is told of this server comes from its configuration', async () => {
    for (const path of ['/.well-known/oauth-authorization-server', '/nothing', '/graphql']) {
      const bytes = `GET ${path} HTTP/1.1\r\nHost: evil.test\r\nX-Forwarded-Host: evil.test\r\nConnection: close\r\n\r\n`;
      expect(await sendRaw(at.port, bytes)).not.toContain('evil.test');
    }
  });

  it('of an absolute target is no way around: the route is the same', async () => {
    const bytes = 'GET http://evil.test/healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const answer = await sendRaw(at.port, bytes);
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).not.toContain('evil.test');
  });
});

describe('more than anybody needs', () => {
  it.each([
    ['a header', `X: ${'x'.repeat(20_000)}\r\n`],
    ['a cookie', `Cookie: a=${'x'.repeat(20_000)}\r\n`],
    ['a user agent', `User-Agent: ${'x'.repeat(20_000)}\r\n`],
    ['many headers', Array.from({ length: 2000 }, (_, index) => `X-${index}: value\r\n`).join('')],
  ])('of %s is answered 431', async (_name, headers) => {
    const { status, body } = parsed(
      await sendRaw(at.port, `GET /healthz HTTP/1.1\r\nHost: a\r\n${headers}\r\n`),
    );
    expect(status).toBe(431);
    expect(JSON.parse(body).errors[0].extensions.code).toBe('REQUEST_TOO_LARGE');
  });

  it('of a URL is answered 431', async () => {
    const { status } = parsed(
      await sendRaw(at.port, `GET /healthz?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`),
    );
    expect(status).toBe(431);
  });

  it.each([
    ['that says its length', (body: string) => post(`Content-Length: ${body.length}\r\n`, body)],
    ['in chunks', (body: string) => post('Transfer-Encoding: chunked\r\n', `${chunk(body)}0\r\n\r\n`)],
  ])('of a body %s is answered 413', async (_name, bytes) => {
    const body = `{"query":"{ __typename }","x":"${'x'.repeat(65 * 1024)}"}`;
    const answer = await sendRaw(at.port, bytes(body).replace('Host: a', 'Host: a\r\nConnection: close'));
    expect(parsed(answer).status).toBe(413);
  });

  it('leaves the server well: it still answers', async () => {
    expect((await at.fetch('/readyz')).status).toBe(200);
  });
});
