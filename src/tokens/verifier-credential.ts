/**
 * Credentials of verifiers: id and secret ↔ the opaque string `cfv_…`. Pure.
 *
 * Layout, 53 bytes in base64url behind `cfv_`: version 1 · verifier id 16 · secret 32 · checksum 4 (CRC-32, for secret
 * scanners and for a quick no to garbage). What is stored is the SHA-256 of the secret: 256 random bits need no salt and
 * no slow hash.
 */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { identifierFromBytes, identifierToBytes, type VerifierId } from '../entities/identifier.js';

const VERIFIER_CREDENTIAL_PREFIX = 'cfv_';
export const VERIFIER_SECRET_BYTES = 32;

const VERSION = 1;
const BODY_BYTES = 1 + 16 + VERIFIER_SECRET_BYTES;
const SPELLING = /^cfv_[A-Za-z0-9_-]{71}$/;

export interface ReadVerifierCredential {
  readonly id: VerifierId;
  readonly secret: Uint8Array;
}

export function writeVerifierCredential(id: VerifierId, secret: Uint8Array): string {
  const bytes = Buffer.alloc(BODY_BYTES + 4);
  bytes.writeUInt8(VERSION, 0);
  identifierToBytes(id).copy(bytes, 1);
  bytes.set(secret, 17);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, BODY_BYTES)), BODY_BYTES);
  return VERIFIER_CREDENTIAL_PREFIX + bytes.toString('base64url');
}

/** Id and secret, or null for anything but the one canonical spelling of a version-1 credential with a right checksum. */
export function readVerifierCredential(text: string): ReadVerifierCredential | null {
  if (!SPELLING.test(text)) return null;
  const encoded = text.slice(VERIFIER_CREDENTIAL_PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded || bytes.readUInt8(0) !== VERSION) return null;
  if (bytes.readUInt32BE(BODY_BYTES) !== crc32(bytes.subarray(0, BODY_BYTES))) return null;
  return { id: identifierFromBytes(bytes.subarray(1, 17)), secret: bytes.subarray(17, BODY_BYTES) };
}

/** What is stored of a secret: its SHA-256. */
export function verifierSecretHash(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
