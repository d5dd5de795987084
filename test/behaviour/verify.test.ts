/**
 * `counterfoil/verify`, as it is built, beside real servers: what ends in one process is refused in another service within
 * `maxStaleness`, whatever happens to connections and servers on the way.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RevocationSettings, Verifier } from '../../src/verify/index.js';
import { commandIn } from '../support/command.js';
import { REPOSITORY } from '../support/sandbox.js';
import { ask, endAll, mutate, OPERATOR, type ServerProcess, startServer } from '../support/server-process.js';

const { createVerifier } = (await import(
  join(REPOSITORY, 'dist/verify.js')
)) as typeof import('../../src/verify/index.js');

const MAX_STALENESS_MS = 5_000;
const PASSWORD = 'orchid kettle granite 41';
const ISSUER = 'http://localhost:4000';

let folder: string;
let servers: readonly [ServerProcess, ServerProcess];
const verifiers: Verifier[] = [];

function environment(): Record<string, string> {
  return { COUNTERFOIL_DATABASE: `file:${join(folder, 'counterfoil.db')}` };
}

async function command(line: readonly string[]) {
  const { code, out, err } = await commandIn(folder, environment())([...line, '--json']);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-verify-'));
  // One after the other: the first migrates.
  servers = [await startServer(folder), await startServer(folder)];
});
afterEach(() => {
  for (const verifier of verifiers.splice(0)) verifier.close();
});
afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A verifier of a service with a credential of its own, which follows the server at that address. */
async function following(url: string, more: Partial<RevocationSettings> = {}, events: string[] = []) {
  const { id, credential } = await command(['verifiers', 'create', '--name', 'orders service']);
  const verifier = createVerifier({
    issuer: ISSUER,
    audience: ISSUER,
    jwksUrl: `${url}/.well-known/jwks.json`,
    revocations: {
      credential,
      url: `${url}/revocations`,
      introspectionUrl: `${url}/oauth/introspect`,
      whenStale: 'refuse',
      ...more,
    },
    hooks: { feed: (event) => events.push(event) },
  });
  verifiers.push(verifier);
  expect(await verifier.ready()).toBe(true);
  return { verifier, id: id as string };
}

let users = 0;
async function signedIn(url: string): Promise<{ email: string; access: string }> {
  users += 1;
  const email = `verify${users}@example.test`;
  const { tokens } = await mutate(url, 'register', { email, password: PASSWORD });
  if (!tokens) throw new Error('Nobody was signed in.');
  return { email, access: tokens.accessToken };
}

async function signIn(url: string, credentials: object): Promise<string> {
  const { tokens } = await mutate(url, 'login', { ...credentials });
  if (!tokens) throw new Error('Nobody was signed in.');
  return tokens.accessToken;
}

const says = async (verifier: Verifier, token: string) => {
  const outcome = await verifier.verify(token);
  return outcome.kind === 'verified' ? 'verified' : outcome.because;
};

/** Asks again every few milliseconds. Resolves to how long it took, and throws where that was too long. */
async function untilTrue(question: () => Promise<boolean>, withinMs: number, what: string): Promise<number> {
  const startedAt = performance.now();
  while (!(await question())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    // What the verifier knows comes by the event loop, and a verdict needs none of it.
    await sleep(2);
  }
  return performance.now() - startedAt;
}

/** The promise: counted from when the mutation has been answered. */
async function feltWithinPromise(verifier: Verifier, token: string, because: string): Promise<void> {
  await untilTrue(async () => (await says(verifier, token)) === because, MAX_STALENESS_MS, because);
}

/** A way to a server that can be cut. */
async function wire(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((inside) => {
    const outside = connect(Number(port), hostname);
    for (const [one, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('what ends in one process', () => {
  it('is refused by a verifier that follows another: a logout, and a logout of all devices', async () => {
    const [here, there] = servers;
    const { verifier } = await following(there.url);
    const phone = await signedIn(here.url);
    const laptop = await signIn(here.url, { email: phone.email, password: PASSWORD });
    for (const token of [phone.access, laptop]) expect(await says(verifier, token)).toBe('verified');

    await ask(here.url, 'mutation { logout { __typename } }', {}, phone.access);
    await feltWithinPromise(verifier, phone.access, 'session-ended');
    expect(await says(verifier, laptop)).toBe('verified');

    await mutate(here.url, 'logoutAllDevices', {}, laptop);
    await feltWithinPromise(verifier, laptop, 'epoch-raised');
    expect(await says(verifier, await signIn(here.url, { email: phone.email, password: PASSWORD }))).toBe(
      'verified',
    );
  });

  it('is refused by a verifier that begins only then', async () => {
    const [here, there] = servers;
    const { access } = await signedIn(here.url);
    await ask(here.url, 'mutation { logout { __typename } }', {}, access);
    const { verifier } = await following(there.url);
    await feltWithinPromise(verifier, access, 'session-ended');
  });

  it('and was ended while the connection was cut is refused when it is back, and nothing else is', async () => {
    const [here, there] = servers;
    const events: string[] = [];
    const way = await wire(there.url);
    const { verifier } = await following(way.url, {}, events);
    const [ended, lives] = [await signedIn(here.url), await signedIn(here.url)];
    for (const { access } of [ended, lives]) expect(await says(verifier, access)).toBe('verified');
    way.cut();
    await ask(here.url, 'mutation { logout { __typename } }', {}, ended.access);
    await feltWithinPromise(verifier, ended.access, 'session-ended');
    expect(await says(verifier, lives.access)).toBe('verified');
    expect(events).toContain('lost');
    way.close();
  });
});

describe('a signing key', () => {
  it('that is revoked is refused, and its successor is known before anybody sends a token of it', async () => {
    const [here, there] = servers;
    const { verifier } = await following(there.url);
    const { access } = await signedIn(here.url);
    expect(await says(verifier, access)).toBe('verified');
    const { kid } = JSON.parse(Buffer.from(access.split('.')[0] ?? '', 'base64url').toString()) as {
      kid: string;
    };
    const operator = await signIn(here.url, OPERATOR);
    await mutate(here.url, 'revokeSigningKey', { kid, reason: 'found in a log' }, operator);
    await feltWithinPromise(verifier, access, 'key-revoked');
    await untilTrue(
      async () => (await says(verifier, (await signedIn(here.url)).access)) === 'verified',
      MAX_STALENESS_MS,
      'tokens of the new key',
    );
  });

  it('that takes over without having been published first costs nobody a refusal for long', async () => {
    const [here, there] = servers;
    const { verifier } = await following(there.url);
    const operator = await signIn(here.url, OPERATOR);
    await mutate(here.url, 'rotateSigningKey', { algorithm: 'EdDSA', force: true }, operator);
    const { access } = await signedIn(here.url);
    expect(JSON.parse(Buffer.from(access.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      alg: 'EdDSA',
    });
    await untilTrue(
      async () => (await says(verifier, access)) === 'verified',
      MAX_STALENESS_MS,
      'an EdDSA token',
    );
  });
});

describe('a feed that is gone', () => {
  it('with its server: the verifier asks about each token, and is undecided where nobody answers', async () => {
    const [here] = servers;
    const server = await startServer(folder);
    const asking = await following(server.url, {
      whenStale: 'introspect',
      maxStaleness: 2,
      introspectionUrl: `${here.url}/oauth/introspect`,
    });
    const refusing = await following(server.url, { maxStaleness: 2 });
    const [ended, lives] = [await signedIn(here.url), await signedIn(here.url)];
    expect(await says(refusing.verifier, lives.access)).toBe('verified');
    await server.end('SIGKILL');
    await ask(here.url, 'mutation { logout { __typename } }', {}, ended.access);
    await feltWithinPromise(asking.verifier, ended.access, 'inactive');
    expect(await says(asking.verifier, lives.access)).toBe('verified');
    await untilTrue(
      async () => (await says(refusing.verifier, lives.access)) === 'revocations-stale',
      MAX_STALENESS_MS,
      'undecided',
    );
  });

  it('with the credential: the feed ends, and is refused from then on', async () => {
    const [here] = servers;
    const events: string[] = [];
    const { verifier, id } = await following(here.url, {}, events);
    await command(['verifiers', 'withdraw', id]);
    await untilTrue(async () => verifier.freshness().feed === 'refused', 20_000, 'the withdrawal');
    expect(events.at(-1)).toBe('refused');
  });
});
