/** ASVS 6.3.2: a new server has no accounts but the one that its configuration asks for. */

import { afterEach, expect, it } from 'vitest';
import { type Api, startApi } from '../../support/api.js';

let api: Api | null = null;
afterEach(async () => {
  await api?.stop();
  api = null;
});

async function users(of: Api) {
  const { items } = await of.counterfoil.app.store.users.list({ first: 10, after: null }, null);
  return items.map(({ item }) => ({ email: item.email, roles: item.roles }));
}

it('begins without any account, and nobody signs in with a password that others use by default', async () => {
  api = await startApi();
  expect(await users(api)).toEqual([]);
  for (const name of ['admin', 'root', 'operator', 'counterfoil']) {
    for (const password of ['', name, 'admin', 'password', 'changeme', 'counterfoil']) {
      const email = `${name}@localhost.test`;
      expect((await api.client().login(email, password)).__typename).toMatch(/InvalidCredentials|Throttled/);
    }
  }
});

it('begins with the configured operator, whose password is the configured one', async () => {
  const operator = { email: 'root@example.test', password: 'orchid kettle granite 41' };
  const settings = { operatorEmail: operator.email, operatorPassword: operator.password };
  api = await startApi({ settings });
  expect(await users(api)).toEqual([{ email: operator.email, roles: ['USER', 'OPERATOR'] }]);
  expect((await api.client().login(operator.email, operator.password)).__typename).toBe('LoginSuccess');
});
