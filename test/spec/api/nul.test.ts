import { afterEach, describe, expect, it } from 'vitest';
import { type Api, PASSWORD, startApi } from '../../support/api.js';

describe('a NUL in a text, which not every database can hold', () => {
  let api: Api;
  afterEach(() => api.stop());

  it('is refused as bad input wherever it comes, or taken as it is, and never an internal error', async () => {
    api = await startApi();
    const client = await api.signedIn('ada@example.test');
    const operator = await api.signedIn('operator@example.test', ['USER', 'OPERATOR']);
    const { id } = await api.user('victim@example.test');
    const attempts: [string, Record<string, unknown>, typeof client][] = [
      ['register', { email: 'new@example.test', password: PASSWORD, name: 'A\0da' }, client],
      ['register', { email: 'new\0@example.test', password: PASSWORD, name: 'Ada' }, client],
      ['login', { email: 'ada@example.test', password: PASSWORD, deviceName: 'pho\0ne' }, client],
      ['login', { email: 'ada\0@example.test', password: PASSWORD }, client],
      ['suspendUser', { userId: id, reason: 'be\0cause' }, operator],
    ];
    for (const [name, input, who] of attempts) {
      const { errors } = await who.send(
        `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
        { input },
      );
      for (const { extensions } of errors)
        expect(`${name} ${JSON.stringify(input)}: ${extensions.code}`).toContain('BAD_USER_INPUT');
    }
    const keys = await operator.read<{ kid: string }[]>('{ signingKeys { kid } }');
    const { errors } = await operator.send(
      'mutation ($input: RevokeSigningKeyInput!) { revokeSigningKey(input: $input) { __typename } }',
      { input: { kid: keys[0]?.kid, reason: 'le\0aked' } },
    );
    for (const { extensions } of errors) expect(extensions.code).toBe('BAD_USER_INPUT');
  });
});
