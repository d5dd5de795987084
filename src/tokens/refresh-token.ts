/**
 * Refresh tokens: bytes and fields ↔ the opaque string `cfr_…`. Pure: knows neither stores nor clocks.
 * Owns the layout, the tag and the checksum; whether a well-made token is still good is said by `session/judge.ts`.
 *
 * Layout, 46 bytes in base64url behind `cfr_`:
 *
 *     version 1 · key version 1 · session id 16 · generation 4 (big-endian) · tag 20 · checksum 4
 *
 * `tag = HMAC-SHA-256(K, "refresh" · session id · generation)`, its first 160 bits (RFC 2104 §5), with
 * `K = HKDF-SHA-256(server refresh secret, salt: session salt)` (RFC 5869). The session row keeps salt and generation,
 * so the database alone mints nothing, the secret alone mints nothing, and every generation can be made again.
 * The checksum (CRC-32) is for secret scanners and for a quick no to garbage; it proves nothing.
 */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { identifierFromBytes, identifierToBytes, type SessionId } from '../entities/identifier.js';
import type { RefreshSecret } from '../entities/key-material.js';
import { REFRESH_TOKEN_PREFIX } from './prefix.js';

export const MAX_GENERATION = 0xffffffff;

const VERSION = 1;
const TAG_BYTES = 20;
const BODY_BYTES = 2 + 16 + 4 + TAG_BYTES;
const TOKEN_BYTES = BODY_BYTES + 4;
const LAST_BLOCK = Uint8Array.of(1);
/** Of the row that is being worked on: a refresh checks one token and makes the next. Gone with the row. */
const keys = new WeakMap<Uint8Array, { readonly secret: Uint8Array; readonly key: Buffer }>();
const SPELLING = new RegExp(`^${REFRESH_TOKEN_PREFIX}[A-Za-z0-9_-]{${Math.ceil((TOKEN_BYTES * 8) / 6)}}$`);

/** A token that is well formed; its tag has not been checked. */
export interface ReadRefreshToken {
  readonly keyVersion: number;
  readonly sessionId: SessionId;
  readonly generation: number;
  readonly tag: Uint8Array;
}

/** Reads the string, or null for anything but the one canonical spelling of a version-1 token with a right checksum. */
export function readRefreshToken(text: string): ReadRefreshToken | null {
  if (!SPELLING.test(text)) return null;
  const encoded = text.slice(REFRESH_TOKEN_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) return null;
  if (bytes.readUInt8(0) !== VERSION) return null;
  if (bytes.readUInt32BE(BODY_BYTES) !== crc32(bytes.subarray(0, BODY_BYTES))) return null;
  return {
    keyVersion: bytes.readUInt8(1),
    sessionId: identifierFromBytes(bytes.subarray(2, 18)),
    generation: bytes.readUInt32BE(18),
    tag: bytes.subarray(22, BODY_BYTES),
  };
}

/** Makes the token of one generation of one session; the same arguments always make the same token. */
export function writeRefreshToken(
  secret: RefreshSecret,
  salt: Uint8Array,
  sessionId: SessionId,
  generation: number,
): string {
  const bytes = Buffer.alloc(TOKEN_BYTES);
  bytes.writeUInt8(VERSION, 0);
  bytes.writeUInt8(secret.version, 1);
  identifierToBytes(sessionId).copy(bytes, 2);
  bytes.writeUInt32BE(generation, 18);
  tagOf(secret, salt, sessionId, generation).copy(bytes, 22);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, BODY_BYTES)), BODY_BYTES);
  return REFRESH_TOKEN_PREFIX + bytes.toString('base64url');
}

/** Whether the tag is this server's own, compared in constant time. */
export function isGenuine(token: ReadRefreshToken, secret: RefreshSecret, salt: Uint8Array): boolean {
  return timingSafeEqual(token.tag, tagOf(secret, salt, token.sessionId, token.generation));
}

function tagOf(secret: RefreshSecret, salt: Uint8Array, sessionId: SessionId, generation: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(generation);
  const full = createHmac('sha256', sessionKey(secret, salt))
    .update('refresh')
    .update(identifierToBytes(sessionId))
    .update(count)
    .digest();
  return full.subarray(0, TAG_BYTES);
}

/**
 * The key of one session: HKDF-SHA-256 for one block of output (RFC 5869 §2): extract, then expand once. The same bytes as `hkdfSync`, which
 * spends more on its key objects than all the rest of a refresh token takes.
 */
export function sessionKey({ bytes }: RefreshSecret, salt: Uint8Array): Buffer {
  const known = keys.get(salt);
  if (known?.secret === bytes) return known.key;
  const extracted = createHmac('sha256', salt).update(bytes).digest();
  const key = createHmac('sha256', extracted).update('counterfoil refresh token').update(LAST_BLOCK).digest();
  keys.set(salt, { secret: bytes, key });
  return key;
}

/** What is kept of an idempotency key: enough to recognise it (128 bits of SHA-256), not the key. */
export function hashIdempotencyKey(key: string): Uint8Array {
  return createHash('sha256').update(key, 'utf8').digest().subarray(0, 16);
}
