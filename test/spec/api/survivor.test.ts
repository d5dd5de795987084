import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCounterfoil, TEST_PASSWORD, type TestCounterfoil } from '../../support/counterfoil.js';

describe('the device that stays signed in', () => {
  let counterfoil: TestCounterfoil;

  beforeEach(async () => {
    counterfoil = await startCounterfoil();
  });
  afterEach(() => counterfoil.stop());

  const survivals = [
    'mutation { change: logoutAllDevices(input: { exceptCurrent: true }) { ... on LogoutAllDevicesSuccess { tokens { accessToken refreshToken } } } }',
    `mutation { change: changePassword(input: { currentPassword: "${TEST_PASSWORD}", newPassword: "walnut ferry copper 83" }) { ... on ChangePasswordSuccess { tokens { accessToken refreshToken } } } }`,
  ];

  it.each(survivals)(
    'with a cookie keeps the one it has, and whoever has the access token alone is given none: %s',
    async (query) => {
      const { tokens } = await counterfoil.signedInAs({ delivery: 'cookie' });
      const server = await counterfoil.app.createServer();
      const send = (payload: object, headers: Record<string, string> = {}) =>
        server.inject({ method: 'POST', url: '/graphql', payload, headers });
      const answer = await send({ query }, { authorization: `Bearer ${tokens.accessToken}` });
      expect(answer.json().data.change.tokens).toMatchObject({ refreshToken: null });
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.body).not.toContain('cfr_');
      const refresh = 'mutation { refresh(input: {}) { __typename } }';
      const renewed = await send({ query: refresh }, { cookie: `__Host-counterfoil=${tokens.refreshToken}` });
      expect(renewed.json().data.refresh).toEqual({ __typename: 'RefreshSuccess' });
      await server.close();
    },
  );
});
