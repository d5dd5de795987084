/**
 * When what a decision needs cannot be reached, there is no decision: clients are told to try again, and nobody gets in
 * who could not be judged (ASVS V16.5.2, V16.5.3).
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.js';
import { type Client, type MutationName, mutation, PASSWORD } from '../support/api.js';
import { type Loopback, startLoopback } from '../support/loopback.js';

let at: Loopback;
let ada: Client;

beforeEach(async () => {
  at = await startLoopback({ settings: { rateLimits: 'on' } });
  ada = await at.signedIn('ada@example.test');
});

afterEach(() => at.stop());

const store = () => at.counterfoil.app.store;
const bearer = () => ({ authorization: `Bearer ${ada.accessToken}` });
const broken = async (): Promise<never> => {
  throw new Error('It is broken.');
};

async function expectUnavailable(
  query: string,
  variables: unknown = {},
  headers: Record<string, string> = {},
) {
  const answer = await at.post(query, variables, headers);
  const { errors } = (await answer.json()) as { errors: { message: string; extensions: object }[] };
  expect(errors[0]).toMatchObject({
    message: 'The server cannot decide this right now. Try again.',
    extensions: { code: 'UNAVAILABLE', retryAfter: 1 },
  });
  expect(answer.status).toBe(503);
  expect(answer.headers.has('set-cookie')).toBe(false);
}

/** From now on nothing reads the revocation log, and the node’s knowledge of it ages. */
async function letTheLogGoStale(): Promise<void> {
  store().revocations.read = broken;
  await expect
    .poll(async () => {
      at.pass(6);
      return (await at.counterfoil.app.http.readiness()).problems;
    })
    .toContain('the revocation log is stale');
}

describe('a database that is gone', () => {
  beforeEach(() => store().close());

  it('lets nobody in, renews nothing and ends nothing: every operation says to try again', async () => {
    const good = { email: 'ada@example.test', password: PASSWORD };
    await expectUnavailable(mutation('login'), { input: good });
    await expectUnavailable(mutation('login'), { input: { ...good, delivery: 'COOKIE' } });
    await expectUnavailable(mutation('register'), { input: { ...good, email: 'new@example.test' } });
    await expectUnavailable(mutation('refresh'), { input: { refreshToken: ada.refreshToken } });
    const authorized: [MutationName, object][] = [
      ['changePassword', { currentPassword: PASSWORD, newPassword: 'violet tram uphill 27' }],
      ['deleteAccount', { password: PASSWORD }],
      ['logoutAllDevices', {}],
      ['logoutDevice', { sessionId: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ];
    for (const [name, input] of authorized) await expectUnavailable(mutation(name), { input }, bearer());
    await expectUnavailable('mutation { logout { __typename } }', {}, bearer());
    await expectUnavailable('{ viewer { id } }', {}, bearer());
  });

  it('does not turn a bad token into a good one, nor an anonymous caller into somebody', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer x' },
      { authorization: `Bearer ${ada.accessToken}x` },
    ]) {
      const { errors } = (await (
        await at.post('{ viewer { id } }', {}, headers as Record<string, string>)
      ).json()) as {
        errors: { extensions: { code: string } }[];
      };
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });

  it('takes nothing from what needs none: the keys and the server’s facts are still told', async () => {
    expect((await at.fetch('/.well-known/jwks.json')).status).toBe(200);
    expect((await at.fetch('/healthz')).status).toBe(200);
    expect((await at.post('{ serverInfo { sessionModel } }')).status).toBe(200);
  });
});

describe('a revocation log that cannot be read', () => {
  it('is made up for by asking the store: a live session passes, an ended one does not', async () => {
    const other = await at.signedIn('ada@example.test');
    // Another process on the same file ends a session; ours does not hear of it.
    const { config } = at.counterfoil.app;
    const neighbour = await createApp(config, { clock: at.counterfoil.clock });
    store().revocations.read = broken;
    const owner = await neighbour.parts.model.authenticate({ bearer: other.accessToken ?? '', cookie: null });
    if (owner.kind !== 'authenticated') throw new Error('The neighbour knows the session.');
    await neighbour.store.sessions.end({
      sessionId: owner.sessionId,
      ownerId: owner.userId,
      reason: 'logout',
      at: at.counterfoil.clock.now(),
      until: at.counterfoil.clock.now() + 330_000,
      audit: {
        at: 0,
        kind: 'session.ended',
        userId: null,
        actorId: null,
        sessionId: null,
        ipAddress: null,
        detail: null,
      },
    });
    await neighbour.stop();
    expect(await other.whoAmI()).toMatch(/^[\w-]{22}$/);
    await letTheLogGoStale();
    expect(await other.whoAmI()).toBe('UNAUTHENTICATED');
    expect(await ada.whoAmI()).toMatch(/^[\w-]{22}$/);
  });

  it('and a store that cannot be asked either make no yes of it', async () => {
    await letTheLogGoStale();
    await store().close();
    await expectUnavailable('{ viewer { id } }', {}, bearer());
    await expectUnavailable('{ session { id } }', {}, bearer());
    await expectUnavailable(mutation('logoutAllDevices'), { input: {} }, bearer());
  });
});

describe('a part that fails', () => {
  const login = (password: string) =>
    at.post(mutation('login'), { input: { email: 'ada@example.test', password } });

  it.each(['spend', 'refund', 'forget'] as const)(
    'lets nobody in where the limiter does: %s',
    async (method) => {
      store().attempts[method] = broken;
      const text = await (await login(PASSWORD)).text();
      expect(text).toContain('INTERNAL_SERVER_ERROR');
      expect(text).not.toContain('accessToken');
    },
  );

  it('lets nobody in where the session cannot be written, or the failure not be recorded', async () => {
    store().sessions.begin = broken;
    expect(await (await login(PASSWORD)).text()).not.toContain('accessToken');
    store().audit.append = broken;
    expect(await (await login('not the password')).text()).toContain('INTERNAL_SERVER_ERROR');
  });

  it('gives no new tokens where the rotation cannot be written', async () => {
    store().sessions.rotate = broken;
    const answer = await at.post(mutation('refresh'), { input: { refreshToken: ada.refreshToken } });
    expect(await answer.text()).not.toMatch(/accessToken|cfr_/);
  });

  it('leaves the other requests well', async () => {
    store().sessions.begin = broken;
    const [failed, fine] = await Promise.all([login(PASSWORD), at.post('{ viewer { id } }', {}, bearer())]);
    expect(await failed.text()).toContain('INTERNAL_SERVER_ERROR');
    expect(await fine.text()).toMatch(/"id":"[\w-]{22}"/);
  });
});

describe('a disk that is full', () => {
  it('is a reason to try again, not a mistake of ours', async () => {
    const { SqliteError } = (await import('better-sqlite3')).default;
    const { guarded } = await import('../../src/store/sqlite/guarded.js');
    const port = guarded({
      full: async () => {
        throw new SqliteError('database or disk is full', 'SQLITE_FULL');
      },
      wrapped: () => {
        throw new Error('query failed', { cause: new SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE') });
      },
      wrong: async () => {
        throw new SqliteError('no such table', 'SQLITE_ERROR');
      },
    });
    await expect(port.full()).rejects.toMatchObject({ name: 'Unavailable' });
    expect(() => port.wrapped()).toThrow('does not serve');
    await expect(port.wrong()).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
  });
});
