import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { register } from '../../../src/account/register.js';
import { rewrapKeys } from '../../../src/account/rewrap-keys.js';
import { revokeSigningKey, rotateSigningKey } from '../../../src/account/signing-keys.js';
import { type App, createApp } from '../../../src/app.js';
import { configFrom, type Settings } from '../../../src/config/settings.js';
import { nextKeyFile, stageMasterKey } from '../../../src/keys/master-key.js';
import { masterKeyId, sealedUnder } from '../../../src/keys/seal.js';
import { NOTHING_PRESENTED } from '../../../src/session/contract.js';
import type { Store } from '../../../src/store/ports/store.js';
import { createLog } from '../../../src/system/log.js';
import { systemRandomness } from '../../../src/system/randomness.js';

const ACTOR = { userId: null, caller: { ipAddress: null, clientLabel: null } };
const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const WISH = { algorithm: null, force: true };

let folder: string;
let opened: App[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-'));
  opened = [];
});
afterEach(async () => {
  for (const app of opened) await app.stop();
  rmSync(folder, { recursive: true });
});

const keyFile = () => join(folder, 'master.key');
const settings = (more: Settings = {}): Settings => ({ database: `file:${join(folder, 'a.db')}`, ...more });

async function open(more: Settings = {}, log = createLog('silent')): Promise<App> {
  const app = await createApp(configFrom(settings(more)), { log });
  opened.push(app);
  return app;
}

/** The same app over a store whose key changes stop the process before or after they have happened. */
function stopping(app: App, when: 'before' | 'after'): Pick<App, 'parts'>['parts'] {
  const { keys } = app.store;
  const change: Store['keys']['change'] = async (wanted) => {
    if (when === 'after') await keys.change(wanted);
    throw new Error('stopped here');
  };
  return { ...app.parts, store: { ...app.store, keys: { ...keys, change } } };
}

async function sealsOf(app: App): Promise<Set<string>> {
  const { keys, secrets } = await app.store.keys.load();
  const sealed = keys.flatMap(({ sealedPrivateKey }) => (sealedPrivateKey ? [sealedPrivateKey] : []));
  return new Set([...sealed, ...secrets.map((secret) => secret.sealed)].map(sealedUnder));
}

async function signIn(app: App, email: string) {
  const account = { email, password: 'orchid kettle granite 41', name: null };

  const input = { ...account, delivery: 'body' as const, deviceName: null, presentedToken: null };
  const outcome = await register(app.parts, input, ACTOR.caller);
  if (outcome.kind !== 'registered') throw new Error(outcome.kind);
  return outcome.tokens;
}

async function renewedBy(app: App, refreshToken: string | null) {
  const renewal = { refreshToken, presented: NOTHING_PRESENTED, idempotencyKey: null, ipAddress: null };
  return (await app.parts.model.renew(renewal)).kind;
}

describe('the exchange of a key file', () => {
  test('seals everything anew, puts the new key in the file with mode 0600, and is in the audit log', async () => {
    const app = await open();
    const before = readFileSync(keyFile(), 'utf8');
    const { refreshToken } = await signIn(app, 'ann@example.test');
    const outcome = await rewrapKeys(app.parts, { kind: 'file', path: keyFile() }, ACTOR);

    expect(outcome).toMatchObject({ kind: 'rewrapped', signingKeys: 2, refreshSecrets: 1 });
    const after = readFileSync(keyFile(), 'utf8');
    expect(after).not.toBe(before);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(existsSync(nextKeyFile(keyFile()))).toBe(false);
    expect(await sealsOf(app)).toEqual(new Set([masterKeyId(Buffer.from(after, 'base64'))]));
    const audit = await app.store.audit.list(
      { userId: null, kind: 'keys.rewrapped' },
      { first: 5, after: null },
    );
    expect(audit.items).toHaveLength(1);
    expect(await renewedBy(await open(), refreshToken)).toBe('renewed');
  });

  test('stopped once the new key is staged, leaves the old key in force', async () => {
    const app = await open();
    const { refreshToken } = await signIn(app, 'ann@example.test');
    const before = readFileSync(keyFile(), 'utf8');
    await expect(
      rewrapKeys(stopping(app, 'before'), { kind: 'file', path: keyFile() }, ACTOR),
    ).rejects.toThrow('stopped here');

    expect(existsSync(nextKeyFile(keyFile()))).toBe(true);
    expect(await renewedBy(await open(), refreshToken)).toBe('renewed');
    expect(readFileSync(keyFile(), 'utf8')).toBe(before);
  });

  test('stopped once the store has changed, is completed by the next start', async () => {
    const app = await open();
    const { refreshToken } = await signIn(app, 'ann@example.test');
    await expect(
      rewrapKeys(stopping(app, 'after'), { kind: 'file', path: keyFile() }, ACTOR),
    ).rejects.toThrow('stopped here');
    const staged = readFileSync(nextKeyFile(keyFile()), 'utf8');

    expect(await renewedBy(await open(), refreshToken)).toBe('renewed');
    expect(readFileSync(keyFile(), 'utf8')).toBe(staged);
    expect(existsSync(nextKeyFile(keyFile()))).toBe(false);
  });

  test('cut short and begun again, takes the key that was staged', async () => {
    const app = await open();
    const staged = stageMasterKey(keyFile(), systemRandomness);
    expect(await rewrapKeys(app.parts, { kind: 'file', path: keyFile() }, ACTOR)).toMatchObject({
      kind: 'rewrapped',
      to: masterKeyId(staged),
    });
  });

  test('run several times at once, always leaves the key that opens the ring', async () => {
    const app = await open();
    const { refreshToken } = await signIn(app, 'ann@example.test');
    const runs = [1, 2, 3, 4].map(() => rewrapKeys(app.parts, { kind: 'file', path: keyFile() }, ACTOR));
    const kinds = (await Promise.all(runs)).map((outcome) => outcome.kind);
    expect(kinds).toContain('rewrapped');
    expect(await renewedBy(await open(), refreshToken)).toBe('renewed');
  });

  test('survives a rotation in the middle', async () => {
    const app = await open();
    const { keys } = app.store;
    let rotated = false;
    const change: Store['keys']['change'] = async (wanted) => {
      if (!rotated) {
        rotated = true;
        await rotateSigningKey(app.parts, WISH, ACTOR);
      }
      return keys.change(wanted);
    };
    const parts = { ...app.parts, store: { ...app.store, keys: { ...keys, change } } };
    const outcome = await rewrapKeys(parts, { kind: 'file', path: keyFile() }, ACTOR);
    expect(outcome).toMatchObject({ kind: 'rewrapped', signingKeys: 3 });
    expect((await sealsOf(app)).size).toBe(1);
  });
});

describe('a master key that is missing or wrong', () => {
  test('is not made anew where keys are sealed already', async () => {
    await open();
    rmSync(keyFile());
    await expect(open()).rejects.toThrow(/master\.key is missing, but the signing keys are sealed/);
    expect(existsSync(keyFile())).toBe(false);
  });

  test('of another ring stops the start', async () => {
    await open();
    writeFileSync(keyFile(), `${NEW}\n`);
    await expect(open()).rejects.toThrow(/is sealed under the master key/);
  });
});

describe('a running server whose master key was changed', () => {
  async function changedUnder() {
    const lines: string[] = [];
    const running = await open({ masterKey: OLD }, createLog('error', { write: (line) => lines.push(line) }));
    await running.start();
    const tokens = await signIn(running, 'ann@example.test');
    const operator = await open({ masterKey: OLD });
    await rewrapKeys(operator.parts, { kind: 'given', present: OLD, next: NEW }, ACTOR);
    const reread = await running.store.keys.load();
    await vi.waitFor(() => expect(running.http.ring.revision).toBe(reread.revision));
    return { running, tokens, lines };
  }

  test('goes on serving, says so in its log, and stays fresh', async () => {
    const { running, tokens, lines } = await changedUnder();
    expect(lines.filter((line) => line.includes('keys.unopened'))).toHaveLength(1);
    expect(await renewedBy(running, tokens.refreshToken)).toBe('renewed');
    expect((await running.parts.model.authenticate({ bearer: tokens.accessToken, cookie: null })).kind).toBe(
      'authenticated',
    );
    expect(await running.http.readiness()).toEqual({ ready: true, problems: [] });
  });

  test('seals nothing under the old one: a rotation is refused and changes nothing', async () => {
    const { running } = await changedUnder();
    const before = await running.store.keys.load();
    await expect(rotateSigningKey(running.parts, WISH, ACTOR)).rejects.toThrow(/Restart it with the new one/);
    expect(await running.store.keys.load()).toEqual(before);
  });

  test('accepts the tokens of a key that a restarted node has made, and signs with the one it has', async () => {
    const { running, tokens } = await changedUnder();
    const restarted = await open({ masterKey: NEW });
    await rotateSigningKey(restarted.parts, WISH, ACTOR);
    const { accessToken } = await signIn(restarted, 'bob@example.test');
    await vi.waitFor(() => expect(running.http.ring.revision).toBe(restarted.http.ring.revision));
    expect((await running.parts.model.authenticate({ bearer: accessToken, cookie: null })).kind).toBe(
      'authenticated',
    );
    expect(await renewedBy(running, tokens.refreshToken)).toBe('renewed');
  });

  test('signs no more with a key that was revoked elsewhere, and accepts nothing of it', async () => {
    const { running, tokens } = await changedUnder();
    const restarted = await open({ masterKey: NEW });
    const { kid } = running.http.ring.signer();
    await revokeSigningKey(restarted.parts, { kid, reason: 'leaked' }, ACTOR);
    await vi.waitFor(() => expect(running.http.ring.revision).toBe(restarted.http.ring.revision));
    expect(running.http.ring.verifier(kid)).toBeUndefined();
    expect(() => running.http.ring.signer()).toThrow(/opens no key/);
    expect(
      (await running.parts.model.authenticate({ bearer: tokens.accessToken, cookie: null })).kind,
    ).not.toBe('authenticated');
    expect(await running.http.readiness()).toEqual({ ready: true, problems: [] });
  });
});
