/** ASVS 16.5.2 and 16.5.3: without its database the server says so, and lets nobody in for want of an answer. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Api, type Client, PASSWORD, startApi } from '../../support/api.js';

let api: Api;
let operator: Client;

beforeEach(async () => {
  api = await startApi();
  operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
  await api.counterfoil.app.store.close();
});
afterEach(() => api.stop());

const GONE = { status: 503, data: null };

it('whoever has an access token is told to try again, once knowledge of revocations is too old', async () => {
  api.pass(6);
  for (const query of [
    '{ viewer { id } }',
    '{ session { id } }',
    '{ signingKeys { kid } }',
    '{ users { edges { cursor } } }',
  ]) {
    const { status, data, errors } = await operator.send(query);
    expect(status, query).toBe(503);
    expect(
      Object.values(data ?? {}).every((value) => value === null),
      query,
    ).toBe(true);
    expect(errors[0]?.extensions.code, query).toBe('UNAVAILABLE');
  }
});

it('nobody signs in, refreshes or registers, and nobody is told that a password or token was wrong', async () => {
  const account = { email: 'operator@example.test', password: PASSWORD };
  const { refreshToken } = operator;
  const attempts = [
    ['mutation($i: LoginInput!) { login(input: $i) { __typename } }', account],
    ['mutation($i: LoginInput!) { login(input: $i) { __typename } }', { ...account, password: 'wrong' }],
    ['mutation($i: RefreshInput!) { refresh(input: $i) { __typename } }', { refreshToken }],
    [
      'mutation($i: RegisterInput!) { register(input: $i) { __typename } }',
      { ...account, email: 'new@example.test' },
    ],
  ] as const;
  for (const [query, input] of attempts) {
    const answer = await api.client().send(query, { i: input });
    expect(answer, query).toMatchObject(GONE);
    expect(answer.errors[0]?.extensions.code, query).toBe('UNAVAILABLE');
    expect(answer.body, query).not.toMatch(/sqlite|database|closed|\.[jt]s/i);
  }
});
