/**
 * Making and opening signing keys. `kid` is the RFC 7638 thumbprint. RSA keys have 3072 bits. Ed25519 signs under the
 * name `EdDSA` (RFC 8037), which every library knows, not the newer `Ed25519` (RFC 9864). ML-DSA-44 exists only where
 * the runtime has it.
 */

import type { CryptoKey, JWK } from 'jose';
import { calculateJwkThumbprint } from 'jose/jwk/thumbprint';
import { exportJWK } from 'jose/key/export';
import { generateKeyPair } from 'jose/key/generate/keypair';
import { importJWK } from 'jose/key/import';
import type { SigningMaterial, VerifyingMaterial } from '../entities/key-material.js';
import type { SigningAlgorithm, StoredRefreshSecret, StoredSigningKey } from '../entities/signing-key.js';
import type { Randomness } from '../system/randomness.js';
import { seal, unseal } from './seal.js';

const RSA_BITS = 3072;
const REFRESH_SECRET_BYTES = 32;

export interface Vault {
  readonly masterKey: Uint8Array;
  readonly randomness: Randomness;
}

/** A new standby key published at `now`, its private half sealed; null where the runtime lacks the algorithm. */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  now: number,
  vault: Vault,
): Promise<StoredSigningKey | null> {
  const pair = await generatePair(algorithm);
  if (pair === null) return null;
  const publicJwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  const secret = Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)));
  return {
    kid,
    algorithm,
    publishedAt: now,
    state: { kind: 'standby', activatesAt: null },
    publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
    sealedPrivateKey: seal(secret, keyLabel(kid), vault.masterKey, vault.randomness),
  };
}

async function generatePair(algorithm: SigningAlgorithm) {
  try {
    return await generateKeyPair(algorithm, { extractable: true, modulusLength: RSA_BITS });
  } catch (fault) {
    if (algorithm !== 'ML-DSA-44') throw fault;
    return null;
  }
}

export async function openVerifying(key: StoredSigningKey): Promise<VerifyingMaterial> {
  const publicKey = (await importJWK(key.publicJwk as JWK, key.algorithm)) as CryptoKey;
  return { kid: key.kid, algorithm: key.algorithm, publicKey };
}

/** Throws `SealBroken` where the master key is not the one the key was sealed under. */
export async function openSigning(key: StoredSigningKey, masterKey: Uint8Array): Promise<SigningMaterial> {
  if (key.sealedPrivateKey === null)
    throw new Error(`The signing key ${key.kid} has been revoked and cannot sign.`);
  const jwk: JWK = JSON.parse(unseal(key.sealedPrivateKey, keyLabel(key.kid), masterKey).toString('utf8'));
  const privateKey = (await importJWK(jwk, key.algorithm)) as CryptoKey;
  return { kid: key.kid, algorithm: key.algorithm, privateKey };
}

/** A new refresh secret, sealed. */
export function generateRefreshSecret(version: number, now: number, vault: Vault): StoredRefreshSecret {
  const secret = vault.randomness.bytes(REFRESH_SECRET_BYTES);
  return {
    version,
    sealed: seal(secret, secretLabel(version), vault.masterKey, vault.randomness),
    createdAt: now,
  };
}

/** The same ring contents, sealed under another master key. Throws `SealBroken` where `from` is not the present one. */
export function resealKey(key: StoredSigningKey, from: Uint8Array, to: Vault): StoredSigningKey {
  if (key.sealedPrivateKey === null) return key;
  const label = keyLabel(key.kid);
  return {
    ...key,
    sealedPrivateKey: seal(unseal(key.sealedPrivateKey, label, from), label, to.masterKey, to.randomness),
  };
}

export function resealSecret(secret: StoredRefreshSecret, from: Uint8Array, to: Vault): StoredRefreshSecret {
  const label = secretLabel(secret.version);
  return { ...secret, sealed: seal(unseal(secret.sealed, label, from), label, to.masterKey, to.randomness) };
}

export function keyLabel(kid: string): string {
  return `signing key ${kid}`;
}

export function secretLabel(version: number): string {
  return `refresh secret ${version}`;
}
