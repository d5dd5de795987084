/**
 * The JWS signature of a signing input (RFC 7515 §5.1), by Node's own crypto: a fourth of the processor time that
 * WebCrypto takes for the same ES256 signature, most of which goes into handing it to another thread and back. Quick
 * algorithms sign on the spot; those that would hold up every other request go to a thread. Checking is
 * `signature-check.ts`, which must work elsewhere, too.
 */

import { KeyObject, type SignKeyObjectInput, sign, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningMaterial } from '../entities/key-material.js';
import type { SigningAlgorithm } from '../entities/signing-key.js';

const signElsewhere = promisify(sign);

/** RFC 7518 §3.4 (the two numbers side by side) and §3.3, RFC 8037 §3.1, FIPS 204. */
const ALGORITHMS: Readonly<
  Record<SigningAlgorithm, { readonly digest: string | null; readonly quick: boolean }>
> = {
  ES256: { digest: 'sha256', quick: true },
  EdDSA: { digest: null, quick: true },
  RS256: { digest: 'sha256', quick: false },
  'ML-DSA-44': { digest: null, quick: false },
};

const keyObjects = new WeakMap<webcrypto.CryptoKey, SignKeyObjectInput>();

export async function signatureOf(
  input: string,
  { algorithm, privateKey }: Pick<SigningMaterial, 'algorithm' | 'privateKey'>,
): Promise<Buffer> {
  const { digest, quick } = ALGORITHMS[algorithm];
  const bytes = Buffer.from(input);
  const key = keyObjectOf(privateKey);
  return quick ? sign(digest, bytes, key) : signElsewhere(digest, bytes, key);
}

function keyObjectOf(privateKey: webcrypto.CryptoKey): SignKeyObjectInput {
  const known = keyObjects.get(privateKey);
  if (known !== undefined) return known;
  const made = { key: KeyObject.from(privateKey), dsaEncoding: 'ieee-p1363' } as const;
  keyObjects.set(privateKey, made);
  return made;
}
