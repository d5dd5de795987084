/**
 * Access tokens: claims ↔ a signed JWT of RFC 9068 (`typ: at+jwt`). Pure but for the signature arithmetic: keys, time
 * and identifiers are handed in. Owns the strict reading of a token; revocation is none of its business.
 *
 * Verification is stricter than JOSE asks for, since every token it should accept was written below: three canonical
 * base64url parts, a header of exactly `alg`, `typ` and `kid`, JSON in its one canonical spelling (so no member twice),
 * the algorithm taken from the key and never from the token (RFC 8725 §3.1), and each claim checked after the signature.
 */

import { compactVerify } from 'jose/jws/compact/verify';
import { isIdentifier, type SessionId, type UserId } from '../entities/identifier.js';
import type { SigningMaterial, VerifyingMaterial } from '../entities/key-material.js';
import { REFRESH_TOKEN_PREFIX } from './refresh-token.js';
import { signatureOf } from './signature.js';
import type { VerifiedTokens } from './verified-tokens.js';

const ACCESS_TOKEN_TYPE = 'at+jwt';
/** No token of ours comes near; longer input is refused before any work is spent on it. */
const MAX_TOKEN_LENGTH = 8192;

/** The claims of RFC 9068 §2.2 as we write them; times are whole seconds since the epoch (RFC 7519 NumericDate). */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: UserId;
  readonly sid: SessionId;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** Only where it can be checked: tokens of the stateless model have none, and are good for no other. */
  readonly epoch?: number;
  readonly scope: string;
  readonly auth_time: number;
}

export const TOKEN_FAULTS = [
  'malformed',
  'refresh-token',
  'wrong-type',
  'unknown-key',
  'wrong-algorithm',
  'bad-signature',
  'bad-claims',
  'wrong-issuer',
  'wrong-audience',
  'not-yet-valid',
  'lives-too-long',
  'expired',
] as const;
/** Why a token is refused. Faults from `bad-claims` on were found after the signature had been proven good. */
export type TokenFault = (typeof TOKEN_FAULTS)[number];

export type Verification =
  | { readonly kind: 'verified'; readonly claims: AccessClaims; readonly kid: string }
  | { readonly kind: 'refused'; readonly fault: TokenFault };

export interface Expectations {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How far the signer's clock may be ahead of ours (`iat` in the future); milliseconds. */
  readonly skewMs: number;
  /** How long after `exp` a token still passes: 0 where the signer and the verifier share a clock; milliseconds. */
  readonly expiryLeewayMs: number;
  /** The longest life (`exp - iat`) that present policy grants; a token that claims more is refused. */
  readonly maxLifetimeMs: number;
  /** Whether tokens name the epoch; unless told otherwise, they must. */
  readonly epochs?: boolean;
  readonly findKey: (kid: string) => VerifyingMaterial | undefined;
  /** Tokens whose signature was found good before; null, or left out, verifies each anew. */
  readonly verified?: VerifiedTokens<AccessClaims> | null;
}

export async function signAccessToken(claims: AccessClaims, key: SigningMaterial): Promise<string> {
  const header = { alg: key.algorithm, typ: ACCESS_TOKEN_TYPE, kid: key.kid };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${(await signatureOf(signed, key)).toString('base64url')}`;
}

export async function verifyAccessToken(token: string, expected: Expectations): Promise<Verification> {
  const known = expected.verified?.get(token);
  if (known !== undefined && expected.findKey(known.key.kid) === known.key)
    return judged(known.claims, known.key, expected);
  if (token.startsWith(REFRESH_TOKEN_PREFIX)) return refused('refresh-token');
  const parts = readParts(token);
  if (parts === null) return refused('malformed');
  if (parts.header.typ !== ACCESS_TOKEN_TYPE) return refused('wrong-type');
  const key = expected.findKey(parts.header.kid);
  if (key === undefined) return refused('unknown-key');
  if (parts.header.alg !== key.algorithm) return refused('wrong-algorithm');
  try {
    await compactVerify(token, key.publicKey, { algorithms: [key.algorithm] });
  } catch {
    return refused('bad-signature');
  }
  const claims = readClaims(parts.payload);
  if (claims === null) return refused('bad-claims');
  const verification = judged(claims, key, expected);
  if (verification.kind === 'verified') expected.verified?.set(token, { claims, key });
  return verification;
}

function judged(claims: ReadClaims, key: VerifyingMaterial, expected: Expectations): Verification {
  const fault = claimsFault(claims, expected);
  return fault === null ? { kind: 'verified', claims, kid: key.kid } : refused(fault);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function refused(fault: TokenFault): Verification {
  return { kind: 'refused', fault };
}

interface Parts {
  readonly header: { readonly alg: string; readonly typ: string; readonly kid: string };
  readonly payload: Buffer;
}

function readParts(token: string): Parts | null {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return null;
  const headerBytes = canonicalBytes(header);
  const payloadBytes = canonicalBytes(payload);
  if (headerBytes === null || payloadBytes === null || canonicalBytes(signature) === null) return null;
  const fields = canonicalObject(headerBytes);
  if (fields === null || Object.keys(fields).length !== 3) return null;
  const { alg, typ, kid } = fields;
  if (typeof alg !== 'string' || typeof typ !== 'string' || typeof kid !== 'string') return null;
  return { header: { alg, typ, kid }, payload: payloadBytes };
}

/** The bytes behind a base64url text, or null if the text is not the one spelling of them (RFC 4648 §3.5). */
function canonicalBytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : null;
}

/** A JSON object, or null if its bytes differ from what `JSON.stringify` would write: no member twice, no 1e400. */
function canonicalObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    // Bytes and not texts are compared: decoding repairs invalid UTF-8, so two payloads could read the same.
    const canonical = JSON.stringify(value);
    // What it writes as \ud… is half a character, which no UTF-8 can hold.
    if (canonical.includes('\\ud')) return null;
    return bytes.equals(Buffer.from(canonical)) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** We never write `nbf`, but whoever reads it in a token of ours must heed it (RFC 7519 §4.1.5). */
type ReadClaims = AccessClaims & { readonly nbf?: number };

function readClaims(payload: Buffer): ReadClaims | null {
  const found = canonicalObject(payload);
  if (found === null) return null;
  const texts = [found['iss'], found['aud'], found['client_id'], found['jti'], found['scope']];
  const counts = [
    found['iat'],
    found['exp'],
    found['epoch'] === undefined ? 0 : found['epoch'],
    found['auth_time'],
    found['nbf'] === undefined ? 0 : found['nbf'],
  ];
  const wellTyped =
    texts.every((text) => typeof text === 'string' && text !== '') &&
    counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    [found['sub'], found['sid']].every((id) => typeof id === 'string' && isIdentifier(id));
  return wellTyped ? (found as unknown as ReadClaims) : null;
}

function claimsFault(claims: ReadClaims, expected: Expectations): TokenFault | null {
  if ((claims.epoch !== undefined) !== (expected.epochs ?? true)) return 'bad-claims';
  if (claims.iss !== expected.issuer) return 'wrong-issuer';
  if (claims.aud !== expected.audience) return 'wrong-audience';
  if (Math.max(claims.iat, claims.nbf ?? 0) * 1000 > expected.now + expected.skewMs) return 'not-yet-valid';
  if ((claims.exp - claims.iat) * 1000 > expected.maxLifetimeMs) return 'lives-too-long';
  if (claims.exp * 1000 <= expected.now - expected.expiryLeewayMs) return 'expired';
  return null;
}
