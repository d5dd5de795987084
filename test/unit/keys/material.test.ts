import { createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SigningAlgorithm } from '../../../src/entities/signing-key.js';
import {
  generateRefreshSecret,
  generateSigningKey,
  keyLabel,
  openSigning,
  openVerifying,
  resealKey,
  resealSecret,
  secretLabel,
  type Vault,
} from '../../../src/keys/material.js';
import { SealBroken, unseal } from '../../../src/keys/seal.js';
import { systemRandomness } from '../../../src/system/randomness.js';

const NOW = 1_767_225_600_000;
const vault: Vault = { masterKey: randomBytes(32), randomness: systemRandomness };

/** RFC 7638 §3.2: the members that make the key, in the order of their names. */
const THUMBPRINT_MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'], RSA: ['e', 'kty', 'n'] };

async function made(algorithm: SigningAlgorithm) {
  const key = await generateSigningKey(algorithm, NOW, vault);
  if (key === null) throw new Error(`this runtime makes no ${algorithm} keys`);
  return key;
}

describe.each(['ES256', 'EdDSA', 'RS256'] as const)('a new %s key', (algorithm) => {
  it('is a standby published now, under its RFC 7638 thumbprint', async () => {
    const key = await made(algorithm);
    expect(key).toMatchObject({ algorithm, publishedAt: NOW, state: { kind: 'standby', activatesAt: null } });
    expect(key.publicJwk).toMatchObject({ kid: key.kid, alg: algorithm, use: 'sig' });
    const members = THUMBPRINT_MEMBERS[key.publicJwk['kty'] as keyof typeof THUMBPRINT_MEMBERS];
    const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, key.publicJwk[name]])));
    expect(key.kid).toBe(createHash('sha256').update(canonical).digest('base64url'));
  });

  it('publishes no private member', async () => {
    const { publicJwk } = await made(algorithm);
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
      expect(publicJwk).not.toHaveProperty(member);
  });

  it('opens to a pair whose halves belong together, and the private half to nobody else', async () => {
    const key = await made(algorithm);
    const opened = await openSigning(key, vault.masterKey);
    expect(opened).toMatchObject({ kid: key.kid, algorithm });
    expect(opened.privateKey.type).toBe('private');
    expect((await openVerifying(key)).publicKey.type).toBe('public');
    const secret: Record<string, unknown> = JSON.parse(
      unseal(key.sealedPrivateKey ?? new Uint8Array(), keyLabel(key.kid), vault.masterKey).toString(),
    );
    const hash = algorithm === 'EdDSA' ? null : 'sha256';
    const text = Buffer.from('text');
    const signature = sign(hash, text, { key: secret, format: 'jwk' });
    expect(verify(hash, text, createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' }), signature)).toBe(
      true,
    );
    await expect(openSigning(key, randomBytes(32))).rejects.toThrow(SealBroken);
    await expect(openSigning({ ...key, kid: 'another' }, vault.masterKey)).rejects.toThrow(SealBroken);
  });

  it('is another one each time', async () => {
    expect((await made(algorithm)).kid).not.toBe((await made(algorithm)).kid);
  });
});

describe('signing keys', () => {
  it('of RS256 have 3072 bits', async () => {
    const { publicJwk } = await made('RS256');
    expect(
      createPublicKey({ key: { ...publicJwk }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength,
    ).toBe(3072);
  });

  it('that are revoked cannot be opened to sign', async () => {
    const revoked = { ...(await made('ES256')), sealedPrivateKey: null };
    await expect(openSigning(revoked, vault.masterKey)).rejects.toThrow(/revoked/);
  });
});

describe('sealing anew', () => {
  const next: Vault = { masterKey: randomBytes(32), randomness: systemRandomness };

  it('moves keys and secrets to another master key, and the old one opens nothing more', async () => {
    const key = await made('ES256');
    const secret = generateRefreshSecret(1, NOW, vault);
    const movedKey = resealKey(key, vault.masterKey, next);
    const movedSecret = resealSecret(secret, vault.masterKey, next);
    expect((await openSigning(movedKey, next.masterKey)).kid).toBe(key.kid);
    await expect(openSigning(movedKey, vault.masterKey)).rejects.toThrow(SealBroken);
    const bytes = unseal(secret.sealed, secretLabel(1), vault.masterKey);
    expect(bytes).toHaveLength(32);
    expect(unseal(movedSecret.sealed, secretLabel(1), next.masterKey)).toEqual(bytes);
    expect(() => unseal(movedSecret.sealed, secretLabel(1), vault.masterKey)).toThrow(SealBroken);
    expect({ ...movedKey, sealedPrivateKey: null }).toEqual({ ...key, sealedPrivateKey: null });
  });

  it('leaves a revoked key as it is, and refuses under a master key that is not the present one', async () => {
    const key = await made('ES256');
    const revoked = { ...key, sealedPrivateKey: null };
    expect(resealKey(revoked, vault.masterKey, next)).toBe(revoked);
    expect(() => resealKey(key, randomBytes(32), next)).toThrow(SealBroken);
  });

  it('never takes the secret of one version for that of another', () => {
    const secret = generateRefreshSecret(1, NOW, vault);
    expect(() => unseal(secret.sealed, secretLabel(2), vault.masterKey)).toThrow(SealBroken);
  });
});
