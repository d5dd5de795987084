/**
 * Tokens as an attacker would make them, down to the byte: any header, any payload, any signature. Some attacks need
 * the server's own private key, which a test gets by unsealing the stored ring with the known master key.
 */

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { App } from '../../src/app.js';
import type { SigningAlgorithm, StoredSigningKey } from '../../src/entities/signing-key.js';
import { keyLabel } from '../../src/keys/material.js';
import { activeKey } from '../../src/keys/plan.js';
import { unseal } from '../../src/keys/seal.js';

/** What `startCounterfoil` seals under. */
const KNOWN_MASTER_KEY = Buffer.alloc(32);

export interface StolenKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: StoredSigningKey['publicJwk'];
}

/** The active signing key of a running server. */
export async function stealActiveKey(app: App): Promise<StolenKey> {
  const key = activeKey(await app.store.keys.load());
  if (key.sealedPrivateKey === null) throw new Error('The active key has no private half.');
  const jwk = JSON.parse(unseal(key.sealedPrivateKey, keyLabel(key.kid), KNOWN_MASTER_KEY).toString());
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const { kid, algorithm, publicJwk } = key;
  return { kid, algorithm, publicJwk, privateKey, publicKey: createPublicKey(privateKey) };
}

export const base64url = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');
const textOf = (part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part));

/** Joins a header and a payload, each an object or the exact text of one, with a signature over them. */
export function forge(header: unknown, payload: unknown, signer: (input: Buffer) => Uint8Array): string {
  const input = `${base64url(textOf(header))}.${base64url(textOf(payload))}`;
  return `${input}.${base64url(signer(Buffer.from(input)))}`;
}

export function signerOf(key: KeyObject, hash: string | null = 'sha256'): (input: Buffer) => Uint8Array {
  return (input) => sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
}

export function hmacSigner(hash: string, secret: Uint8Array | string): (input: Buffer) => Uint8Array {
  return (input) => createHmac(hash, secret).update(input).digest();
}

export function foreignKey(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
