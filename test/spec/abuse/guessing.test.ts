/** Limits on guessing, at the figures of docs/limits.md: ASVS 6.3.1, and 6.1.1 for whoever is not guessing. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ADDRESS_RULES, PAIR_RULES, SESSION_RULES, STRANGER_RULES } from '../../../src/account/attempts.js';
import { type Api, type Client, mutation, PASSWORD, type Payload, startApi } from '../../support/api.js';

const OWNER = 'owner@example.test';
const WRONG = 'this is not the password';
const [PER_MINUTE, PER_HOUR, PER_DAY] = PAIR_RULES.map(({ points }) => points) as [number, number, number];
const PER_ADDRESS = ADDRESS_RULES[0]?.points ?? 0;
const BY_STRANGERS = STRANGER_RULES[0]?.points ?? 0;
const DAY_MS = 86_400_000;

let api: Api;

beforeEach(async () => {
  // The limiter reads the wall clock itself; here it stands still until a test moves it.
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
  api = await startApi({ settings: { rateLimits: 'on' } });
  await api.user(OWNER);
});
afterEach(async () => {
  await api.stop();
  vi.useRealTimers();
});

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const guess = (from: Client, email = OWNER, password = WRONG) => from.login(email, password);

/** How many of these guesses were compared with a password at all. */
const accepted = (payloads: readonly Payload[]) =>
  payloads.filter(({ __typename }) => __typename !== 'Throttled').length;

async function inTurn(count: number, attempt: (index: number) => Promise<Payload>): Promise<Payload[]> {
  const payloads: Payload[] = [];
  for (let index = 0; index < count; index++) payloads.push(await attempt(index));
  return payloads;
}

/** Strangers from everywhere use up what they have on the account. */
const siege = (email = OWNER) => inTurn(3 * BY_STRANGERS, (n) => guess(api.client(`100.64.0.${n}`), email));

describe('guesses that are let through are never more than documented', () => {
  it('1 account x 200 guesses from one address: as many as its minute allows, the rest is told when to come back', async () => {
    const stranger = api.client();
    const payloads = await inTurn(200, () => guess(stranger));
    expect(accepted(payloads)).toBe(PER_MINUTE);
    expect(new Set(payloads.slice(PER_MINUTE).map(({ __typename }) => __typename))).toEqual(
      new Set(['Throttled']),
    );
    for (const { retryAfter } of payloads.slice(PER_MINUTE)) {
      expect(retryAfter).toBeGreaterThanOrEqual(1);
      expect(retryAfter).toBeLessThanOrEqual(60);
    }
  });

  it('one address that always comes back as soon as it may gets through as often in a day as documented', async () => {
    const stranger = api.client();
    const startedAt = Date.now();
    const until = { hour: 0, day: 0 };
    while (Date.now() < startedAt + DAY_MS) {
      const { retryAfter } = await guess(stranger);
      if (retryAfter !== undefined) later(retryAfter);
      else {
        until.day += 1;
        if (Date.now() < startedAt + 3_600_000) until.hour += 1;
      }
    }
    expect(until).toEqual({ hour: PER_HOUR, day: PER_DAY });
  });

  it('200 accounts x 1 guess from one address: as many as the address may fail in all', async () => {
    const stranger = api.client();
    const payloads = await inTurn(200, (n) => guess(stranger, `user${n}@example.test`));
    expect(accepted(payloads)).toBe(PER_ADDRESS);
  });

  it('one account, 200 addresses: as many as strangers have together', async () => {
    const payloads = await inTurn(200, (n) => guess(api.client(`100.64.1.${n}`)));
    expect(accepted(payloads)).toBe(BY_STRANGERS);
  });

  it('50 guesses in parallel: no more than 50 in turn', async () => {
    const stranger = api.client();
    const payloads = await Promise.all(Array.from({ length: 50 }, () => guess(stranger)));
    expect(accepted(payloads)).toBe(PER_MINUTE);
  });

  it('50 guesses in parallel from 50 addresses: no more than strangers have together', async () => {
    const payloads = await Promise.all(
      Array.from({ length: 50 }, (_, n) => guess(api.client(`100.64.2.${n}`))),
    );
    expect(accepted(payloads)).toBe(BY_STRANGERS);
  });

  it('rotation through an IPv6 /64: one address, as far as limits go', async () => {
    const hosts = Array.from({ length: 60 }, (_, n) => api.client(`2001:db8:0:7::${(n + 1).toString(16)}`));
    const payloads = await inTurn(60, (n) => guess(hosts[n] as Client));
    expect(accepted(payloads)).toBe(PER_MINUTE);
    expect((await guess(api.client('2001:db8:0:8::1'))).__typename).toBe('InvalidCredentials');
  });

  it.each([
    ['an upper-case spelling', () => OWNER.toUpperCase()],
    ['fullwidth letters', () => OWNER.replace('o', '\uff4f')],
    ['spaces before it, more than an address is long', (n: number) => ' '.repeat(250 + n) + OWNER],
    ['spaces after it', (n: number) => OWNER + ' '.repeat(n)],
    ['a byte order mark', () => `\ufeff${OWNER}`],
  ])('%s of the address has no counters of its own', async (_, spell) => {
    const stranger = api.client();
    const payloads = await inTurn(80, (n) => guess(stranger, spell(n)));
    expect(accepted(payloads)).toBe(PER_MINUTE);
    expect((await guess(stranger)).__typename).toBe('Throttled');
  });

  it('a forged X-Forwarded-For does not move the bucket', async () => {
    const payloads = await inTurn(20, (n) =>
      guess(
        api.client('203.0.113.9', { 'x-forwarded-for': `198.51.100.${n}`, forwarded: `for=198.51.100.${n}` }),
      ),
    );
    expect(accepted(payloads)).toBe(PER_MINUTE);
  });

  it('behind a configured proxy it is the client that counts, and what the client wrote itself does not', async () => {
    const proxied = await startApi({ settings: { rateLimits: 'on', trustedProxies: ['10.0.0.1'] } });
    const via = (header: string) => proxied.client('10.0.0.1', { 'x-forwarded-for': header });
    const forged = await inTurn(20, (n) => guess(via(`198.51.100.${n}, 203.0.113.9`)));
    expect(accepted(forged)).toBe(PER_MINUTE);
    expect((await guess(via('203.0.113.10'))).__typename).toBe('InvalidCredentials');
    await proxied.stop();
  });

  it('the current password is guessed at no faster, by whatever address a stolen token is used from', async () => {
    const thief = await api.signedIn(OWNER);
    for (const name of ['changePassword', 'deleteAccount'] as const) {
      const input = { currentPassword: WRONG, newPassword: 'meadow copper lantern 8' };
      const payloads = await inTurn(20, async (n) => {
        const elsewhere = api.client(`100.64.3.${n}`);
        elsewhere.accessToken = thief.accessToken;
        return elsewhere.mutate(name, name === 'deleteAccount' ? { password: WRONG } : input);
      });
      expect(accepted(payloads)).toBe(name === 'changePassword' ? SESSION_RULES[0]?.points : 0);
    }
  });

  it('the right password is not learnt while throttled: it is answered like a wrong one', async () => {
    const stranger = api.client();
    await inTurn(PER_MINUTE, () => guess(stranger));
    const [right, wrong] = [await guess(stranger, OWNER, PASSWORD), await guess(stranger)];
    expect(right).toEqual(wrong);
  });
});

describe('a restart forgets nothing', () => {
  it('guesses before and after it are no more than without it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'abuse-'));
    const settings = { database: `file:${join(folder, 'a.db')}`, rateLimits: 'on' as const };
    const guessAll = async () => {
      const running = await startApi({ settings });
      const stranger = running.client('203.0.113.20');
      const payloads = await inTurn(3, () => guess(stranger, 'nobody@example.test'));
      await running.stop();
      return accepted(payloads);
    };
    const counts = [await guessAll(), await guessAll(), await guessAll()];
    expect(counts).toEqual([3, PER_MINUTE - 3, 0]);
    rmSync(folder, { recursive: true });
  });
});

describe('nobody can tell from a limit whether an address belongs to a user', () => {
  it('a known and an unknown address get the same answers in the same order, and cost as much', async () => {
    const [known, unknown] = [api.client(), api.client()];
    const ofKnown = await inTurn(12, () => guess(known, OWNER));
    const ofUnknown = await inTurn(12, () => guess(unknown, 'nobody@example.test'));
    expect(ofKnown).toEqual(ofUnknown);
  });

  it('so they do once strangers have used up their share', async () => {
    await siege(OWNER);
    await siege('nobody@example.test');
    const [known, unknown] = [api.client(), api.client()];
    expect(await guess(known, OWNER)).toEqual(await guess(unknown, 'nobody@example.test'));
  });
});

describe('a stranger cannot lock the owner out', () => {
  it('who comes from where they signed in before signs in during the attack, and so does their whole /64', async () => {
    const home = api.client('2001:db8:1:1::a');
    expect((await home.login(OWNER)).__typename).toBe('LoginSuccess');
    await siege();
    const today = api.client('2001:db8:1:1::b');
    expect((await today.login(OWNER)).__typename).toBe('LoginSuccess');
  });

  it('even if they had logged out everywhere before', async () => {
    const home = api.client('203.0.113.30');
    await home.login(OWNER);
    await home.mutate('logoutAllDevices', { exceptCurrent: false });
    await siege();
    expect((await api.client('203.0.113.30').login(OWNER)).__typename).toBe('LoginSuccess');
  });

  it('who still holds a session signs in from a new address during the attack', async () => {
    const browser = await api.signedIn(OWNER, ['USER'], { delivery: 'COOKIE' });
    await siege();
    const travelling = api.client('203.0.113.40');
    expect((await guess(travelling, OWNER, PASSWORD)).__typename).toBe('Throttled');
    travelling.cookie = browser.cookie;
    expect((await travelling.login(OWNER, PASSWORD, { delivery: 'COOKIE' })).__typename).toBe('LoginSuccess');
  });

  it('nor does an attack from the very address that they share with the attacker, while they hold a session', async () => {
    const browser = await api.signedIn(OWNER, ['USER'], { delivery: 'COOKIE' });
    const neighbour = api.client('203.0.113.50');
    await inTurn(20, () => guess(neighbour));
    await inTurn(200, (n) => guess(neighbour, `user${n}@example.test`));
    const owner = api.client('203.0.113.50');
    owner.cookie = browser.cookie;
    expect((await owner.login(OWNER, PASSWORD, { delivery: 'COOKIE' })).__typename).toBe('LoginSuccess');
  });

  it('the password can be changed and the account deleted during the attack', async () => {
    const owner = await api.signedIn(OWNER);
    await siege();
    const input = { currentPassword: PASSWORD, newPassword: 'meadow copper lantern 8' };
    expect((await owner.mutate('changePassword', input)).__typename).toBe('ChangePasswordSuccess');
    const payload = await owner.mutate('deleteAccount', { password: input.newPassword });
    expect(payload.__typename).toBe('DeleteAccountSuccess');
  });

  it('another account’s session opens no side door', async () => {
    const mallory = await api.signedIn('mallory@example.test', ['USER'], { delivery: 'COOKIE' });
    await siege();
    expect((await guess(mallory, OWNER)).__typename).toBe('Throttled');
  });

  it('a session that has ended opens none either', async () => {
    const browser = await api.signedIn(OWNER, ['USER'], { delivery: 'COOKIE' });
    const { cookie } = browser;
    await browser.send('mutation { logout { accessTokensDeadBy } }');
    await siege();
    const thief = api.client();
    thief.cookie = cookie;
    expect((await guess(thief, OWNER)).__typename).toBe('Throttled');
  });

  it('whoever holds a stolen cookie gets no more guesses than its session has', async () => {
    const browser = await api.signedIn(OWNER, ['USER'], { delivery: 'COOKIE' });
    await siege();
    const payloads = await inTurn(60, (n) => {
      const thief = api.client(`100.64.4.${n}`);
      thief.cookie = browser.cookie;
      return guess(thief);
    });
    expect(accepted(payloads)).toBe(SESSION_RULES[0]?.points);
  });

  it('an owner who mistypes below the limit and then gets it right has all attempts again', async () => {
    const owner = api.client();
    for (let round = 0; round < 10; round++) {
      await inTurn(PER_MINUTE - 1, () => guess(owner));
      expect((await owner.login(OWNER)).__typename).toBe('LoginSuccess');
    }
  });

  it('the wait ends by itself: nothing is locked for good', async () => {
    const owner = api.client();
    await siege();
    const { retryAfter = 0 } = await guess(owner, OWNER, PASSWORD);
    expect(retryAfter).toBeLessThanOrEqual(STRANGER_RULES[0]?.windowSeconds ?? 0);
    later(retryAfter);
    expect((await owner.login(OWNER)).__typename).toBe('LoginSuccess');
  });
});

describe('one document carries one guess', () => {
  const failures = async () => {
    const page = await api.counterfoil.app.store.audit.list(
      { userId: null, kind: 'login.failed' },
      { first: 100, after: null },
    );
    return page.items.length;
  };
  const login = (n: number, password = WRONG) =>
    `a${n}: login(input: { email: "${OWNER}", password: "${password} ${n}" }) { __typename }`;
  const many = (count: number) => Array.from({ length: count }, (_, n) => login(n)).join('\n');

  it.each([
    ['200 aliased logins', 200],
    ['2 aliased logins', 2],
  ])('%s are refused before any resolver', async (_, count) => {
    const answer = await api.client().send(`mutation { ${many(count)} }`);
    expect(answer.status).toBe(400);
    expect(['DOCUMENT_TOO_COMPLEX', 'GRAPHQL_PARSE_FAILED']).toContain(answer.errors[0]?.extensions.code);
    expect(answer.data).toBeNull();
    expect(await failures()).toBe(0);
  });

  it.each([
    [
      'behind fragments',
      `mutation { ...A ...B } fragment A on Mutation { ${login(1)} } fragment B on Mutation { ${login(2)} }`,
    ],
    ['behind inline fragments', `mutation { ... { ${login(1)} } ... on Mutation { ${login(2)} } }`],
    [
      'beside a skipped one',
      `mutation { ${login(1)} b: login(input: {email: "", password: ""}) @skip(if: true) { __typename } }`,
    ],
    ['of different kinds', `mutation { ${login(1)} refresh(input: {}) { __typename } }`],
  ])('two credential operations %s are refused before any resolver', async (_, document) => {
    const { errors } = await api.client().send(document);
    expect(errors[0]?.extensions.breaches?.map(({ kind }) => kind)).toEqual(['credentialOperations']);
    expect(await failures()).toBe(0);
  });

  it('a document of several operations runs the one that is named, and that is one guess', async () => {
    const query = `mutation A { ${login(1)} } mutation B { ${login(2)} }`;
    const response = await api.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: { query, operationName: 'B' },
    });
    expect(response.json()).toEqual({ data: { a2: { __typename: 'InvalidCredentials' } } });
    expect(await failures()).toBe(1);
  });

  it('a batch of requests is refused whole', async () => {
    const input = { email: OWNER, password: WRONG };
    const one = { query: mutation('login'), variables: { input } };
    const response = await api.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: [one, one],
    });
    expect(response.statusCode).toBe(400);
    expect(await failures()).toBe(0);
  });
});
