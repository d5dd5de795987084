/**
 * One key of a JWK Set (RFC 7517) → a key that checks signatures. Takes only what Counterfoil publishes: a public key for
 * signatures, of a known algorithm that is written on it and fits its type. Anything else is passed over, as RFC 7517 §5
 * wants it, and so is what the platform's Web Crypto does not know.
 */

import type { VerifyingMaterial } from '../entities/key-material.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../entities/signing-key.js';

type Jwk = Readonly<Record<string, unknown>>;

/** The members that make up a public key. */
type PublicJwk = Partial<Record<'kty' | 'crv' | 'x' | 'y' | 'n' | 'e' | 'pub', string>>;

interface Kind {
  readonly parameters: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
  /** Members with a fixed value. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Members that make up the key. */
  readonly parts: readonly string[];
}

/** RFC 7518 §6.2 and §6.3, RFC 8037 §2, and the draft for ML-DSA in JOSE. */
const KINDS: Readonly<Record<SigningAlgorithm, Kind>> = {
  ES256: {
    parameters: { name: 'ECDSA', namedCurve: 'P-256' },
    fixed: { kty: 'EC', crv: 'P-256' },
    parts: ['x', 'y'],
  },
  EdDSA: { parameters: { name: 'Ed25519' }, fixed: { kty: 'OKP', crv: 'Ed25519' }, parts: ['x'] },
  RS256: {
    parameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    fixed: { kty: 'RSA' },
    parts: ['n', 'e'],
  },
  'ML-DSA-44': { parameters: { name: 'ML-DSA-44' }, fixed: { kty: 'AKP' }, parts: ['pub'] },
};

const MAX_KID_LENGTH = 256;
/** At least 256 bytes (RFC 7518 §3.3), of which the first is not zero (§2, Base64urlUInt); and the one common exponent. */
const MODULUS = /^(?!A[A-P])[\w-]{342,}$/;
const EXPONENT = 'AQAB';

export interface NamedKey {
  readonly kid: string;
  /** The same for the same key, so that one that is known need not be imported again. */
  readonly text: string;
  readonly material: () => Promise<VerifyingMaterial | null>;
}

/** The key's name and how to open it, or null for one that is none of ours. */
export function namedKey(value: unknown): NamedKey | null {
  if (typeof value !== 'object' || value === null) return null;
  const jwk = value as Jwk;
  const { kid } = jwk;
  const algorithm = SIGNING_ALGORITHMS.find((each) => each === jwk['alg']);
  if (algorithm === undefined || typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH)
    return null;
  const key = publicPart(jwk, KINDS[algorithm]);
  if (key === null) return null;
  return {
    kid,
    text: JSON.stringify([algorithm, key]),
    material: () => open(key, { kid, algorithm }),
  };
}

/** The members that matter, or null where one is not what it must be. A private key in a JWK Set is a mistake, not a key. */
function publicPart(jwk: Jwk, { fixed, parts }: Kind): PublicJwk | null {
  const usable =
    jwk['use'] === 'sig' &&
    jwk['d'] === undefined &&
    jwk['priv'] === undefined &&
    (jwk['key_ops'] === undefined || (Array.isArray(jwk['key_ops']) && jwk['key_ops'].includes('verify'))) &&
    Object.entries(fixed).every(([name, must]) => jwk[name] === must) &&
    parts.every((name) => typeof jwk[name] === 'string' && jwk[name] !== '');
  if (!usable || (fixed['kty'] === 'RSA' && !isStrongRsa(jwk))) return null;
  return { ...fixed, ...Object.fromEntries(parts.map((name) => [name, jwk[name]])) };
}

function isStrongRsa({ n, e }: Jwk): boolean {
  return MODULUS.test(String(n)) && e === EXPONENT;
}

async function open(
  key: PublicJwk,
  { kid, algorithm }: Pick<VerifyingMaterial, 'kid' | 'algorithm'>,
): Promise<VerifyingMaterial | null> {
  try {
    const { parameters } = KINDS[algorithm];
    const publicKey = await crypto.subtle.importKey('jwk', key, parameters, false, ['verify']);
    return { kid, algorithm, publicKey };
  } catch {
    return null;
  }
}
