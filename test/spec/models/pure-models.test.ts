/** The two pure models at the edge that clients touch: the same schema, the same HTTP, and honest answers. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Client, PASSWORD, startApi } from '../../support/api.js';

const MODELS = ['stateful', 'stateless'] as const;
const EMAIL = 'ada@example.test';

describe.each(MODELS)('a server of the %s model', (model) => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi({ settings: { model } });
  });
  afterAll(() => api.stop());

  const browser = (email = EMAIL) => api.signedIn(email, ['USER'], { delivery: 'COOKIE' });

  it('says which model it is', async () => {
    expect(await api.client().read('{ serverInfo { sessionModel } }')).toEqual({
      sessionModel: model.toUpperCase(),
    });
  });

  it('gives a program one token in the body, and no cookie', async () => {
    const client = await api.signedIn(EMAIL);
    expect(client.accessToken).toMatch(model === 'stateful' ? /^cfs_/ : /^eyJ/);
    expect(client.refreshToken).toBeNull();
    expect(client.cookie).toBeNull();
    expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
  });

  it('gives a browser one cookie, and no token that a script could read', async () => {
    const client = await browser();
    expect(client.accessToken).toBeNull();
    expect(client.refreshToken).toBeNull();
    expect(client.cookie).toMatch(model === 'stateful' ? /^cfs_/ : /^eyJ/);
    expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
  });

  it('registers, and reads back the device that registered', async () => {
    const client = api.client();
    const input = { email: `new-${model}@example.test`, password: PASSWORD, deviceName: 'Phone' };
    const registered = await client.mutate('register', input);
    expect(registered).toMatchObject({
      __typename: 'RegisterSuccess',
      session: { deviceName: 'Phone', current: true },
    });
    const { edges } = await client
      .read<{ sessions: { edges: unknown[] } }>(
        '{ viewer { sessions { edges { node { deviceName current } } } } }',
      )
      .then(({ sessions }) => sessions);
    expect(edges).toEqual(model === 'stateful' ? [{ node: { deviceName: 'Phone', current: true } }] : []);
  });

  it.each(['BODY', 'COOKIE'])(
    'renews by what the client sends anyway, with delivery %s',
    async (delivery) => {
      const client = await api.signedIn(EMAIL, ['USER'], { delivery });
      api.pass(120);
      const payload = await client.mutate('refresh', {});
      expect(payload.__typename).toBe('RefreshSuccess');
      expect(payload.tokens?.accessToken === null).toBe(delivery === 'COOKIE');
      expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
    },
  );

  it('refuses what a foreign page sends with the cookie', async () => {
    const { cookie } = await browser();
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const page = api.client(undefined, headers);
      page.cookie = cookie;
      expect(await page.whoAmI()).toBe('FORBIDDEN');
    }
  });

  it('does not take a token from the body or the URL', async () => {
    const { accessToken } = await api.signedIn(EMAIL);
    const response = await api.server.inject({
      method: 'POST',
      url: `/graphql?access_token=${accessToken}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ query: '{ viewer { id } }', access_token: accessToken }),
    });
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('forgets the cookie at logout', async () => {
    const client = await browser();
    const held = client.cookie;
    expect((await client.send('mutation { logout { accessTokensDeadBy } }')).errors).toEqual([]);
    expect(client.cookie).toBeNull();
    expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
    client.cookie = held;
    expect(await client.whoAmI()).toEqual(
      model === 'stateful' ? 'UNAUTHENTICATED' : expect.stringMatching(/^[\w-]{22}$/),
    );
  });

  it('changes the password, and ends other devices only where it can', async () => {
    const email = `change-${model}@example.test`;
    const [here, there] = [await api.signedIn(email), await api.signedIn(email)];
    const input = { currentPassword: PASSWORD, newPassword: 'granite plum 92 ferry' };
    const changed = await here.send(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ... on ChangePasswordSuccess { tokens { accessToken } } } }',
      { input },
    );
    expect(changed.data).toEqual({ changePassword: { tokens: null } });
    expect(await here.whoAmI()).toMatch(/^[\w-]{22}$/);
    expect(await there.whoAmI()).toEqual(
      model === 'stateful' ? 'UNAUTHENTICATED' : expect.stringMatching(/^[\w-]{22}$/),
    );
  });

  it('deletes an account', async () => {
    const client = await api.signedIn(`gone-${model}@example.test`);
    const deleted = await client.mutate('deleteAccount', { password: PASSWORD });
    expect(deleted.__typename).toBe('DeleteAccountSuccess');
    expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
  });

  it('logs out all devices, or says why it cannot', async () => {
    const email = `all-${model}@example.test`;
    const devices: Client[] = [await api.signedIn(email), await api.signedIn(email), await browser(email)];
    const [here, ...others] = devices as [Client, ...Client[]];
    const payload = await here.mutate('logoutAllDevices', { exceptCurrent: true });
    const outcomes = await Promise.all(others.map((client) => client.whoAmI()));
    expect(await here.whoAmI()).toMatch(/^[\w-]{22}$/);
    if (model === 'stateful') {
      expect(payload).toMatchObject({
        __typename: 'LogoutAllDevicesSuccess',
        sessionsEnded: 2,
        tokens: null,
      });
      expect(outcomes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    } else {
      expect(payload).toMatchObject({
        __typename: 'UnsupportedByModel',
        message: expect.stringContaining('keeps no sessions'),
      });
      expect(new Set(outcomes)).toEqual(new Set([await here.whoAmI()]));
    }
  });

  it('ends the sessions of a user for an operator, or says why it cannot', async () => {
    const email = `ended-${model}@example.test`;
    const { id: userId } = await api.user(email);
    const client = await api.signedIn(email);
    const operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
    const payload = await operator.mutate('endUserSessions', { userId });
    expect(payload.__typename).toBe(model === 'stateful' ? 'EndUserSessionsSuccess' : 'UnsupportedByModel');
    expect((await client.whoAmI()) === 'UNAUTHENTICATED').toBe(model === 'stateful');
  });

  it('lets whoever is suspended or gone rule nobody, and undo nothing', async () => {
    const operator = await api.signedIn(`chief-${model}@example.test`, ['USER', 'OPERATOR']);
    const rogue = await api.signedIn(`rogue-${model}@example.test`, ['USER', 'OPERATOR']);
    const gone = await api.signedIn(`left-${model}@example.test`, ['USER', 'OPERATOR']);
    const { id: userId } = await api.user(`rogue-${model}@example.test`);
    await gone.mutate('deleteAccount', { password: PASSWORD });
    expect((await operator.mutate('suspendUser', { userId, reason: 'x' })).__typename).toBe(
      'SuspendUserSuccess',
    );
    const refused = ['FORBIDDEN', 'UNAUTHENTICATED'];
    for (const former of [rogue, gone]) {
      expect(refused).toContain(await former.outcome('{ signingKeys { kid } }'));
      const reinstate = 'mutation ($input: UserIdInput!) { reinstateUser(input: $input) { __typename } }';
      expect(refused).toContain(await former.outcome(reinstate, { input: { userId } }));
    }
    const remove = 'mutation ($input: DeleteAccountInput!) { deleteAccount(input: $input) { __typename } }';
    const removed = await rogue.outcome(remove, { input: { password: PASSWORD } });
    expect(removed).not.toEqual({ __typename: 'DeleteAccountSuccess' });
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }';
    const input = { currentPassword: PASSWORD, newPassword: 'granite plum 92 ferry' };
    expect(await rogue.outcome(change, { input })).not.toEqual({ __typename: 'ChangePasswordSuccess' });
  });

  it('tells when the last access token is really dead', async () => {
    const client = await api.signedIn(EMAIL);
    const { data } = await client.send('mutation { logout { accessTokensDeadBy } }');
    const { accessTokensDeadBy = '' } = (data?.['logout'] ?? {}) as { accessTokensDeadBy?: string };
    const deadBy = Date.parse(accessTokensDeadBy);
    const { app, clock } = api.counterfoil;
    const residual = model === 'stateful' ? 0 : app.config.lifetimes.absoluteTtlMs;
    expect(deadBy - clock.now()).toBe(residual);
  });
});

describe('a session of the stateful model', () => {
  it('goes on while it is used, without any refresh', async () => {
    const api = await startApi({ settings: { model: 'stateful', idleTtl: 600, accessTtl: 300 } });
    try {
      const client = await api.signedIn(EMAIL);
      for (let use = 0; use < 10; use++) {
        api.pass(540);
        expect(await client.whoAmI()).toMatch(/^[\w-]{22}$/);
      }
      api.pass(601);
      expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
    } finally {
      await api.stop();
    }
  });
});
