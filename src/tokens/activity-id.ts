/**
 * What an owner is shown in place of the number of an audit event: numbers count what happens to everybody, and two of
 * them would tell how much that is. Pure: number and owner ↔ 22 characters of base64url, the same ones each time, that
 * name a place in the owner's own list and nothing else.
 *
 *     AES-256( K, zero 8 · number 8 (big-endian) ),  K = HKDF-SHA-256(refresh secret, salt: user id) (RFC 5869)
 *
 * One block under a key of the owner's is a permutation, so it needs no mode; the zeros tell what was made here.
 */

import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { identifierToBytes, isIdentifier, type UserId } from '../entities/identifier.js';
import type { RefreshSecret } from '../entities/key-material.js';

/** ECB of exactly one block: the bare cipher. */
const CIPHER = 'aes-256-ecb';
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const NUMBER_AT = 8;

export interface ActivityIds {
  write(sequence: number): string;
  /** Null for whatever was not written for this owner. */
  read(text: string): number | null;
}

export function activityIds(secret: RefreshSecret, owner: UserId): ActivityIds {
  const salt = identifierToBytes(owner);
  const key = Buffer.from(hkdfSync('sha256', secret.bytes, salt, 'counterfoil activity', KEY_BYTES));
  return {
    write: (sequence) => {
      const block = Buffer.alloc(BLOCK_BYTES);
      block.writeBigUInt64BE(BigInt(sequence), NUMBER_AT);
      return createCipheriv(CIPHER, key, null).setAutoPadding(false).update(block).toString('base64url');
    },
    read: (text) => {
      // 16 bytes have one spelling, be they an identifier or not.
      if (!isIdentifier(text)) return null;
      const decipher = createDecipheriv(CIPHER, key, null).setAutoPadding(false);
      const block = decipher.update(Buffer.from(text, 'base64url'));
      if (block.readBigUInt64BE(0) !== 0n) return null;
      const sequence = Number(block.readBigUInt64BE(NUMBER_AT));
      return Number.isSafeInteger(sequence) ? sequence : null;
    },
  };
}
