/** A server that is told to stop: what is under way is answered, nothing new is begun, and the process says that all went well. */

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, endAll, mutate, OPERATOR, startServer, untilTrue, whoIs } from '../support/server-process.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-'));
});

afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const SLOW = { COUNTERFOIL_ARGON2: 'm=65536,t=24,p=1' };
const credentials = { email: 'ada@example.test', password: 'orchid kettle granite 41' };

async function hashesRunning(url: string): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return /^counterfoil_argon2_running [1-9]/m.test(text);
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets a request under way finish, begins none, and ends with 0; what was answered is kept', async () => {
    const server = await startServer(folder, SLOW);
    const registered = mutate(server.url, 'register', credentials);
    await untilTrue(() => hashesRunning(server.url), 20_000, 'the password is being hashed');
    const code = server.end(signal);
    const { __typename, tokens } = await registered;
    expect(__typename).toBe('RegisterSuccess');
    expect(await code).toBe(0);
    await expect(ask(server.url, '{ __typename }')).rejects.toThrow();

    const next = await startServer(folder);
    expect(await whoIs(next.url, tokens?.accessToken ?? '')).toMatch(/^[\w-]{22}$/);
    expect((await mutate(next.url, 'refresh', { refreshToken: tokens?.refreshToken })).__typename).toBe(
      'RefreshSuccess',
    );
  });

  it('is not held up by connections that are kept alive', async () => {
    const server = await startServer(folder);
    const agent = new Agent({ keepAlive: true });
    const status = await new Promise((resolve, reject) => {
      request(`${server.url}/healthz`, { agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(await server.end(signal)).toBe(0);
    agent.destroy();
  });
});

describe('with COUNTERFOIL_DRAIN', () => {
  const DRAINING = { COUNTERFOIL_DRAIN: '60' };
  const isReady = async (url: string) => (await fetch(`${url}/readyz`)).ok;

  it('a SIGTERM makes the node not ready, and requests are taken until the time is over, or a second one comes', async () => {
    const server = await startServer(folder, DRAINING);
    expect(await isReady(server.url)).toBe(true);
    const code = server.end('SIGTERM');
    await untilTrue(async () => !(await isReady(server.url)), 10_000, 'the node says that it is going');
    expect((await mutate(server.url, 'login', OPERATOR)).__typename).toBe('LoginSuccess');
    expect(await Promise.all([code, server.end('SIGTERM')])).toEqual([0, 0]);
  });

  it('a SIGTERM ends the process once the time is over', async () => {
    const server = await startServer(folder, { COUNTERFOIL_DRAIN: '0.5' });
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('a SIGINT, of somebody at a terminal, does not wait', async () => {
    const server = await startServer(folder, DRAINING);
    expect(await server.end('SIGINT')).toBe(0);
  });
});

describe('a second signal', () => {
  it('changes nothing about the first', async () => {
    const server = await startServer(folder, SLOW);
    const login = mutate(server.url, 'login', OPERATOR);
    await untilTrue(() => hashesRunning(server.url), 20_000, 'the password is being checked');
    const codes = [server.end('SIGTERM'), server.end('SIGTERM')];
    expect((await login).__typename).toBe('LoginSuccess');
    expect(await Promise.all(codes)).toEqual([0, 0]);
  });
});
