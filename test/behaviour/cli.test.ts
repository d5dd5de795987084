/** The built `counterfoil` command beside a running server on the same file: what it does, the server follows. */

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';
import { endAll, mutate, startServer, untilTrue, whoIs } from '../support/server-process.js';

const PASSWORD = 'orchid kettle granite 41';
const EMAIL = 'ada@example.test';
const FOLLOWS_WITHIN_MS = 5_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-cli-'));
});
afterEach(async () => {
  await endAll();
  rmSync(folder, { recursive: true });
});

function command(line: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const env = {
    PATH: process.env['PATH'],
    COUNTERFOIL_DATABASE: `file:${join(folder, 'counterfoil.db')}`,
    COUNTERFOIL_ARGON2: 'm=7168,t=1,p=1',
  };
  return new Promise((resolve) => {
    const argv = [join(REPOSITORY, 'dist/main.js'), ...line];
    const child = execFile(process.execPath, argv, { cwd: folder, env }, (fault, out, err) => {
      resolve({ code: fault === null ? 0 : Number(fault.code), out, err });
    });
    child.stdin?.end(input);
  });
}

async function json(line: readonly string[], input = '') {
  const ran = await command([...line, '--json'], input);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out);
}

async function adaSignsIn(url: string) {
  const payload = await mutate(url, 'login', { email: EMAIL, password: PASSWORD, deviceName: 'Laptop' });
  if (!payload.tokens?.refreshToken) throw new Error(JSON.stringify(payload));
  return { access: payload.tokens.accessToken, refresh: payload.tokens.refreshToken };
}

const madeByCommand = () => json(['users', 'create', '--email', EMAIL, '--password-stdin'], `${PASSWORD}\n`);

describe('the command beside a running server', () => {
  it('makes a user who can sign in, lists the device, and ends it: its token is refused', async () => {
    const { url } = await startServer(folder);
    const { id } = await madeByCommand();
    const { access } = await adaSignsIn(url);
    expect(await whoIs(url, access)).toBe(id);
    const [session] = await json(['sessions', 'list', '--user', EMAIL]);
    expect(session.deviceName).toBe('Laptop');
    await json(['sessions', 'end', '--session', session.id]);
    const refused = async () => (await whoIs(url, access)) === 'UNAUTHENTICATED';
    await untilTrue(refused, FOLLOWS_WITHIN_MS, 'the ended session is refused');
    expect(await json(['sessions', 'list', '--user', EMAIL])).toEqual([]);
  });

  it('revokes the key that signs: its tokens are refused, the session lives on', async () => {
    const { url } = await startServer(folder);
    await madeByCommand();
    const tokens = await adaSignsIn(url);
    const keys: { kid: string; state: string }[] = await json(['keys', 'list']);
    const active = keys.find(({ state }) => state === 'active')?.kid ?? '';
    await json(['keys', 'revoke', active, '--reason', 'found in a log']);
    const refused = async () => (await whoIs(url, tokens.access)) === 'UNAUTHENTICATED';
    await untilTrue(refused, FOLLOWS_WITHIN_MS, 'the revoked key is refused');
    const renewed = await mutate(url, 'refresh', { refreshToken: tokens.refresh });
    expect(await whoIs(url, renewed.tokens?.accessToken ?? '')).not.toBe('UNAUTHENTICATED');
  });

  it('changes the master key: the server goes on, and so does the one that follows it', async () => {
    const first = await startServer(folder);
    await madeByCommand();
    const tokens = await adaSignsIn(first.url);
    const before = readFileSync(join(folder, 'master.key'), 'utf8');
    expect(await json(['keys', 'rewrap'])).toMatchObject({ kind: 'rewrapped', refreshSecrets: 1 });
    expect(readFileSync(join(folder, 'master.key'), 'utf8')).not.toBe(before);
    const renewed = await mutate(first.url, 'refresh', {
      refreshToken: tokens.refresh,
      idempotencyKey: 'one',
    });
    expect(renewed.tokens?.refreshToken).toBeTruthy();
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);

    expect(await first.end('SIGTERM')).toBe(0);
    const second = await startServer(folder);
    const again = await mutate(second.url, 'refresh', {
      refreshToken: renewed.tokens?.refreshToken,
      idempotencyKey: 'two',
    });
    expect(await whoIs(second.url, again.tokens?.accessToken ?? '')).not.toBe('UNAUTHENTICATED');
  });

  it('looks at the deployment and finds nothing wrong', async () => {
    await startServer(folder);
    const findings: { level: string; check: string }[] = await json(['doctor']);
    expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
  });
});

describe('the command alone', () => {
  it('tells by its exit code whether it did, could not, or was misused', async () => {
    expect((await command(['migrate'])).code).toBe(0);
    expect((await command(['sessions', 'list', '--user', EMAIL])).code).toBe(1);
    expect((await command(['sessions', 'list'])).code).toBe(2);
  });

  it('ends well when whoever reads its answer has seen enough', async () => {
    expect((await command(['migrate'])).code).toBe(0);
    const argv = [join(REPOSITORY, 'dist/main.js'), 'keys', 'list', '--json'];
    const env = { COUNTERFOIL_DATABASE: `file:${join(folder, 'counterfoil.db')}` };
    const child = spawn(process.execPath, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(said).toBe('');
  });
});
