/**
 * Verifying a signature in the browser, as any other service would: by the published keys alone. The algorithm is that of
 * the key, never what the token says (RFC 8725 §3.1).
 */

import { type ReadToken, readToken } from './decode.js';

export interface PublicKey extends JsonWebKey {
  readonly kid?: string;
}

export type Verification =
  | { readonly kind: 'good'; readonly algorithm: string }
  | { readonly kind: 'bad' }
  | { readonly kind: 'unknown-key' }
  /** The browser, or the page's address, does not allow it. */
  | { readonly kind: 'cannot'; readonly why: string };

interface Algorithm {
  readonly importing: AlgorithmIdentifier | EcKeyImportParams | RsaHashedImportParams;
  readonly verifying: AlgorithmIdentifier | EcdsaParams;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  ES256: {
    importing: { name: 'ECDSA', namedCurve: 'P-256' },
    verifying: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { importing: { name: 'Ed25519' }, verifying: { name: 'Ed25519' } },
  RS256: {
    importing: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    verifying: { name: 'RSASSA-PKCS1-v1_5' },
  },
  'ML-DSA-44': { importing: { name: 'ML-DSA-44' }, verifying: { name: 'ML-DSA-44' } },
};

export async function verifySignature(text: string, keys: readonly PublicKey[]): Promise<Verification> {
  // Browsers give it to pages from https and from this machine only.
  if (globalThis.crypto?.subtle === undefined)
    return { kind: 'cannot', why: 'Browsers lend their cryptography only to pages that came by https.' };
  const token = readToken(text);
  if (token === null) return { kind: 'bad' };
  const key = keys.find(({ kid }) => kid !== undefined && kid === token.header['kid']);
  if (key === undefined) return { kind: 'unknown-key' };
  const algorithm = ALGORITHMS[key.alg ?? ''];
  if (algorithm === undefined)
    return { kind: 'cannot', why: `This page does not know ${key.alg ?? 'the key’s algorithm'}.` };
  if (key.alg !== token.header['alg']) return { kind: 'bad' };
  const imported = await importKey(key, algorithm);
  if (imported === null)
    return { kind: 'cannot', why: `This browser cannot check ${key.alg} signatures yet.` };
  const isGood = await isSigned(token, imported, algorithm);
  return isGood ? { kind: 'good', algorithm: key.alg ?? '' } : { kind: 'bad' };
}

async function importKey(key: PublicKey, { importing }: Algorithm): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('jwk', key, importing, false, ['verify']);
  } catch {
    return null;
  }
}

function isSigned(
  { parts, signature }: ReadToken,
  key: CryptoKey,
  { verifying }: Algorithm,
): Promise<boolean> {
  const input = new TextEncoder().encode(`${parts.header}.${parts.payload}`);
  return crypto.subtle.verify(verifying, key, signature, input);
}

/** The published keys, from beside the console. Rejects where they are not to be had. */
export async function fetchKeys(base: string): Promise<readonly PublicKey[]> {
  const response = await fetch(new URL('../.well-known/jwks.json', base), { credentials: 'omit' });
  if (!response.ok) throw new Error(`The keys were answered with status ${response.status}.`);
  const { keys } = (await response.json()) as { readonly keys?: readonly PublicKey[] };
  return keys ?? [];
}
