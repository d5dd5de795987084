/** ASVS 6.2 through the API: which passwords may be chosen, and that each is itself and nothing else. */

import { dictionary } from '@zxcvbn-ts/language-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, mutation, PASSWORD, startApi } from '../../support/api.js';

let api: Api;
let accounts = 0;

beforeAll(async () => {
  api = await startApi({ settings: { passwordMinLength: 8 } });
});
afterAll(() => api.stop());

const register = async (password: string) => {
  accounts += 1;
  const email = `qx${accounts}@example.test`;
  const input = { email, name: 'Zz', password };
  return { email, payload: await api.client().mutate('register', input) };
};

describe('a password may be', () => {
  it.each([
    ['of small letters only', 'harbour thistle kettle'],
    ['of spaces only', ' '.repeat(17)],
    ['of emoji', '🦊🌧️🪵🧭🫖🪁🦉🧶🪨🌶️🥁🪴'],
    ['of Chinese characters', '山水之间有一座古老的石桥'],
    ['of 64 four-byte characters', '🦊🧭🪁🫖🦉🪨🥁🪴'.repeat(8)],
    ['128 characters long', 'harbour thistle kettle copper '.repeat(5).slice(0, 128)],
    ['8 characters long, where 8 are the minimum', 'tq7 zvkw'],
    ['with a NUL in the middle', 'harbour\u0000thistle'],
  ])('%s', async (_, password) => {
    const { email, payload } = await register(password);
    expect(payload.reasons ?? []).toEqual([]);
    expect(payload.__typename).toBe('RegisterSuccess');
    expect((await api.client().login(email, password)).__typename).toBe('LoginSuccess');
    expect((await api.client().login(email, [...password].slice(0, -1).join(''))).__typename).toBe(
      'InvalidCredentials',
    );
  });

  it('typed composed or decomposed: both are the same text (NFC)', async () => {
    const { email } = await register('caf\u00e9 harbour thistle');
    expect((await api.client().login(email, 'cafe\u0301 harbour thistle')).__typename).toBe('LoginSuccess');
    expect((await api.client().login(email, 'cafe harbour thistle')).__typename).toBe('InvalidCredentials');
  });
});

describe('a password may not be', () => {
  it.each([
    ['shorter than the minimum', 'tq7 zvk'],
    ['longer than the maximum: nothing is cut off', 'harbour thistle kettle copper '.repeat(5).slice(0, 129)],
    ['of a size that costs anything to look at', 'x'.repeat(50_000)],
  ])('%s', async (_, password) => {
    const { payload } = await register(password);
    expect(payload).toMatchObject({
      __typename: 'WeakPassword',
      reasons: [expect.stringContaining('characters')],
    });
  });

  it('a megabyte: the request is refused before it is read', async () => {
    const input = { email: 'big@example.test', password: 'x'.repeat(1_000_000) };
    expect((await api.client().send(mutation('register'), { input })).status).toBe(413);
  });

  it('one of the 3,000 most common, neither at registration nor at a change', async () => {
    const common = dictionary['passwords-common'].slice(0, 3000).filter((each) => [...each].length >= 8);
    expect(common.length).toBeGreaterThan(300);
    const user = await api.signedIn('user@example.test');
    const accepted: string[] = [];
    for (const password of common) {
      const { payload } = await register(password);
      const change = { currentPassword: PASSWORD, newPassword: password };
      const changed = await user.mutate('changePassword', change);
      if (payload.__typename !== 'WeakPassword' || changed.__typename !== 'WeakPassword')
        accepted.push(password);
    }
    expect(accepted).toEqual([]);
  });
});
