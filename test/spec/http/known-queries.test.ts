/**
 * A query that was answered before takes a shorter way. Whatever comes, and whatever was asked before, the answer is the
 * one that a server gives that has never seen the query: status, headers and body, byte for byte.
 */

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Api, COOKIE, startApi } from '../../support/api.js';

const VIEWER = '{ viewer { id email name } }';
const NAMED = 'query Me { viewer { id sessions { edges { node { deviceName current } } } } }';
const OPERATOR = '{ users { edges { node { email } } } }';
const ANYBODY = '{ serverInfo { sessionModel issuer } }';
const PARTLY = '{ viewer { id } signingKeys { kid } }';
const PAGED = 'query ($n: Int) { viewer { sessions(first: $n) { edges { node { id } } } } }';
const QUERIES = [VIEWER, NAMED, OPERATOR, ANYBODY, PARTLY];

const TYPES = [undefined, '*/*', 'application/json', 'application/graphql-response+json', 'text/html'];

let api: Api;
let warm: FastifyInstance;
let user: string;
let operator: string;
let cookie: string;
const lines: { fields: object; message: string }[] = [];

beforeAll(async () => {
  const keep = (fields: object, message: string) => void lines.push({ fields, message });
  api = await startApi({ log: { debug() {}, info: keep, warn: keep, error: keep } });
  user = (await api.signedIn('ada@example.test')).accessToken ?? '';
  operator = (await api.signedIn('root@example.test', ['USER', 'OPERATOR'])).accessToken ?? '';
  cookie = (await api.signedIn('eve@example.test', ['USER'], { delivery: 'COOKIE' })).cookie ?? '';
  warm = await api.counterfoil.app.createServer();
  for (const query of QUERIES)
    for (const accept of TYPES)
      for (const bearer of [user, operator, user, operator]) await ask(warm, { query }, { bearer, accept });
});
afterAll(async () => {
  await warm.close();
  await api.stop();
});

interface With {
  readonly bearer?: string;
  readonly accept?: string | undefined;
  readonly headers?: Record<string, string>;
}

async function ask(server: FastifyInstance, body: unknown, { bearer, accept, headers = {} }: With = {}) {
  const answer = await server.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(accept === undefined ? {} : { accept }),
      ...headers,
    },
    payload: JSON.stringify(body),
  });
  const { date: _date, ...kept } = answer.headers;
  return { status: answer.statusCode, headers: kept, body: answer.body };
}

async function expectSame(body: unknown, sent: With = {}) {
  const fresh = await api.counterfoil.app.createServer();
  try {
    expect(await ask(warm, body, sent)).toEqual(await ask(fresh, body, sent));
  } finally {
    await fresh.close();
  }
}

describe('a query that was answered before', () => {
  it.each(TYPES)('is answered as the first time, where %s is accepted', async (accept) => {
    for (const query of QUERIES)
      for (const bearer of [user, operator]) await expectSame({ query }, { bearer, accept });
  });

  it('is refused as the first time to who has no right to it', async () => {
    for (const query of QUERIES)
      for (const sent of [
        {},
        { bearer: 'x' },
        { bearer: `${user}x` },
        { headers: { cookie: `${COOKIE}=${cookie}` } },
      ])
        await expectSame({ query }, sent);
  });

  it('is refused as the first time where something else about the request is wrong', async () => {
    const bodies = [
      { query: NAMED, operationName: 'Me' },
      { query: NAMED, operationName: 'You' },
      { query: NAMED, operationName: '' },
      { query: NAMED, operationName: 7 },
      { query: VIEWER, operationName: null, variables: null },
      { query: VIEWER, operationName: 'Me' },
      { query: VIEWER, variables: {} },
      { query: VIEWER, variables: { n: 1 } },
      { query: VIEWER, variables: [] },
      { query: VIEWER, variables: '{}' },
      { query: VIEWER, extensions: {} },
      { query: VIEWER, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
      { query: VIEWER, extensions: 'x' },
      { query: VIEWER, more: 1 },
      [{ query: VIEWER }],
      { query: `${VIEWER} ` },
      { query: `${VIEWER} ${NAMED}` },
      { query: VIEWER.replace('email', 'passwordHash') },
      { query: PAGED, variables: { n: 1 } },
      { query: PAGED, variables: { n: 10_000 } },
      { query: PAGED, variables: { n: 'x' } },
    ];
    for (const body of bodies) await expectSame(body, { bearer: user });
  });

  it('is refused to a foreign page, and by any other content type', async () => {
    await expectSame({ query: ANYBODY }, { headers: { origin: 'https://evil.example' } });
    await expectSame({ query: ANYBODY }, { headers: { 'content-type': 'text/plain' } });
  });

  it('feels a logout at once', async () => {
    const client = await api.signedIn('leaver@example.test');
    const bearer = client.accessToken ?? '';
    expect((await ask(warm, { query: VIEWER }, { bearer })).body).toContain('leaver@');
    await client.send('mutation { logout { __typename } }');
    expect((await ask(warm, { query: VIEWER }, { bearer })).body).toContain('UNAUTHENTICATED');
  });

  it('shows what is true now, not what was true then', async () => {
    const bearer = (await api.signedIn('many@example.test')).accessToken ?? '';
    for (const devices of [1, 2, 3]) {
      const { body } = await ask(warm, { query: NAMED }, { bearer });
      expect(JSON.parse(body).data.viewer.sessions.edges).toHaveLength(devices);
      await api.signedIn('many@example.test');
    }
  });

  it('leaves one line in the log for one missing role, as the first time', async () => {
    lines.length = 0;
    await ask(warm, { query: OPERATOR }, { bearer: user });
    expect(lines.map(({ message }) => message)).toEqual(['a role was missing']);
  });

  it('is still answered when a flood of others has made it forgotten', async () => {
    for (let other = 0; other < 600; other++)
      await ask(warm, { query: `{ a${other}: serverInfo { issuer } }` }, { bearer: user });
    await expectSame({ query: VIEWER }, { bearer: user });
    await expectSame({ query: VIEWER }, { bearer: user });
  });
});

describe('a query that was answered before, on a server in trouble', () => {
  it.each(['an unexpected fault', 'no database'])('is answered as the first time: %s', async (trouble) => {
    const troubled = await startApi();
    const operated = await troubled.signedIn('root@example.test', ['USER', 'OPERATOR']);
    const sent = { bearer: operated.accessToken ?? '' };
    const { app } = troubled.counterfoil;
    const [asked, fresh] = [await app.createServer(), await app.createServer()];
    for (const query of QUERIES) await ask(asked, { query }, sent);
    if (trouble === 'no database') await app.store.close();
    else vi.spyOn(app.store.users, 'find').mockRejectedValue(new Error('a fault with a secret in it'));
    for (const query of QUERIES) {
      const answer = await ask(asked, { query }, sent);
      expect(answer).toEqual(await ask(fresh, { query }, sent));
      expect(answer.body).not.toContain('secret');
    }
    await Promise.all([asked.close(), fresh.close()]);
    await troubled.stop();
  });
});

describe('a mutation that was answered before', () => {
  it('takes effect each time', async () => {
    const client = await api.signedIn('twice@example.test');
    const mutation = 'mutation { refresh(input: {}) { __typename } }';
    const other = await api.signedIn('twice@example.test', ['USER'], { delivery: 'COOKIE' });
    const generations = new Set<string>();
    let held = other.cookie ?? '';
    for (let time = 0; time < 4; time++) {
      const { headers } = await ask(warm, { query: mutation }, { headers: { cookie: `${COOKIE}=${held}` } });
      held = /=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '';
      generations.add(held);
    }
    expect(generations.size).toBe(4);
    expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
  });
});
