/**
 * Verification of an access token: the one strict reading that the server and `counterfoil/verify` share. Free of all
 * that only Node has; keys and time are handed in, and revocation is none of its business.
 *
 * It is stricter than JOSE asks for, since every token that it should accept was written by `access-token.ts`: canonical
 * in all its parts, the algorithm taken from the key and never from the token (RFC 8725 §3.1), and each claim checked
 * after the signature.
 */

import type { VerifyingMaterial } from '../entities/key-material.js';
import {
  type AccessClaims,
  type ClaimExpectations,
  claimFault,
  type ReadClaims,
  readClaims,
} from './access-claims.js';
import { readJws } from './jws-text.js';
import { REFRESH_TOKEN_PREFIX } from './prefix.js';
import { isSignedBy } from './signature-check.js';
import type { VerifiedTokens } from './verified-tokens.js';

export const ACCESS_TOKEN_TYPE = 'at+jwt';

const TOKEN_FAULTS = [
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
  /** `kid`: of a key that is not known, for whoever knows more of it. */
  | { readonly kind: 'refused'; readonly fault: TokenFault; readonly kid?: string };

export interface Expectations extends ClaimExpectations {
  readonly findKey: (kid: string) => VerifyingMaterial | undefined;
  /** Tokens whose signature was found good before; null, or left out, verifies each anew. */
  readonly verified?: VerifiedTokens<AccessClaims> | null;
}

export async function verifyAccessToken(token: string, expected: Expectations): Promise<Verification> {
  const known = expected.verified?.get(token);
  if (known !== undefined && expected.findKey(known.key.kid) === known.key)
    return judged(known.claims, known.key, expected);
  if (token.startsWith(REFRESH_TOKEN_PREFIX)) return refused('refresh-token');
  const jws = readJws(token);
  if (jws === null) return refused('malformed');
  if (jws.header.typ !== ACCESS_TOKEN_TYPE) return refused('wrong-type');
  const key = expected.findKey(jws.header.kid);
  if (key === undefined) return { kind: 'refused', fault: 'unknown-key', kid: jws.header.kid };
  if (jws.header.alg !== key.algorithm) return refused('wrong-algorithm');
  if (!(await isSignedBy(key, jws.input, jws.signature))) return refused('bad-signature');
  const claims = readClaims(jws.payload);
  if (claims === null) return refused('bad-claims');
  const verification = judged(claims, key, expected);
  if (verification.kind === 'verified') expected.verified?.set(token, { claims, key });
  return verification;
}

function judged(claims: ReadClaims, key: VerifyingMaterial, expected: Expectations): Verification {
  const fault = claimFault(claims, expected);
  return fault === null ? { kind: 'verified', claims, kid: key.kid } : refused(fault);
}

function refused(fault: TokenFault): Verification {
  return { kind: 'refused', fault };
}
