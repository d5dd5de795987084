/** RFC 7662 (introspection), RFC 7009 (revocation) and RFC 6749 §2.3.1 (client authentication), clause by clause. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endSession } from '../../../src/account/operate.js';
import { withdrawVerifier } from '../../../src/account/verifiers.js';
import type { ModelName } from '../../../src/entities/session-model.js';
import { NOTHING_PRESENTED } from '../../../src/session/contract.js';
import { type Api, startApi } from '../../support/api.js';
import { sharedDatabase } from '../../support/counterfoil.js';
import { newVerifier } from '../../support/feed.js';

type Service = Awaited<ReturnType<typeof newVerifier>>;
const NOBODY = { userId: null, caller: { ipAddress: null, clientLabel: null } };

let api: Api;
let service: Service;

beforeAll(async () => {
  api = await startApi();
  service = await newVerifier(api.counterfoil.app);
});
afterAll(() => api.stop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function post(
  at: Api,
  path: 'introspect' | 'revoke',
  payload: string,
  headers: Record<string, string> = {},
) {
  const answer = await at.server.inject({
    method: 'POST',
    url: `/oauth/${path}`,
    remoteAddress: '198.51.100.7',
    headers: { ...FORM, ...headers },
    payload,
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: answer.json() as Record<string, unknown>,
  };
}

const form = (token: string | null | undefined, more: Record<string, string> = {}) =>
  new URLSearchParams({ token: token ?? '', ...more }).toString();
const introspect = (token: string | null | undefined) =>
  post(api, 'introspect', form(token), { authorization: service.bearer });
const revoke = (token: string | null | undefined) =>
  post(api, 'revoke', form(token), { authorization: service.bearer });

const renew = (at: Api, refreshToken: string | null, idempotencyKey: string | null = null) =>
  at.counterfoil.app.parts.model.renew({
    refreshToken,
    presented: NOTHING_PRESENTED,
    idempotencyKey,
    ipAddress: null,
  });

let people = 0;
function signIn(at = api) {
  people += 1;
  return at.counterfoil.signedInAs({ email: `person${people}@example.test` });
}

describe('RFC 6749 §2.3.1: a client authenticates', () => {
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

  it('MUST be able to by HTTP Basic with id and secret', async () => {
    const answer = await post(api, 'introspect', form('x'), { authorization: service.basic });
    expect(answer).toMatchObject({ status: 200, body: { active: false } });
  });

  it('MAY have form-encoded either of them more than was needed', async () => {
    const encoded = service.credential.replace('cfv_', 'cfv%5F');
    const answer = await post(api, 'introspect', form('x'), {
      authorization: basic(service.verifier.id, encoded),
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['nothing', () => undefined],
    ['an empty header', () => ''],
    ['another scheme', () => `Digest ${service.credential}`],
    ['a secret that is not its own', () => basic(service.verifier.id, `cfv_${'A'.repeat(71)}`)],
    ['an id that is not its own', () => basic('AAAAAAAAAAAAAAAAAAAAAA', service.credential)],
    ['no id', () => basic('', service.credential)],
    ['no colon', () => `Basic ${Buffer.from(service.credential).toString('base64')}`],
    ['an encoding that does not decode', () => basic(service.verifier.id, '%zz')],
    ['a bearer token with one bit changed', () => `Bearer ${flipped(service.credential)}`],
    ['the same in another spelling', () => `Bearer ${service.credential}=`],
    ['two credentials', () => `${service.bearer}, ${service.bearer}`],
  ])('MUST be answered 401 with a challenge for %s', async (_, authorization) => {
    const value = authorization();
    const answer = await post(
      api,
      'introspect',
      form('x'),
      value === undefined ? {} : { authorization: value },
    );
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.headers['www-authenticate']).toMatch(
      /^Basic realm="counterfoil".*Bearer realm="counterfoil"$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('MUST NOT be let in by a user’s access token, an operator’s too', async () => {
    const operator = await api.counterfoil.signedInAs({}, ['USER', 'OPERATOR']);
    const answer = await post(api, 'introspect', form('x'), {
      authorization: `Bearer ${operator.tokens.accessToken}`,
    });
    expect(answer.status).toBe(401);
  });

  it('MUST NOT use two methods at once: a secret in the body is refused', async () => {
    const body = form('x', { client_secret: service.credential });
    expect(await post(api, 'introspect', body, { authorization: service.bearer })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect((await post(api, 'introspect', body)).status).toBe(401);
  });

  it('is refused a second after it was withdrawn', async () => {
    const gone = await newVerifier(api.counterfoil.app);
    const ask = () => post(api, 'introspect', form('x'), { authorization: gone.bearer });
    expect((await ask()).status).toBe(200);
    await withdrawVerifier(api.counterfoil.app.parts, gone.verifier.id, NOBODY);
    api.counterfoil.clock.advance(1_000);
    expect((await ask()).status).toBe(401);
  });

  it('is slowed down after a hundred failures of its address, and a good credential from there never', async () => {
    const limited = await startApi({ settings: { rateLimits: 'on' } });
    try {
      const known = await newVerifier(limited.counterfoil.app);
      const gone = await newVerifier(limited.counterfoil.app);
      await withdrawVerifier(limited.counterfoil.app.parts, gone.verifier.id, NOBODY);
      const statuses = new Set<number>();
      for (let n = 0; n < 101; n += 1)
        statuses.add((await post(limited, 'introspect', form('x'), { authorization: gone.bearer })).status);
      expect([...statuses]).toEqual([401, 429]);
      const refused = await post(limited, 'introspect', form('x'), { authorization: gone.bearer });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await post(limited, 'introspect', form('x'), { authorization: known.bearer })).status).toBe(
        200,
      );
    } finally {
      await limited.stop();
    }
  });
});

describe('the request', () => {
  it.each([
    ['no token', ''],
    ['an empty token', 'token='],
    ['a token twice', 'token=a&token=a'],
    ['a hint twice', 'token=a&token_type_hint=x&token_type_hint=y'],
    ['a body that does not decode', 'token=%zz'],
    ['a body that is not UTF-8', 'token=%ff'],
  ])('MUST be refused with %s', async (_, payload) => {
    for (const path of ['introspect', 'revoke'] as const)
      expect(await post(api, path, payload, { authorization: service.bearer })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
  });

  it('MUST be a form', async () => {
    const headers = { authorization: service.bearer, 'content-type': 'application/json' };
    expect(await post(api, 'introspect', '{"token":"x"}', headers)).toMatchObject({
      status: 415,
      body: { error: 'invalid_request' },
    });
  });

  it('is refused when it is too large', async () => {
    const answer = await post(api, 'introspect', form('x'.repeat(17_000)), { authorization: service.bearer });
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } });
  });

  it.each(['access_token', 'refresh_token', 'nonsense'])(
    'MAY have a hint, which changes nothing: %s',
    async (token_type_hint) => {
      const { tokens } = await signIn();
      for (const token of [tokens.accessToken, tokens.refreshToken ?? '']) {
        const answer = await post(api, 'introspect', form(token, { token_type_hint }), {
          authorization: service.bearer,
        });
        expect(answer.body).toMatchObject({ active: true });
      }
    },
  );

  it('reads no token from the URL', async () => {
    const { tokens } = await signIn();
    const answer = await api.server.inject({
      method: 'POST',
      url: `/oauth/introspect?${form(tokens.accessToken)}`,
      headers: { ...FORM, authorization: service.bearer },
    });
    expect(answer.statusCode).toBe(400);
  });
});

describe('RFC 7662 §2.2: introspection of an access token', () => {
  it('says of a good one what it says of itself', async () => {
    const { tokens, user, session } = await signIn();
    const claims = JSON.parse(
      Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, unknown>;
    const { epoch: _, ...told } = claims;
    const answer = await introspect(tokens.accessToken);
    expect(answer.body).toEqual({ active: true, token_type: 'Bearer', ...told });
    expect(answer.body).toMatchObject({ sub: user.id, sid: session.id, scope: 'user' });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each([
    ['garbage', async () => 'x'],
    ['one of nobody', async () => 'cfr_nonsense'],
    ['one that was tampered with', async () => flipped((await signIn()).tokens.accessToken)],
    [
      'one whose session has ended',
      async () => {
        const signedIn = await signIn();
        await api.counterfoil.run('mutation { logout { accessTokensDeadBy } }', signedIn);
        return signedIn.tokens.accessToken;
      },
    ],
    [
      'one of a user who is suspended',
      async () => {
        const [operator, { user, tokens }] = [
          await api.counterfoil.signedInAs({}, ['USER', 'OPERATOR']),
          await signIn(),
        ];
        const document = 'mutation($i: SuspendUserInput!) { suspendUser(input: $i) { __typename } }';
        await api.counterfoil.run(document, operator, { i: { userId: user.id, reason: '' } });
        return tokens.accessToken;
      },
    ],
    [
      'one that has expired',
      async () => {
        const { tokens } = await signIn();
        api.counterfoil.clock.advance(301_000);
        return tokens.accessToken;
      },
    ],
    ['the credential of the verifier itself', async () => service.credential],
  ])('MUST say no more than inactive of %s', async (_, token) => {
    expect((await introspect(await token())).text).toBe('{"active":false}');
  });

  it('tells the truth of now, also where this process has not heard of it yet', async () => {
    const database = await sharedDatabase();
    const settings = { database: database.setting };
    const [here, elsewhere] = [await startApi({ settings }), await startApi({ settings })];
    try {
      const { bearer: authorization } = await newVerifier(here.counterfoil.app);
      const { model } = here.counterfoil.app.parts;
      let behind = 0;
      for (let attempt = 0; attempt < 20 && behind === 0; attempt += 1) {
        const { tokens, session } = await signIn(here);
        await endSession(elsewhere.counterfoil.app.parts, session.id, NOBODY);
        const known = await model.authenticate({ bearer: tokens.accessToken, cookie: null });
        if (known.kind === 'authenticated') behind += 1;
        const answer = await post(here, 'introspect', form(tokens.accessToken), { authorization });
        expect(answer.body).toEqual({ active: false });
      }
      expect(behind).toBe(1);
    } finally {
      await here.stop();
      await elsewhere.stop();
      await database.drop();
    }
  });
});

describe('RFC 7662 §2.2: introspection of a refresh token', () => {
  it('says whose it is and when the session dies, without using it up', async () => {
    const { tokens, session, user } = await signIn();
    for (const _ of [1, 2]) {
      expect((await introspect(tokens.refreshToken)).body).toEqual({
        active: true,
        scope: 'user',
        client_id: 'counterfoil',
        iss: 'http://localhost:4000',
        sub: user.id,
        sid: session.id,
        exp: Math.floor((tokens.refreshTokenExpiresAt ?? 0) / 1000),
        auth_time: Math.floor(session.createdAt / 1000),
      });
    }
    expect(await renew(api, tokens.refreshToken)).toMatchObject({ kind: 'renewed', verdict: 'rotate' });
  });

  it('is no use of it: a session that nobody refreshes dies on its day all the same', async () => {
    const { tokens } = await signIn();
    const day = 86_400_000;
    for (let days = 0; days < 13; days += 1) {
      api.counterfoil.clock.advance(day);
      expect((await introspect(tokens.refreshToken)).body['active']).toBe(true);
    }
    api.counterfoil.clock.advance(day);
    expect((await introspect(tokens.refreshToken)).text).toBe('{"active":false}');
  });

  it('calls a used-up one active for as long as it would still be answered with tokens, and no longer', async () => {
    const plain = await signIn();
    await renew(api, plain.tokens.refreshToken);
    expect((await introspect(plain.tokens.refreshToken)).body['active']).toBe(true);
    api.counterfoil.clock.advance(30_001);
    expect((await introspect(plain.tokens.refreshToken)).text).toBe('{"active":false}');
    const keyed = await signIn();
    await renew(api, keyed.tokens.refreshToken, 'a key');
    expect((await introspect(keyed.tokens.refreshToken)).text).toBe('{"active":false}');
  });

  it('never counts as reuse: the session of a used-up token lives on', async () => {
    const { tokens } = await signIn();
    const second = await renew(api, tokens.refreshToken, 'one');
    const next = second.kind === 'renewed' ? second.tokens.refreshToken : null;
    await introspect(tokens.refreshToken);
    expect(await renew(api, next, 'two')).toMatchObject({ kind: 'renewed' });
  });
});

describe('RFC 7009: revocation', () => {
  const audited = async () => {
    const page = await api.counterfoil.app.store.audit.list(
      { userId: null, kind: 'session.ended' },
      { first: 1, after: null },
    );
    return page.items[0]?.item;
  };

  it.each([
    ['an access token', (tokens: Held) => tokens.accessToken],
    ['a refresh token', (tokens: Held) => tokens.refreshToken],
  ])('§2.1 MUST end the session that %s belongs to, with all its tokens', async (_, chosen) => {
    const { tokens, session } = await signIn();
    const answer = await revoke(chosen(tokens));
    expect(answer.status).toBe(200);
    for (const token of [tokens.accessToken, tokens.refreshToken])
      expect((await introspect(token)).text).toBe('{"active":false}');
    expect(await renew(api, tokens.refreshToken)).toEqual({ kind: 'ended' });
    expect(await audited()).toMatchObject({
      sessionId: session.id,
      ipAddress: '198.51.100.7',
      detail: `logout by verifier ${service.verifier.id}`,
    });
  });

  it.each(['x', 'cfr_nonsense', `cfs_${'A'.repeat(50)}`])(
    '§2.2 MUST answer 200 for what is no token: %s',
    async (token) => expect(await revoke(token)).toMatchObject({ status: 200, body: {} }),
  );

  it('§2.2 is idempotent', async () => {
    const { tokens } = await signIn();
    const answers = [await revoke(tokens.refreshToken), await revoke(tokens.refreshToken)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, '{}'],
      [200, '{}'],
    ]);
  });

  it('of an access token that has expired ends nothing', async () => {
    const { tokens } = await signIn();
    api.counterfoil.clock.advance(301_000);
    expect((await revoke(tokens.accessToken)).status).toBe(200);
    expect(await renew(api, tokens.refreshToken)).toMatchObject({ kind: 'renewed' });
  });

  it('by a used-up refresh token ends the session, as its reuse would, and says so in the audit log', async () => {
    const { tokens, session } = await signIn();
    const second = await renew(api, tokens.refreshToken, 'one');
    const next = second.kind === 'renewed' ? second.tokens.refreshToken : null;
    expect((await revoke(tokens.refreshToken)).status).toBe(200);
    expect(await renew(api, next, 'two')).toEqual({ kind: 'ended' });
    expect(await audited()).toMatchObject({ sessionId: session.id });
    expect((await audited())?.detail).toMatch(/, by a used-up token$/);
  });
});

describe('in the other session models', () => {
  async function inModel(model: ModelName, work: (at: Api, ask: Ask) => Promise<void>) {
    const at = await startApi({ settings: { model } });
    const { bearer: authorization } = await newVerifier(at.counterfoil.app);
    try {
      await work(at, (path, token) => post(at, path, form(token), { authorization }));
    } finally {
      await at.stop();
    }
  }
  type Ask = (path: 'introspect' | 'revoke', token: string) => ReturnType<typeof post>;

  it('stateful: an opaque token is told of, revoked, and gone', () =>
    inModel('stateful', async (at, ask) => {
      const { tokens, session, user } = await signIn(at);
      const { body } = await ask('introspect', tokens.accessToken);
      expect(body).toMatchObject({ active: true, sub: user.id, sid: session.id, token_type: 'Bearer' });
      expect(body).not.toHaveProperty('jti');
      expect((await ask('revoke', tokens.accessToken)).status).toBe(200);
      expect((await ask('introspect', tokens.accessToken)).text).toBe('{"active":false}');
    }));

  it('stateless: a token is told of, and revoking it answers unsupported_token_type (RFC 7009 §2.2.1)', () =>
    inModel('stateless', async (at, ask) => {
      const { tokens, user } = await signIn(at);
      expect((await ask('introspect', tokens.accessToken)).body).toMatchObject({
        active: true,
        sub: user.id,
      });
      const refused = await ask('revoke', tokens.accessToken);
      expect(refused).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } });
      expect((await ask('introspect', tokens.accessToken)).body).toMatchObject({ active: true });
      expect((await ask('revoke', 'garbage')).status).toBe(200);
    }));
});

it('the metadata names the endpoints and how to authenticate (RFC 8414 §2)', async () => {
  const answer = await api.server.inject('/.well-known/oauth-authorization-server');
  expect(answer.json()).toMatchObject({
    introspection_endpoint: 'http://localhost:4000/oauth/introspect',
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_endpoint: 'http://localhost:4000/oauth/revoke',
    revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
    revocation_feed_endpoint: 'http://localhost:4000/revocations',
  });
});

describe('a database that is away', () => {
  it('is told with 503 and when to try again, and nothing is said of any token', async () => {
    const at = await startApi();
    const { bearer: authorization } = await newVerifier(at.counterfoil.app);
    const { tokens } = await signIn(at);
    await at.counterfoil.app.store.close();
    for (const path of ['introspect', 'revoke'] as const) {
      for (const token of [tokens.accessToken, tokens.refreshToken]) {
        const answer = await post(at, path, form(token), { authorization });
        expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
        expect(answer.headers['retry-after']).toBe('1');
        expect(answer.body).not.toHaveProperty('active');
      }
    }
    await at.server.close();
  });
});

interface Held {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/** The same with one character changed in its middle. */
function flipped(token: string): string {
  const at = Math.floor(token.length / 2);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
