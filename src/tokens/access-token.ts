/**
 * Access tokens as the server has them: claims → a signed JWT of RFC 9068 (`typ: at+jwt`). Pure but for the signature
 * arithmetic: keys, time and identifiers are handed in. Reading them back is `verify-access-token.ts`, which works
 * wherever Web Crypto does; the two belong together, so the server finds both here.
 */

import type { SigningMaterial } from '../entities/key-material.js';
import type { AccessClaims } from './access-claims.js';
import { signatureOf } from './signature.js';
import { ACCESS_TOKEN_TYPE } from './verify-access-token.js';

export type { AccessClaims } from './access-claims.js';
export {
  type Expectations,
  type TokenFault,
  type Verification,
  verifyAccessToken,
} from './verify-access-token.js';

export async function signAccessToken(claims: AccessClaims, key: SigningMaterial): Promise<string> {
  const header = { alg: key.algorithm, typ: ACCESS_TOKEN_TYPE, kid: key.kid };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${(await signatureOf(signed, key)).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
