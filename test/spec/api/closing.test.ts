import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startCounterfoil } from '../../support/counterfoil.js';

it('closing the server answers what is under way and then ends by itself', async () => {
  const { app, stop } = await startCounterfoil();
  const server = await app.createServer();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const arrived = once(server.server, 'request');
  const input = 'email: "nobody@example.test", password: "not a password of anybody"';
  const answer = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `mutation { login(input: { ${input} }) { __typename } }` }),
  });
  await arrived;
  await server.close();
  expect(await (await answer).json()).toEqual({ data: { login: { __typename: 'InvalidCredentials' } } });
  await stop();
});
