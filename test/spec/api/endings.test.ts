/** logout, logoutDevice, logoutAllDevices, changePassword and deleteAccount: what ends, what lives on, who is told what. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Client, COOKIE, PASSWORD, startApi } from '../../support/api.js';
import { decodeJwt } from '../../support/jwt.js';

const NEW_PASSWORD = 'meadow copper lantern 8';
const LOGOUT = 'mutation { logout { accessTokensDeadBy } }';
const STALENESS_MS = 5000;
const REVOKED = { code: 'UNAUTHENTICATED', reason: 'revoked' };

let api: Api;
let people = 0;
let email = '';

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const newcomer = () => {
  people += 1;
  email = `person${people}@example.test`;
  return api.signedIn(email);
};
const device = (more = {}) => api.signedIn(email, ['USER'], more);
const idOf = async (client: Client) => (await client.read<{ id: string }>('{ session { id } }')).id;
const why = async (client: Client) => (await client.send('{ viewer { id } }')).errors[0]?.extensions;

async function expectDead(client: Client): Promise<void> {
  expect(await why(client)).toEqual(REVOKED);
  expect((await client.refresh()).__typename).toBe('SessionEnded');
}

async function expectAlive(client: Client): Promise<void> {
  expect(await client.whoAmI()).not.toBe('UNAUTHENTICATED');
  expect((await client.refresh()).__typename).toBe('RefreshSuccess');
}

describe('logout', () => {
  it('by access token: ends this session at once and no other, and says when its tokens are dead everywhere', async () => {
    const [one, two] = [await newcomer(), await device()];
    const at = api.counterfoil.clock.now();
    const { accessTokensDeadBy } = await one.read<{ accessTokensDeadBy: string }>(LOGOUT);
    expect(Date.parse(accessTokensDeadBy)).toBe(at + STALENESS_MS);
    await expectDead(one);
    await expectAlive(two);
  });

  it('by cookie alone, when the access token has expired or is not sent; the cookie is cleared', async () => {
    await newcomer();
    for (const forget of [true, false]) {
      const browser = await device({ delivery: 'COOKIE' });
      if (forget) browser.accessToken = null;
      else api.pass(301);
      const { cookie } = browser;
      const answer = await browser.send(LOGOUT);
      expect(answer.errors).toEqual([]);
      expect(String(answer.headers['set-cookie'])).toMatch(new RegExp(`^${COOKIE}=; Max-Age=0;`));
      browser.cookie = cookie;
      expect((await browser.refresh()).__typename).toBe('SessionEnded');
    }
  });

  it('by cookie and access token of two sessions: ends both, since both are proven', async () => {
    const native = await newcomer();
    const browser = await device({ delivery: 'COOKIE' });
    const both = api.client();
    both.accessToken = native.accessToken;
    both.cookie = browser.cookie;
    await both.send(LOGOUT);
    await expectDead(native);
    await expectDead(browser);
  });

  it('with the cookie of a session that is over already: done, and the cookie is cleared', async () => {
    await newcomer();
    const browser = await device({ delivery: 'COOKIE' });
    const { cookie } = browser;
    await browser.send(LOGOUT);
    const again = api.client();
    again.cookie = cookie;
    expect((await again.send(LOGOUT)).errors).toEqual([]);
    expect(again.cookie).toBeNull();
  });

  it('by nobody: UNAUTHENTICATED, with the reason', async () => {
    const anonymous = await api.client().send(LOGOUT);
    expect(anonymous.errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'missing' });
    const client = await newcomer();
    api.pass(301);
    expect((await client.send(LOGOUT)).errors[0]?.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      reason: 'expired',
    });
  });
});

describe('logoutDevice', () => {
  it('ends one of the caller’s sessions: the other device is out at once, this one stays', async () => {
    const [here, there] = [await newcomer(), await device({ deviceName: 'Old telephone' })];
    const payload = await here.mutate('logoutDevice', { sessionId: await idOf(there) });
    expect(payload.session).toMatchObject({ deviceName: 'Old telephone', current: false });
    await expectDead(there);
    await expectAlive(here);
  });

  it('SessionNotFound for one that has ended already', async () => {
    const [here, there] = [await newcomer(), await device()];
    const sessionId = await idOf(there);
    await here.mutate('logoutDevice', { sessionId });
    expect((await here.mutate('logoutDevice', { sessionId })).__typename).toBe('SessionNotFound');
  });

  it('this very device, by cookie: the cookie is cleared', async () => {
    await newcomer();
    const browser = await device({ delivery: 'COOKIE' });
    await browser.mutate('logoutDevice', { sessionId: await idOf(browser) });
    expect(browser.cookie).toBeNull();
  });
});

describe('logoutAllDevices', () => {
  it('ends all sessions, this one too, and counts them', async () => {
    const devices = [await newcomer(), await device(), await device({ delivery: 'COOKIE' })];
    const payload = await devices[0]?.mutate('logoutAllDevices', { exceptCurrent: false });
    expect(payload).toMatchObject({ __typename: 'LogoutAllDevicesSuccess', sessionsEnded: 3, tokens: null });
    for (const each of devices) await expectDead(each);
    expect((await api.client().login(email)).__typename).toBe('LoginSuccess');
  });

  it('without an input, ends all', async () => {
    const client = await newcomer();
    await client.send('mutation { logoutAllDevices { __typename } }');
    await expectDead(client);
  });

  it('or all but this one, which gets fresh tokens: its old access token is dead with the others', async () => {
    const [here, there] = [await newcomer(), await device()];
    const before = here.accessToken;
    const payload = await here.mutate('logoutAllDevices', { exceptCurrent: true });
    expect(payload.sessionsEnded).toBe(1);
    await expectDead(there);
    await expectAlive(here);
    const stolen = api.client();
    stolen.accessToken = before;
    expect(await why(stolen)).toEqual(REVOKED);
  });

  it('a browser that stays gets its tokens by cookie', async () => {
    await newcomer();
    const browser = await device({ delivery: 'COOKIE' });
    const payload = await browser.mutate('logoutAllDevices', { exceptCurrent: true });
    expect(payload.tokens?.refreshToken).toBeNull();
    await expectAlive(browser);
  });
});

describe('changePassword', () => {
  const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

  it('ends every other session; this one lives on with fresh tokens; only the new password signs in', async () => {
    const [here, there] = [await newcomer(), await device()];
    const before = here.accessToken;
    const payload = await here.mutate('changePassword', change);
    expect(payload).toMatchObject({
      __typename: 'ChangePasswordSuccess',
      sessionsEnded: 1,
      viewer: { email },
    });
    await expectDead(there);
    await expectAlive(here);
    const stolen = api.client();
    stolen.accessToken = before;
    expect(await why(stolen)).toEqual(REVOKED);
    expect((await api.client().login(email)).__typename).toBe('InvalidCredentials');
    expect((await api.client().login(email, NEW_PASSWORD)).__typename).toBe('LoginSuccess');
  });

  it('proves nothing anew: auth_time, scope and audience stay, and so does the end of the session', async () => {
    const client = await newcomer();
    const before = decodeJwt(client.accessToken ?? '');
    const { expiresAt } = await client.read<{ expiresAt: string }>('{ session { expiresAt } }');
    api.pass(100);
    await client.mutate('changePassword', change);
    const { auth_time, scope, aud, sid, sub } = before;
    expect(decodeJwt(client.accessToken ?? '')).toMatchObject({ auth_time, scope, aud, sid, sub });
    expect((await client.read<{ expiresAt: string }>('{ session { expiresAt } }')).expiresAt).toBe(expiresAt);
  });

  it('InvalidCredentials: the present password is wrong; nothing has ended', async () => {
    const [here, there] = [await newcomer(), await device()];
    const payload = await here.mutate('changePassword', { ...change, currentPassword: 'not it at all' });
    expect(payload.__typename).toBe('InvalidCredentials');
    await expectAlive(there);
    expect((await api.client().login(email)).__typename).toBe('LoginSuccess');
  });

  it('WeakPassword: says why; nothing has ended', async () => {
    const [here, there] = [await newcomer(), await device()];
    const payload = await here.mutate('changePassword', { ...change, newPassword: 'tqzvkw93ub' });
    expect(payload.reasons).toEqual(['The password must have at least 12 characters.']);
    await expectAlive(there);
  });

  it('a login with the old password never survives the change, whichever of them is first', async () => {
    for (let round = 0; round < 20; round++) {
      const here = await newcomer();
      const intruders = Array.from({ length: 4 }, () => api.client());
      const before = intruders.slice(0, 2).map((client) => client.login(email));
      const changing = here.mutate('changePassword', change);
      const after = intruders.slice(2).map((client) => client.login(email));
      await Promise.all([...before, changing, ...after]);
      expect((await changing).__typename).toBe('ChangePasswordSuccess');
      for (const intruder of intruders) {
        expect(await intruder.whoAmI()).toBe('UNAUTHENTICATED');
        if (intruder.refreshToken !== null)
          expect((await intruder.refresh()).__typename).toBe('SessionEnded');
      }
      await expectAlive(here);
    }
  });

  it('of two changes at once one wins, and the other is told that its password is of the past', async () => {
    const [here, there] = [await newcomer(), await device()];
    const payloads = await Promise.all([
      here.mutate('changePassword', change),
      there.mutate('changePassword', { ...change, newPassword: 'harbour silver thistle 3' }),
    ]);
    const kinds = payloads.map(({ __typename }) => __typename).sort();
    expect(kinds).toEqual(['ChangePasswordSuccess', 'InvalidCredentials']);
  });

  it('nothing makes a password expire: five years later it signs in', async () => {
    await newcomer();
    api.pass(5 * 366 * 86_400);
    expect((await api.client().login(email)).__typename).toBe('LoginSuccess');
  });
});

describe('deleteAccount', () => {
  it('ends everything; the same address registers again, as another user', async () => {
    const [here, there] = [await newcomer(), await device()];
    const before = await here.whoAmI();
    expect((await here.mutate('deleteAccount', { password: PASSWORD })).__typename).toBe(
      'DeleteAccountSuccess',
    );
    await expectDead(here);
    await expectDead(there);
    expect((await api.client().login(email)).__typename).toBe('InvalidCredentials');
    const again = api.client();
    const { viewer } = await again.mutate('register', { email, password: PASSWORD });
    expect(viewer?.id).toEqual(expect.any(String));
    expect(viewer?.id).not.toBe(before);
    expect(await why(here)).toEqual(REVOKED);
  });

  it('InvalidCredentials: nothing is deleted', async () => {
    const client = await newcomer();
    expect((await client.mutate('deleteAccount', { password: 'wrong' })).__typename).toBe(
      'InvalidCredentials',
    );
    await expectAlive(client);
  });

  it('clears the cookie', async () => {
    await newcomer();
    const browser = await device({ delivery: 'COOKIE' });
    await browser.mutate('deleteAccount', { password: PASSWORD });
    expect(browser.cookie).toBeNull();
  });
});
