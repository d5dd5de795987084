/** The subgraph beside a real auth server on loopback: who may have which field, and how soon a logout is felt. */

import type { AddressInfo } from 'node:net';
import { startCounterfoil, type TestCounterfoil } from 'counterfoil/testing';
import { createVerifier, type Verifier } from 'counterfoil/verify';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Orders } from '../src/orders.js';
import { type Running, startSubgraph } from '../src/subgraph.js';

const ISSUER = 'https://auth.example';

let counterfoil: TestCounterfoil;
let authServer: FastifyInstance;
let verifier: Verifier;
let subgraph: Running;

beforeAll(async () => {
  counterfoil = await startCounterfoil({
    settings: { issuer: ISSUER, audience: 'orders', playground: 'off' },
  });
  authServer = Fastify({ forceCloseConnections: true });
  await authServer.register(counterfoil.plugin);
  await authServer.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(authServer.server.address() as AddressInfo).port}`;
  verifier = createVerifier({
    issuer: ISSUER,
    audience: 'orders',
    jwksUrl: `${url}/.well-known/jwks.json`,
    revocations: {
      credential: await newCredential(),
      url: `${url}/revocations`,
      introspectionUrl: `${url}/oauth/introspect`,
    },
    clock: counterfoil.clock, // the auth server of these tests has a clock that stands still
  });
  expect(await verifier.ready()).toBe(true);
  subgraph = await startSubgraph(new Orders(), verifier, 0);
});
afterAll(async () => {
  await subgraph.stop();
  verifier.close();
  await authServer.close();
  await counterfoil.stop();
});

/** As `counterfoil verifiers create` would print it. */
async function newCredential(): Promise<string> {
  const operator = await counterfoil.signedInAs({}, ['USER', 'OPERATOR']);
  const create =
    'mutation { createVerifier(input: { name: "orders" }) { ... on CreateVerifierSuccess { credential } } }';
  const { data } = await counterfoil.run(create, operator);
  return (data as { createVerifier: { credential: string } }).createVerifier.credential;
}

const tokenOf = async (email: string, ...roles: ('USER' | 'OPERATOR')[]) =>
  (await counterfoil.signedInAs({ email }, roles)).tokens.accessToken;

async function ask(query: string, token?: unknown, variables = {}) {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Record<string, unknown> | null;
    errors?: { extensions: { code: string } }[];
  };
  return { status: response.status, data, code: errors?.[0]?.extensions.code };
}

const PLACE = 'mutation { placeOrder(item: "lamp") { id item } }';

describe('a field', () => {
  test('without a directive is for anybody', async () => {
    expect(await ask('{ motto }')).toMatchObject({ status: 200, data: { motto: 'Everything in its box.' } });
  });

  test('with @authenticated is for whoever is signed in', async () => {
    expect(await ask('{ orders { id } }')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const ada = await tokenOf('ada@example.com', 'USER');
    await ask(PLACE, ada);
    expect((await ask('{ orders { item } }', ada)).data).toEqual({ orders: [{ item: 'lamp' }] });
    const bob = await tokenOf('bob@example.com', 'USER');
    expect((await ask('{ orders { item } }', bob)).data).toEqual({ orders: [] });
  });

  test('with @requiresScopes is for whoever has the scopes, which are the roles in the token', async () => {
    expect(await ask(PLACE)).toMatchObject({ code: 'UNAUTHENTICATED' });
    const ada = await tokenOf('ada@example.com', 'USER');
    const refused = await ask('{ orders { item margin } }', ada);
    expect(refused).toMatchObject({
      status: 200,
      code: 'FORBIDDEN',
      data: { orders: [{ item: 'lamp', margin: null }] },
    });
    expect(await ask('{ motto revenue { orders } }', ada)).toMatchObject({
      code: 'FORBIDDEN',
      data: { motto: 'Everything in its box.', revenue: null },
    });
    const operator = await tokenOf('operator@example.test', 'USER', 'OPERATOR');
    await ask(PLACE, operator);
    expect((await ask('{ orders { margin } revenue { orders } }', operator)).data).toEqual({
      orders: [{ margin: 4 }],
      revenue: { orders: 2 },
    });
  });
});

describe('a token', () => {
  test('that is not good fails the whole request, also where none is needed', async () => {
    expect(await ask('{ motto }', 'a.b.c')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('is refused soon after the session has ended at the auth server', async () => {
    const session = await counterfoil.signedInAs({ email: 'carol@example.com' });
    const token = session.tokens.accessToken;
    expect((await ask('{ orders { id } }', token)).status).toBe(200);
    await counterfoil.run('mutation { logout { accessTokensDeadBy } }', session);
    await expect.poll(async () => (await ask('{ motto }', token)).status, { timeout: 5_000 }).toBe(401);
  });
});

describe('what the router asks', () => {
  test('the schema, as it is written', async () => {
    const { data } = await ask('{ _service { sdl } }');
    expect(data).toEqual({
      _service: { sdl: expect.stringContaining('@requiresScopes(scopes: [["operator"]])') },
    });
  });

  test('entities by their keys, as the same caller', async () => {
    const entities =
      'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Order { id item } } }';
    const of = [{ __typename: 'Order', id: '1' }];
    const ada = await tokenOf('ada@example.com', 'USER');
    expect((await ask(entities, ada, { of })).data).toEqual({
      _entities: [{ __typename: 'Order', id: '1', item: 'lamp' }],
    });
    const bob = await tokenOf('bob@example.com', 'USER');
    expect((await ask(entities, bob, { of })).data).toEqual({ _entities: [null] });
    expect(await ask(entities, undefined, { of })).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
