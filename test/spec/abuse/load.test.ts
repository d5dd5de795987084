/** Floods that are no guessing: of registrations, of refreshes, and of work for argon2. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BROADCAST_RULES,
  END_OTHERS_RULES,
  MESSAGE_RULES,
  REFRESH_RULE,
  REGISTER_RULES,
} from '../../../src/account/attempts.js';
import { type Api, type Client, PASSWORD, startApi } from '../../support/api.js';

/** Every real argon2 run, and a gate at which they wait while it is shut. */
const argon2Runs = vi.hoisted(() => ({ hashes: 0, verifications: 0, gate: Promise.resolve() }));

vi.mock('argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('argon2')>();
  return {
    ...real,
    hash: async (password: Buffer, options: { raw: true; salt: Buffer }) => {
      argon2Runs.hashes += 1;
      await argon2Runs.gate;
      return real.hash(password, options);
    },
    verify: async (digest: string, password: Buffer) => {
      argon2Runs.verifications += 1;
      await argon2Runs.gate;
      return real.verify(digest, password);
    },
  };
});

/** Makes every argon2 run wait; the answer lets them go. */
function shutGate(): () => void {
  let open: () => void = () => {};
  argon2Runs.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

const WRONG = 'this is not the password';
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

let api: Api;

beforeEach(async () => {
  api = await startApi({ settings: { rateLimits: 'on' } });
});
afterEach(async () => {
  argon2Runs.gate = Promise.resolve();
  await api.stop();
});

async function workOf(act: () => Promise<unknown>): Promise<{ hashes: number; verifications: number }> {
  const { hashes, verifications } = argon2Runs;
  await act();
  return { hashes: argon2Runs.hashes - hashes, verifications: argon2Runs.verifications - verifications };
}

describe('argon2 works as much for an address that nobody has', () => {
  it('ASVS 6.3.8: a login runs it once for a wrong password and once for an unknown address', async () => {
    await api.user('known@example.test');
    const once = { hashes: 0, verifications: 1 };
    expect(await workOf(() => api.client().login('known@example.test', WRONG))).toEqual(once);
    expect(await workOf(() => api.client().login('unknown@example.test', WRONG))).toEqual(once);
    expect(await workOf(() => api.client().login('no address at all', WRONG))).toEqual(once);
    expect(await workOf(() => api.client().login('x'.repeat(5000), WRONG))).toEqual(once);
  });

  it('a suspended account costs as much as any other', async () => {
    const user = await api.user('gone@example.test');
    const operator = await api.signedIn('operator@example.test', ['OPERATOR']);
    await operator.mutate('suspendUser', { userId: user.id, reason: 'test' });
    for (const password of [WRONG, PASSWORD]) {
      const work = await workOf(() => api.client().login('gone@example.test', password));
      expect(work).toEqual({ hashes: 0, verifications: 1 });
    }
  });

  it('registering an address that is taken hashes as much as registering one that is free', async () => {
    await api.user('taken@example.test');
    const register = (email: string) => api.client().mutate('register', { email, password: PASSWORD });
    const once = { hashes: 1, verifications: 0 };
    expect(await workOf(() => register('taken@example.test'))).toEqual(once);
    expect(await workOf(() => register('free@example.test'))).toEqual(once);
  });

  it('whoever is throttled costs no argon2 at all', async () => {
    await api.user('known@example.test');
    const client = api.client();
    for (const _ of range(5)) await client.login('known@example.test', WRONG);
    const work = await workOf(() => client.login('known@example.test', PASSWORD));
    expect(work).toEqual({ hashes: 0, verifications: 0 });
  });

  it('passwords that no account can have are refused without hashing', async () => {
    const register = (password: string) =>
      api.client().mutate('register', { email: 'new@example.test', password });
    for (const password of ['short', 'x'.repeat(30_000)])
      expect(await workOf(() => register(password))).toEqual({ hashes: 0, verifications: 0 });
  });
});

describe('a full argon2 queue', () => {
  it('refuses what is too much with a time to come back, and nothing else waits for it', async () => {
    const { hasher } = api.counterfoil.app.parts;
    const { concurrency, queueLimit } = api.counterfoil.app.config.passwords;
    const user = await api.signedIn('user@example.test');
    const operator = await api.signedIn('operator@example.test', ['OPERATOR']);

    const open = shutGate();
    const finished: string[] = [];
    const crowd = range(concurrency + queueLimit).map(async (n) => {
      const { __typename } = await api.client().login(`user${n}@example.test`, WRONG);
      finished.push('crowd');
      return __typename;
    });
    await vi.waitFor(() => expect(hasher.stats().waiting).toBe(queueLimit));

    const tooMuch = [
      await api.client().login('user@example.test'),
      await api.client().mutate('register', { email: 'new@example.test', password: PASSWORD }),
      await user.mutate('changePassword', {
        currentPassword: PASSWORD,
        newPassword: 'meadow copper lantern 8',
      }),
      await user.mutate('deleteAccount', { password: PASSWORD }),
    ];
    for (const payload of tooMuch) {
      expect(payload).toMatchObject({ __typename: 'Throttled', retryAfter: expect.any(Number) });
      expect(payload.retryAfter).toBeGreaterThanOrEqual(1);
    }
    expect((await user.refresh()).__typename).toBe('RefreshSuccess');
    expect(await user.whoAmI()).toEqual(expect.any(String));
    expect(await operator.read('{ signingKeys { kid } }')).toHaveLength(2);
    expect((await api.server.inject('/readyz')).statusCode).toBe(200);
    expect(finished).toEqual([]);

    open();
    expect(new Set(await Promise.all(crowd))).toEqual(new Set(['InvalidCredentials']));
    expect((await api.client().login('user@example.test')).__typename).toBe('LoginSuccess');
  });

  it('costs nobody an attempt', async () => {
    const { hasher } = api.counterfoil.app.parts;
    const { concurrency, queueLimit } = api.counterfoil.app.config.passwords;
    await api.user('user@example.test');
    const owner = api.client();
    const open = shutGate();
    const crowd = range(concurrency + queueLimit).map((n) =>
      api.client().login(`user${n}@example.test`, WRONG),
    );
    await vi.waitFor(() => expect(hasher.stats().waiting).toBe(queueLimit));
    for (const _ of range(20)) expect((await owner.login('user@example.test')).__typename).toBe('Throttled');
    open();
    await Promise.all(crowd);
    expect((await owner.login('user@example.test')).__typename).toBe('LoginSuccess');
  });
});

describe('a flood', () => {
  it('of registrations from one address ends at its limit, honest or not; others register on', async () => {
    const points = REGISTER_RULES[0]?.points ?? 0;
    const flooder = api.client();
    const kinds: string[] = [];
    for (const n of range(points + 20)) {
      const password = n % 2 === 0 ? PASSWORD : 'weak';
      const payload = await flooder.mutate('register', { email: `flood${n}@example.test`, password });
      kinds.push(payload.__typename);
    }
    expect(kinds.slice(0, points)).not.toContain('Throttled');
    expect(new Set(kinds.slice(points))).toEqual(new Set(['Throttled']));
    const other = await api.client().mutate('register', { email: 'other@example.test', password: PASSWORD });
    expect(other.__typename).toBe('RegisterSuccess');
  });

  it('of refreshes of one session ends at its limit, and ends neither the session nor anybody else’s', async () => {
    const client = await api.signedIn('user@example.test');
    const other = await api.signedIn('other@example.test');
    const elsewhere = (n: number): Client => {
      const copy = api.client(`100.64.9.${n & 255}`);
      copy.refreshToken = client.refreshToken;
      return copy;
    };
    const kinds: string[] = [];
    for (let sent = 0; sent < REFRESH_RULE.points + 20; sent += 20) {
      const answers = await Promise.all(range(20).map((n) => elsewhere(sent + n).refresh()));
      kinds.push(...answers.map(({ __typename }) => __typename));
    }
    expect(kinds.filter((kind) => kind === 'RefreshSuccess')).toHaveLength(REFRESH_RULE.points);
    expect(kinds.filter((kind) => kind === 'Throttled')).toHaveLength(20);
    expect(await client.whoAmI()).toEqual(expect.any(String));
    expect((await other.refresh()).__typename).toBe('RefreshSuccess');
  });

  it('of endings of all other sessions ends at its limit; ending everything is never refused', async () => {
    const client = await api.signedIn('user@example.test');
    const { points = 0 } = END_OTHERS_RULES[0] ?? {};
    const kinds: string[] = [];
    for (const _ of range(points + 5)) {
      const payload = await client.mutate('logoutAllDevices', { exceptCurrent: true });
      client.accessToken = payload.tokens?.accessToken ?? client.accessToken;
      kinds.push(payload.__typename);
    }
    expect(new Set(kinds.slice(0, points))).toEqual(new Set(['LogoutAllDevicesSuccess']));
    expect(new Set(kinds.slice(points))).toEqual(new Set(['Throttled']));
    expect((await client.mutate('logoutAllDevices', { exceptCurrent: false })).__typename).toBe(
      'LogoutAllDevicesSuccess',
    );
    expect(await client.whoAmI()).toBe('UNAUTHENTICATED');
  });

  it('of messages ends at an operator’s limit, and to everybody at that of all operators', async () => {
    const [one, two] = [
      await api.signedIn('one@example.test', ['USER', 'OPERATOR']),
      await api.signedIn('two@example.test', ['USER', 'OPERATOR']),
    ];
    const NOTIFY = `mutation($input: NotifyUserInput!) { notifyUser(input: $input) {
      __typename ... on Throttled { retryAfter } } }`;
    const send = async (client: Client, input: object) =>
      await client.read<{ __typename: string; retryAfter?: number }>(NOTIFY, {
        input: { text: 'x', ...input },
      });
    const { points: broadcasts = 0 } = BROADCAST_RULES[0] ?? {};
    const { points: messages = 0 } = MESSAGE_RULES[0] ?? {};
    for (const n of range(broadcasts))
      expect((await send(n % 2 ? one : two, {})).__typename).toBe('NotifyUserSuccess');
    for (const client of [one, two])
      expect(await send(client, {})).toMatchObject({
        __typename: 'Throttled',
        retryAfter: expect.any(Number),
      });
    const userId = await one.whoAmI();
    for (const _ of range(messages - broadcasts / 2))
      expect((await send(one, { userId })).__typename).toBe('NotifyUserSuccess');
    expect((await send(one, { userId })).__typename).toBe('Throttled');
    expect((await send(two, { userId })).__typename).toBe('NotifyUserSuccess');
  });

  it('of tokens that are none meets no counter, changes nothing and ends nothing', async () => {
    const client = await api.signedIn('user@example.test');
    const garbage = api.client();
    const answers = await Promise.all(
      range(400).map((n) => garbage.mutate('refresh', { refreshToken: `cfr_${n}` })),
    );
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['RefreshTokenInvalid']));
    expect((await client.refresh()).__typename).toBe('RefreshSuccess');
  });
});
