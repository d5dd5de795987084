/** The whole server on a loopback port, as its clients see it. */

import type { AddressInfo } from 'node:net';
import { startCounterfoil, TEST_PASSWORD, type TestCounterfoil } from 'counterfoil/testing';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Notes } from '../src/notes.js';
import { createNotesServer } from '../src/server.js';

interface Answer {
  readonly data?: Record<string, Record<string, unknown>> | null;
  readonly errors?: readonly { message: string; extensions: { code: string; reason?: string } }[];
}

let counterfoil: TestCounterfoil;
let notes: Notes;
let server: FastifyInstance;
let origin: string;

beforeAll(async () => {
  counterfoil = await startCounterfoil({ settings: { issuer: 'https://notes.example', playground: 'off' } });
  notes = new Notes();
  server = await createNotesServer(counterfoil, notes);
  await server.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await server.close();
  await counterfoil.stop();
});

function post(query: string, headers: Record<string, string> = {}, variables = {}): Promise<Response> {
  return fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
}

async function ask(query: string, accessToken?: unknown, variables = {}): Promise<Answer> {
  const headers: Record<string, string> =
    accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  return (await (await post(query, headers, variables)).json()) as Answer;
}

async function signIn(email: string): Promise<Record<string, unknown>> {
  const login =
    'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginSuccess { tokens { accessToken refreshToken } } } }';
  const { data } = await ask(login, undefined, { input: { email, password: TEST_PASSWORD } });
  return data?.['login']?.['tokens'] as Record<string, unknown>;
}

const READ = '{ notes { text } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }';

describe('the notes server', () => {
  test('takes a user from registration to logout on all devices', async () => {
    const email = 'carol@example.com';
    const registered = await ask(REGISTER, undefined, { input: { email, password: TEST_PASSWORD } });
    expect(registered.data).toEqual({ register: { __typename: 'RegisterSuccess' } });

    const phone = await signIn(email);
    const laptop = await signIn(email);
    await ask('mutation { addNote(input: { text: "Call Dave" }) { id } }', phone['accessToken']);
    expect((await ask(READ, laptop['accessToken'])).data).toEqual({ notes: [{ text: 'Call Dave' }] });

    const everywhere = 'mutation { logoutAllDevices { ... on LogoutAllDevicesSuccess { sessionsEnded } } }';
    const loggedOut = await ask(everywhere, phone['accessToken']);
    expect(loggedOut.data).toEqual({ logoutAllDevices: { sessionsEnded: 3 } });

    for (const { accessToken } of [phone, laptop]) {
      const { errors } = await ask(READ, accessToken);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'revoked' });
    }
    const refresh = 'mutation ($input: RefreshInput!) { refresh(input: $input) { __typename } }';
    const refreshed = await ask(refresh, undefined, { input: { refreshToken: laptop['refreshToken'] } });
    expect(refreshed.data).toEqual({ refresh: { __typename: 'SessionEnded' } });
  });

  test('tells no more than that something went wrong when a resolver of its own fails', async () => {
    const { tokens } = await counterfoil.signedInAs({ email: 'erin@example.com' });
    vi.spyOn(notes, 'of').mockImplementationOnce(() => {
      throw new Error('secret detail');
    });
    const { errors } = await ask(READ, tokens.accessToken);
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(errors)).not.toContain('secret detail');
  });

  test('refuses a document over the limits before any resolver runs', async () => {
    const aliases = Array.from({ length: 20 }, (_, index) => `m${index}: motto`).join(' ');
    const response = await post(`{ ${aliases} }`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as Answer).errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX');
  });

  test('hides its schema in production', async () => {
    const { errors } = await ask('{ __schema { queryType { name } } }');
    expect(errors?.[0]?.extensions.code).toBe('DOCUMENT_TOO_COMPLEX');
    const typo = await ask('{ note }');
    expect(typo.errors?.[0]?.message).not.toContain('notes');
  });

  test('refuses pages of foreign origins, and answers its own', async () => {
    expect((await post('{ motto }', { origin: 'https://elsewhere.example' })).status).toBe(403);
    const own = await post('{ motto }', { origin: 'https://notes.example' });
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://notes.example');
    expect(own.headers.get('cache-control')).toBe('no-store');
  });

  test('publishes the keys that its tokens are signed with', async () => {
    const { tokens } = await counterfoil.signedInAs({ email: 'frank@example.com' });
    const [header = ''] = tokens.accessToken.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const jwks = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    expect(jwks.keys.map((key) => key.kid)).toContain(kid);
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  });
});
