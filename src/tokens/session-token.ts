/**
 * Session tokens of the stateful model: secret bytes ↔ the opaque string `cfs_…`. Pure.
 *
 * Layout, 37 bytes in base64url behind `cfs_`: version 1 · secret 32 · checksum 4 (CRC-32, for secret scanners and for
 * a quick no to garbage). What is stored is the SHA-256 of the secret: 256 random bits need no salt and no slow hash.
 */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { identifierFromBytes, type SessionId } from '../entities/identifier.js';

const SESSION_TOKEN_PREFIX = 'cfs_';
export const SECRET_BYTES = 32;

const VERSION = 1;
const BODY_BYTES = 1 + SECRET_BYTES;
const SPELLING = /^cfs_[A-Za-z0-9_-]{50}$/;

export function writeSessionToken(secret: Uint8Array): string {
  const bytes = Buffer.alloc(BODY_BYTES + 4);
  bytes.writeUInt8(VERSION, 0);
  bytes.set(secret, 1);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, BODY_BYTES)), BODY_BYTES);
  return SESSION_TOKEN_PREFIX + bytes.toString('base64url');
}

/** The secret, or null for anything but the one canonical spelling of a version-1 token with a right checksum. */
export function readSessionToken(text: string): Uint8Array | null {
  if (!SPELLING.test(text)) return null;
  const encoded = text.slice(SESSION_TOKEN_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded || bytes.readUInt8(0) !== VERSION) return null;
  if (bytes.readUInt32BE(BODY_BYTES) !== crc32(bytes.subarray(0, BODY_BYTES))) return null;
  return bytes.subarray(1, BODY_BYTES);
}

/** The SHA-256 of a secret in two halves: the session's public id, and the rest that proves the whole. */
export function digestOf(secret: Uint8Array): { readonly id: SessionId; readonly rest: Uint8Array } {
  const digest = createHash('sha256').update(secret).digest();
  return { id: identifierFromBytes(digest.subarray(0, 16)), rest: digest.subarray(16) };
}
