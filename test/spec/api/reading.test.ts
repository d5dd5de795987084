/** Lists and searches, hostile text in every argument, and what errors say. */

import { type GraphQLInputType, getNamedType, isInputObjectType, isNonNullType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../src/system/log.js';
import { type Api, type Client, PASSWORD, startApi } from '../../support/api.js';

interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}
type Named = Record<string, string>;

const PAGE = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const logged: unknown[] = [];
const note = (fields: unknown) => void logged.push(fields);
const log: Log = { debug: note, info: note, warn: note, error: note };

let api: Api;
let operator: Client;

beforeAll(async () => {
  api = await startApi({ log });
  operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  for (let n = 0; n < 25; n++) await api.signedIn(`user${n}@example.test`);
});
afterAll(() => api.stop());
afterEach(() => {
  logged.length = 0;
});

const users = (args: string) =>
  operator.read<Connection<Named>>(`{ users(${args}) { edges { cursor node { email } } ${PAGE} } }`);
const found = async (search: string) => {
  const query = 'query($s: String) { users(search: $s, first: 100) { edges { node { email } } } }';
  const { edges } = await operator.read<Connection<Named>>(query, { s: search });
  return edges.map(({ node }) => node['email']);
};

describe('a connection is read forwards, page by page (GraphQL Cursor Connections Specification)', () => {
  const lists: readonly [string, (args: string) => Promise<Connection<unknown>>][] = [
    ['users', users],
    ['auditLog', (args) => operator.read(`{ auditLog(${args}) { edges { cursor node { id } } ${PAGE} } }`)],
    [
      'viewer.sessions',
      async (args) => {
        const query = `{ viewer { sessions(${args}) { edges { cursor node { id } } ${PAGE} } } }`;
        return (await operator.read<{ sessions: Connection<unknown> }>(query)).sessions;
      },
    ],
  ];

  beforeAll(async () => {
    for (let n = 0; n < 10; n++) await api.signedIn('operator@example.test');
  });

  it.each(lists)(
    '%s: every page size gives the same whole, in the same order, nothing twice',
    async (_, list) => {
      const whole = (await list('first: 100')).edges;
      expect(whole.length).toBeGreaterThan(10);
      for (const size of [1, 3, 10, whole.length - 1, whole.length]) {
        const read: unknown[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const { edges, pageInfo }: Connection<unknown> = await list(
            `first: ${size}${after === null ? '' : `, after: "${after}"`}`,
          );
          expect(edges.length).toBeLessThanOrEqual(size);
          expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
          expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
          expect(pageInfo.hasPreviousPage).toBe(false);
          read.push(...edges);
          more = pageInfo.hasNextPage;
          after = pageInfo.endCursor;
        }
        expect(read).toEqual(whole);
      }
    },
  );

  it.each(lists)('%s: an empty page has no cursors, and says that nothing follows', async (_, list) => {
    const { edges, pageInfo } = await list('after: "0"');
    expect(edges).toEqual([]);
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });

  it.each(lists)(
    '%s: a cursor that is none gives an empty page, not an error and not the first page',
    async (_, list) => {
      for (const cursor of ['', 'x', '-1', '1e3', '99999999999999999999', "' or 1=1 --", 'ＡＡ'])
        expect((await list(`after: "${cursor}"`)).edges).toEqual([]);
    },
  );

  it.each(lists)('%s: 20 without a size; from 1 to 100; anything else is refused', async (name, list) => {
    expect((await list('after: null')).edges.length).toBeLessThanOrEqual(20);
    await expect(list('first: 0')).rejects.toThrow('BAD_USER_INPUT');
    await expect(list('first: -1')).rejects.toThrow('BAD_USER_INPUT');
    await expect(list('first: 101'), name).rejects.toThrow('DOCUMENT_TOO_COMPLEX');
    await expect(list('first: null')).rejects.toThrow('GRAPHQL_VALIDATION_FAILED');
  });

  it('a page stays right while rows come and go', async () => {
    const first = await users('first: 5');
    await api.user('latecomer@example.test');
    const second = await users(`first: 5, after: "${first.pageInfo.endCursor}"`);
    const emails = [...first.edges, ...second.edges].map(({ node }) => node['email']);
    expect(new Set(emails).size).toBe(10);
    expect(emails).not.toContain('latecomer@example.test');
  });

  it('sessions that are over are in no list: ended, idle too long, or of before a logout everywhere', async () => {
    const client = await api.signedIn('lister@example.test');
    const [ended, other] = [
      await api.signedIn('lister@example.test'),
      await api.signedIn('lister@example.test'),
    ];
    await ended.send('mutation { logout { accessTokensDeadBy } }');
    const count = async () => {
      const query = '{ viewer { sessions { edges { node { id current } } } } }';
      return (await client.read<{ sessions: Connection<unknown> }>(query)).sessions.edges.length;
    };
    expect(await count()).toBe(2);
    await client.mutate('logoutAllDevices', { exceptCurrent: true });
    expect(await count()).toBe(1);
    expect((await other.refresh()).__typename).toBe('SessionEnded');
  });
});

describe('users are searched by a part of their address or name', () => {
  it('in any case', async () => {
    expect(await found('USER24@')).toEqual(['user24@example.test']);
    expect(await found('r2')).toHaveLength(6);
    expect(await found('')).toHaveLength((await found('@')).length);
  });

  it('wildcards of LIKE are letters like any other', async () => {
    await api.user('per_cent%sign@example.test');
    expect(await found('%')).toEqual(['per_cent%sign@example.test']);
    expect(await found('_')).toEqual(['per_cent%sign@example.test']);
    expect(await found('t%s')).toEqual(['per_cent%sign@example.test']);
    for (const pattern of ['user%4', 'user__@', '\\', '\\%', '%%', 'u*', 'user[0-9]'])
      expect(await found(pattern), pattern).toEqual([]);
  });

  it('a search longer than any address is refused', async () => {
    const query = 'query($s: String) { users(search: $s) { edges { cursor } } }';
    expect(await operator.outcome(query, { s: 'x'.repeat(255) })).toBe('BAD_USER_INPUT');
    expect(await operator.outcome(query, { s: '%'.repeat(60_000) })).toBe('BAD_USER_INPUT');
  });
});

describe('ASVS 1.2.4: hostile text in every argument that is text', () => {
  const CORPUS = [
    "' OR '1'='1",
    "'; DROP TABLE users; --",
    '" OR ""="',
    "admin'/*",
    "1' UNION SELECT password_hash FROM users --",
    "') OR 1=1 LIMIT 1 --",
    '%27%20OR%201%3D1',
    '\u0000',
    "\u0000' OR 1=1 --",
    '\\',
    '\ud800',
    '{{7*7}}',
    '<%= 7*7 %>',
    '$ne',
    '__proto__',
    'constructor',
    '\r\nSet-Cookie: a=b',
    '\u202euser@example.test',
  ];

  /** A value for every argument of a root field, with `text` in each place that takes a text of the client's. */
  function filled(
    args: readonly { name: string; type: GraphQLInputType }[],
    text: string,
  ): Record<string, unknown> {
    const entries = args.flatMap(({ name, type }): [string, unknown][] => {
      const named = getNamedType(type);
      if (isInputObjectType(named)) return [[name, filled(Object.values(named.getFields()), text)]];
      if (named.name === 'String' || named.name === 'ID') return [[name, text]];
      return isNonNullType(type) && named.name === 'Int' ? [[name, 5]] : [];
    });
    return Object.fromEntries(entries);
  }

  const roots = () => {
    const { schema } = api.counterfoil;
    return ([schema.getQueryType(), schema.getMutationType()] as const).flatMap((type) =>
      Object.values(type?.getFields() ?? {})
        .filter(({ args }) => JSON.stringify(filled([...args], 'a text')).includes('a text'))
        .map((field) => ({ kind: type === schema.getQueryType() ? 'query' : 'mutation', field })),
    );
  };

  it('gets a typed answer or a refusal with a public code, and changes nothing', async () => {
    const before = await found('@');
    expect(roots().length).toBeGreaterThan(12);
    for (const { kind, field } of roots()) {
      const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
      const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
      for (const text of CORPUS) {
        const document = `${kind}(${declared}) { ${field.name}(${given}) { __typename } }`;
        const { status, errors, data } = await operator.send(document, filled(field.args, text));
        const what = `${field.name} ${JSON.stringify(text)}`;
        expect([200, 400], what).toContain(status);
        const codes = errors.map(({ extensions }) => extensions.code);
        for (const code of codes) expect(['BAD_USER_INPUT', 'BAD_REQUEST'], what).toContain(code);
        const type = (data?.[field.name] as { __typename?: string } | null)?.__typename ?? '';
        const mayBeName = field.name === 'createVerifier';
        if (kind === 'mutation' && codes.length === 0 && !mayBeName)
          expect(type, what).not.toMatch(/Success$/);
      }
    }
    expect(await found('@')).toEqual(before);
    expect(await operator.whoAmI()).toEqual(expect.any(String));
  });

  it('as the name of a verifier is kept as it is, or refused for what no line can hold', async () => {
    const verifiers = await api.counterfoil.app.store.verifiers.list();
    const kept = verifiers.map(({ name }) => name);
    const printable = CORPUS.filter((text) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text));
    expect(kept.toSorted()).toEqual(printable.toSorted());
  });

  it('as an access token or a cookie: refused, and nothing more', async () => {
    for (const text of CORPUS.filter((each) => /^[\x20-\x7e]*$/.test(each))) {
      const client = api.client();
      client.accessToken = text;
      expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
      client.accessToken = null;
      client.cookie = encodeURIComponent(text);
      expect((await client.refresh()).__typename).toBe('RefreshTokenInvalid');
    }
  });
});

describe('what errors say', () => {
  it('an unexpected fault is masked, and goes to the log whole', async () => {
    const fault = new Error('connection to 10.1.2.3 failed: password=hunter2');
    const spy = vi.spyOn(api.counterfoil.app.store.users, 'find').mockRejectedValueOnce(fault);
    const { errors, body, status } = await operator.send('{ viewer { id } }');
    spy.mockRestore();
    expect(status).toBe(200);
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['viewer'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
    expect(body).not.toMatch(/hunter2|10\.1\.2\.3|at .*\.ts/);
    expect(logged).toContainEqual(expect.objectContaining({ event: 'unexpected', err: fault }));
  });

  it('a value of the wrong type is not repeated to its sender, nor to the log', async () => {
    const query = 'mutation($input: LoginInput!) { login(input: $input) { __typename } }';
    const inputs = [
      { email: 'a@example.test', password: { secret: 'canary 8412' } },
      { email: 'a@example.test', password: 'canary 8412', unknown: 'canary 8412' },
      { email: 'a@example.test', password: ['canary 8412'] },
      { email: 'a@example.test', password: 'x', delivery: 'canary 8412' },
      'canary 8412',
      ['canary 8412'],
    ];
    for (const input of inputs) {
      const { errors, body } = await api.client().send(query, { input });
      expect(errors[0]?.extensions.code, JSON.stringify(input)).toBe('BAD_USER_INPUT');
      expect(body).not.toContain('canary 8412');
    }
    const literal = 'mutation { login(input: { email: "a", password: ["canary 8412"] }) { __typename } }';
    expect((await api.client().send(literal)).body).not.toContain('canary 8412');
    const twice = 'mutation { login(input: { email: "a", password: {a: "canary 8412"} }) { __typename } }';
    expect((await api.client().send(twice)).body).not.toContain('canary 8412');
    expect(JSON.stringify(logged)).not.toContain('canary 8412');
  });

  it('UNAUTHENTICATED says why, as far as a client needs to know', async () => {
    const reason = async (token: string | null) => {
      const client = api.client();
      client.accessToken = token;
      return (await client.send('{ viewer { id } }')).errors[0]?.extensions.reason;
    };
    const client = await api.signedIn('reasons@example.test');
    expect(await reason(null)).toBe('missing');
    expect(await reason('nonsense')).toBe('invalid');
    expect(await reason(client.refreshToken)).toBe('invalid');
    const token = client.accessToken;
    await client.send('mutation { logout { accessTokensDeadBy } }');
    expect(await reason(token)).toBe('revoked');
  });

  it('a bad access token is no hindrance where none is needed: whoever has to refresh can', async () => {
    const client = await api.signedIn('reasons@example.test');
    client.accessToken = 'nonsense';
    expect(await client.read('{ serverInfo { issuer } }')).toEqual({ issuer: expect.any(String) });
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
    expect((await api.client().login('reasons@example.test', PASSWORD)).__typename).toBe('LoginSuccess');
  });

  it('serverInfo says what the deployment promises', async () => {
    const query =
      '{ serverInfo { sessionModel serverTime accessTokenLifetime idleLifetime absoluteLifetime reuseGrace maxStaleness passwordRules { minLength maxLength } } }';
    expect(await api.client().read(query)).toEqual({
      sessionModel: 'HYBRID',
      serverTime: new Date(api.counterfoil.clock.now()).toISOString(),
      accessTokenLifetime: 300,
      idleLifetime: 14 * 86_400,
      absoluteLifetime: 90 * 86_400,
      reuseGrace: 30,
      maxStaleness: 5,
      passwordRules: { minLength: 12, maxLength: 128 },
    });
  });
});
