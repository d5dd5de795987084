import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredKeyRing } from '../../../src/entities/key-ring.js';
import type { KeyState, StoredSigningKey } from '../../../src/entities/signing-key.js';
import {
  generateRefreshSecret,
  generateSigningKey,
  resealKey,
  resealSecret,
  type Vault,
} from '../../../src/keys/material.js';
import { KeyRing } from '../../../src/keys/ring.js';
import { SealBroken } from '../../../src/keys/seal.js';
import { systemRandomness } from '../../../src/system/randomness.js';

const NOW = 1_767_225_600_000;
const vault: Vault = { masterKey: randomBytes(32), randomness: systemRandomness };
const foreign: Vault = { masterKey: randomBytes(32), randomness: systemRandomness };
const ACTIVE: KeyState = { kind: 'active', activatedAt: NOW };
const STANDBY: KeyState = { kind: 'standby', activatesAt: null };
const RETIRED: KeyState = { kind: 'retired', activatedAt: NOW, retiredAt: NOW + 1, goneAt: NOW + 2 };
const REVOKED: KeyState = { kind: 'revoked', revokedAt: NOW, reason: 'leaked' };

describe('the key ring', () => {
  let keys: readonly StoredSigningKey[];
  const secrets = [1, 2].map((version) => generateRefreshSecret(version, NOW, vault));
  beforeAll(async () => {
    const made = await Promise.all(
      ['ES256', 'EdDSA', 'ES256', 'ES256'].map((name) => generateSigningKey(name as 'ES256', NOW, vault)),
    );
    keys = made.flatMap((key) => key ?? []);
  });

  function stored(
    revision: number,
    states: readonly KeyState[],
    parts: Partial<StoredKeyRing> = {},
  ): StoredKeyRing {
    const inState = states.map((state, index): StoredSigningKey => {
      const key = keys[index] as StoredSigningKey;
      return { ...key, state, sealedPrivateKey: state.kind === 'revoked' ? null : key.sealedPrivateKey };
    });
    return { revision, keys: inState, secrets, ...parts };
  }

  function rewrapped(ring: StoredKeyRing): StoredKeyRing {
    return {
      ...ring,
      keys: ring.keys.map((key) => resealKey(key, vault.masterKey, foreign)),
      secrets: ring.secrets.map((secret) => resealSecret(secret, vault.masterKey, foreign)),
    };
  }

  const kid = (index: number) => keys[index]?.kid ?? '';

  it('is of no use before it has been loaded', () => {
    const ring = new KeyRing(vault.masterKey);
    expect(ring.revision).toBe(0);
    for (const use of [
      () => ring.signer(),
      () => ring.jwks(),
      () => ring.currentSecret(),
      () => ring.verifier('x'),
    ]) {
      expect(use).toThrow(/has not been loaded/);
    }
  });

  it('signs with the active key, and verifies with every key but the revoked', async () => {
    const ring = new KeyRing(vault.masterKey);
    expect(await ring.adopt(stored(1, [RETIRED, ACTIVE, STANDBY, REVOKED]))).toEqual({ kind: 'whole' });
    expect(ring.signer()).toMatchObject({ kid: kid(1), algorithm: 'EdDSA' });
    for (const index of [0, 1, 2]) expect(ring.verifier(kid(index))?.kid).toBe(kid(index));
    expect(ring.verifier(kid(3))).toBeUndefined();
    expect(ring.verifier('unknown')).toBeUndefined();
    expect(ring.keys().map(({ state }) => state.kind)).toEqual(['retired', 'active', 'standby', 'revoked']);
  });

  it('publishes what signs, will sign or has signed, never the revoked, and no private member', async () => {
    const ring = new KeyRing(vault.masterKey);
    await ring.adopt(stored(1, [RETIRED, ACTIVE, STANDBY, REVOKED]));
    expect(ring.jwks().keys.map((jwk) => jwk['kid'])).toEqual([kid(0), kid(1), kid(2)]);
    for (const jwk of ring.jwks().keys) expect(jwk).not.toHaveProperty('d');
  });

  it('makes refresh tokens with the newest secret, and knows the older ones', async () => {
    const ring = new KeyRing(vault.masterKey);
    await ring.adopt(stored(1, [ACTIVE]));
    expect(ring.currentSecret().version).toBe(2);
    expect(ring.currentSecret().bytes).toHaveLength(32);
    expect(ring.secret(1)?.bytes).not.toEqual(ring.secret(2)?.bytes);
    expect(ring.secret(3)).toBeUndefined();
  });

  it('takes over a newer ring, and neither an older nor the same one again', async () => {
    const ring = new KeyRing(vault.masterKey);
    await ring.adopt(stored(5, [ACTIVE, STANDBY]));
    for (const revision of [4, 5]) {
      await ring.adopt(stored(revision, [STANDBY, ACTIVE]));
      expect([ring.revision, ring.signer().kid]).toEqual([5, kid(0)]);
    }
    await ring.adopt(stored(6, [RETIRED, ACTIVE]));
    expect([ring.revision, ring.signer().kid]).toEqual([6, kid(1)]);
  });

  it('ends with the newest ring whatever order several adoptions at once finish in', async () => {
    const rings = [7, 3, 9, 1, 8].map((revision) =>
      stored(revision, revision === 9 ? [RETIRED, ACTIVE] : [ACTIVE, STANDBY]),
    );
    const ring = new KeyRing(vault.masterKey);
    await Promise.all(rings.map((one) => ring.adopt(one)));
    expect([ring.revision, ring.signer().kid]).toEqual([9, kid(1)]);
  });

  it('refuses a first ring that its master key does not open', async () => {
    const ring = new KeyRing(foreign.masterKey);
    await expect(ring.adopt(stored(1, [ACTIVE]))).rejects.toThrow(SealBroken);
    expect(ring.revision).toBe(0);
  });

  it('goes on with what it has opened when the ring is sealed anew under another master key', async () => {
    const ring = new KeyRing(vault.masterKey);
    await ring.adopt(stored(1, [ACTIVE, STANDBY]));
    const adoption = await ring.adopt(rewrapped(stored(2, [ACTIVE, STANDBY, STANDBY])));
    expect(adoption).toMatchObject({ kind: 'in-part', fault: expect.any(SealBroken) });
    expect([ring.revision, ring.signer().kid, ring.currentSecret().version]).toEqual([2, kid(0), 2]);
    expect(ring.verifier(kid(2))?.kid).toBe(kid(2));
  });

  it('signs no more, rather than with a revoked key, when it cannot open the successor', async () => {
    const ring = new KeyRing(vault.masterKey);
    await ring.adopt(stored(1, [ACTIVE, STANDBY]));
    await ring.adopt(rewrapped(stored(2, [REVOKED, ACTIVE])));
    expect(() => ring.signer()).toThrow(SealBroken);
    expect(ring.verifier(kid(0))).toBeUndefined();
    expect(ring.verifier(kid(1))?.kid).toBe(kid(1));
  });
});
