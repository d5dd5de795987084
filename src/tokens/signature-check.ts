/**
 * Whether a key has made a signature (RFC 7515 §5.2), by Web Crypto, which Node, browsers and edge runtimes have in
 * common. The algorithm is that of the key. Making signatures is the business of `signature.ts`.
 */

import type { VerifyingMaterial } from '../entities/key-material.js';
import type { SigningAlgorithm } from '../entities/signing-key.js';

/** RFC 7518 §3.4 and §3.3, RFC 8037 §3.1, FIPS 204. */
const PARAMETERS: Readonly<Record<SigningAlgorithm, { readonly name: string; readonly hash?: string }>> = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  'ML-DSA-44': { name: 'ML-DSA-44' },
};

const encoder = new TextEncoder();

/** False, too, where the key is of another algorithm than it says. */
export async function isSignedBy(
  { algorithm, publicKey }: Pick<VerifyingMaterial, 'algorithm' | 'publicKey'>,
  input: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify(PARAMETERS[algorithm], publicKey, signature, encoder.encode(input));
  } catch {
    return false;
  }
}
