import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMasterKey } from '../../../src/account/open-master-key.js';
import type { StoredKeyRing } from '../../../src/entities/key-ring.js';
import {
  adoptStagedMasterKey,
  masterKeyFromFile,
  masterKeyIn,
  nextKeyFile,
  readMasterKey,
  stagedMasterKey,
  stageMasterKey,
} from '../../../src/keys/master-key.js';
import { generateRefreshSecret } from '../../../src/keys/material.js';
import type { KeyStore } from '../../../src/store/ports/keys.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemRandomness } from '../../../src/system/randomness.js';
import { REPOSITORY } from '../../support/sandbox.js';

const PROCESSES = 4;
const ROUNDS = 50;

describe('the master key', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'counterfoil-keys-'));
    path = join(folder, 'data', 'master.key');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read in hex, base64 and base64url, with and without padding and line end, and in nothing else', () => {
    const key = randomBytes(32);
    const [hex, base64, base64url] = [key.toString('hex'), key.toString('base64'), key.toString('base64url')];
    for (const text of [
      hex,
      hex.toUpperCase(),
      base64,
      base64.slice(0, -1),
      base64url,
      `${base64}\n`,
      ` ${hex} `,
    ]) {
      expect(readMasterKey(text), text).toEqual(key);
    }
    const short = randomBytes(31);
    for (const text of [
      '',
      'secret',
      hex.slice(1),
      `${hex}0`,
      short.toString('base64'),
      `${base64}=`,
      `${hex} ${hex}`,
    ]) {
      expect(readMasterKey(text), text).toBeNull();
    }
  });

  it('is made on first use, for the owner alone, in a folder for the owner alone', () => {
    const key = masterKeyFromFile(path, systemRandomness);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'data'))).toEqual(['master.key']);
  });

  it('is the same at each later use, and the file is left alone', () => {
    const key = masterKeyFromFile(path, systemRandomness);
    const text = readFileSync(path, 'utf8');
    expect(masterKeyFromFile(path, systemRandomness)).toEqual(key);
    expect(masterKeyIn(path)).toEqual(key);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is never made in place of a file that holds something else', () => {
    const odd = join(folder, 'odd.key');
    for (const text of ['', 'not a key', randomBytes(16).toString('hex')]) {
      writeFileSync(odd, text);
      expect(() => masterKeyFromFile(odd, systemRandomness)).toThrow(/does not hold a master key/);
      expect(readFileSync(odd, 'utf8')).toBe(text);
    }
  });

  it(`is one key where ${PROCESSES} processes make it at once, ${ROUNDS} times over`, async () => {
    // The processes meet for each folder at an appointed time; one that comes late finds the key there, which is right too.
    const program = `
        import { join } from 'node:path';
        const { masterKeyFromFile } = await import(${JSON.stringify(join(REPOSITORY, 'src/keys/master-key.ts'))});
        const { systemRandomness } = await import(${JSON.stringify(join(REPOSITORY, 'src/system/randomness.ts'))});
        const [folder, start] = process.argv.slice(1);
        for (let round = 0; round < ${ROUNDS}; round++) {
          while (Date.now() < Number(start) + round * 20);
          console.log(masterKeyFromFile(join(folder, String(round), 'master.key'), systemRandomness).toString('hex'));
        }`;
    const start = systemClock.now() + 2_000;
    const runs = Array.from({ length: PROCESSES }, () =>
      promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '--eval', program, folder, String(start)],
        { cwd: REPOSITORY },
      ),
    );
    const keys = (await Promise.all(runs)).map(({ stdout }) => stdout.trim().split('\n'));
    for (let round = 0; round < ROUNDS; round++) {
      const seen = new Set(keys.map((lines) => lines[round]));
      expect(seen.size, `round ${round}`).toBe(1);
      expect([...seen][0]).toMatch(/^[0-9a-f]{64}$/);
      expect(readdirSync(join(folder, String(round)))).toEqual(['master.key']);
    }
    expect(new Set(keys[0]).size).toBe(ROUNDS);
  });

  describe('while it is exchanged', () => {
    it('lies beside the one in use, for the owner alone, until it takes its place', () => {
      const present = masterKeyFromFile(path, systemRandomness);
      const next = stageMasterKey(path, systemRandomness);
      expect(next).not.toEqual(present);
      expect(masterKeyIn(path)).toEqual(present);
      expect(stagedMasterKey(path)).toEqual(next);
      expect(statSync(nextKeyFile(path)).mode & 0o777).toBe(0o600);
      adoptStagedMasterKey(path, next);
      expect(masterKeyIn(path)).toEqual(next);
      expect(stagedMasterKey(path)).toBeNull();
      expect(statSync(path).mode & 0o777).toBe(0o600);
    });

    it('is one key for two exchanges at once, and adopting it twice is harmless', () => {
      masterKeyFromFile(path, systemRandomness);
      const next = stageMasterKey(path, systemRandomness);
      expect(stageMasterKey(path, systemRandomness)).toEqual(next);
      adoptStagedMasterKey(path, next);
      adoptStagedMasterKey(path, next);
      expect(masterKeyIn(path)).toEqual(next);
    });

    it('does not take the place when what is staged is another key', () => {
      const present = masterKeyFromFile(path, systemRandomness);
      const next = stageMasterKey(path, systemRandomness);
      adoptStagedMasterKey(path, randomBytes(32));
      expect(masterKeyIn(path)).toEqual(present);
      expect(stagedMasterKey(path)).toEqual(next);
    });

    const sealedUnder = (masterKey: Uint8Array): KeyStore => {
      const secret = generateRefreshSecret(1, 0, { masterKey, randomness: systemRandomness });
      const ring: StoredKeyRing = { revision: 1, keys: [], secrets: [secret] };
      return { load: async () => ring, inForce: async () => false, change: async () => ({ kind: 'lost' }) };
    };
    const open = (store: KeyStore) => openMasterKey({ kind: 'file', path }, store, systemRandomness);

    it('is opened as the old one after a crash before the secrets were sealed anew', async () => {
      const present = masterKeyFromFile(path, systemRandomness);
      const next = stageMasterKey(path, systemRandomness);
      expect(await open(sealedUnder(present))).toEqual(present);
      expect(stagedMasterKey(path)).toEqual(next);
    });

    it('is opened as the new one after a crash behind that, and the exchange is completed', async () => {
      masterKeyFromFile(path, systemRandomness);
      const next = stageMasterKey(path, systemRandomness);
      expect(await open(sealedUnder(next))).toEqual(next);
      expect(masterKeyIn(path)).toEqual(next);
      expect(stagedMasterKey(path)).toBeNull();
    });

    it('is asked for, and not made anew, where secrets are sealed and the file is gone', async () => {
      const store = sealedUnder(randomBytes(32));
      await expect(open(store)).rejects.toThrow(/missing/);
      expect(existsSync(path)).toBe(false);
    });
  });
});
