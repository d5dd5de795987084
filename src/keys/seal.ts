/**
 * Sealing at rest: AES-256-GCM under the master key (NIST SP 800-38D), a fresh random nonce each time, and a label as
 * associated data, so that a sealed secret put in another's place does not open.
 *
 * Layout: version 1 · master key id 4 · nonce 12 · ciphertext · tag 16.
 */

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Randomness } from '../system/randomness.js';

export const MASTER_KEY_BYTES = 32;
const VERSION = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Thrown when a sealed secret does not open: another master key, another label, or damage. Never holds key material. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/** Tells master keys apart without giving them away: the first 4 bytes of a hash, in hex. */
export function masterKeyId(masterKey: Uint8Array): string {
  return createHash('sha256').update('counterfoil master key id').update(masterKey).digest('hex').slice(0, 8);
}

/** The id of the master key that `sealed` needs, read from its header; it proves nothing until the seal is opened. */
export function sealedUnder(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(1, HEADER_BYTES)).toString('hex');
}

export function seal(
  secret: Uint8Array,
  label: string,
  masterKey: Uint8Array,
  randomness: Randomness,
): Buffer {
  const nonce = randomness.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(label));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  const header = Buffer.concat([Buffer.of(VERSION), Buffer.from(masterKeyId(masterKey), 'hex')]);
  return Buffer.concat([header, nonce, body, cipher.getAuthTag()]);
}

export function unseal(sealed: Uint8Array, label: string, masterKey: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  if (bytes.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) {
    throw new SealBroken(`The sealed ${label} is damaged.`);
  }
  const id = sealedUnder(bytes);
  if (id !== masterKeyId(masterKey)) {
    throw new SealBroken(
      `The ${label} is sealed under the master key ${id}, but the configured one is ${masterKeyId(masterKey)}.`,
    );
  }
  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(label)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new SealBroken(`The sealed ${label} is damaged or was sealed as something else.`, { cause });
  }
}
