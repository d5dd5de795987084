/**
 * Identifiers of access tokens (`jti`, RFC 7519 §4.1.7) that only whoever has the refresh secret can make: 6 random
 * bytes, and 10 of an HMAC over them, the session and the time of issue, under the key of the session. Whoever has
 * nothing but the signing key can forge a token that reads, but none that a session's own refresh token is given for.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { identifierToBytes, type SessionId } from '../entities/identifier.js';
import type { RefreshSecret } from '../entities/key-material.js';
import { sessionKey } from './refresh-token.js';

export const NONCE_BYTES = 6;
const TAG_BYTES = 10;

/** What an access token says of itself. */
export interface TokenMark {
  readonly id: string;
  /** Seconds since the epoch, as in the token. */
  readonly issuedAt: number;
}

/** Whose token it is, and what makes its key. */
export interface TokenOwner {
  readonly id: SessionId;
  readonly salt: Uint8Array;
}

export function writeTokenId(
  secret: RefreshSecret,
  session: TokenOwner,
  issuedAt: number,
  nonce: Uint8Array,
): string {
  return Buffer.concat([nonce, tagOf(secret, session, issuedAt, nonce)]).toString('base64url');
}

/** Whether the identifier was made for this session and this time of issue; compared in constant time. */
export function isOwnTokenId(
  secret: RefreshSecret,
  session: TokenOwner,
  { id, issuedAt }: TokenMark,
): boolean {
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== NONCE_BYTES + TAG_BYTES) return false;
  const tag = tagOf(secret, session, issuedAt, bytes.subarray(0, NONCE_BYTES));
  return timingSafeEqual(bytes.subarray(NONCE_BYTES), tag);
}

function tagOf(secret: RefreshSecret, { id, salt }: TokenOwner, issuedAt: number, nonce: Uint8Array): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(issuedAt));
  const full = createHmac('sha256', sessionKey(secret, salt))
    .update('access')
    .update(identifierToBytes(id))
    .update(time)
    .update(nonce)
    .digest();
  return full.subarray(0, TAG_BYTES);
}
