/**
 * Where the master key comes from: the configuration, or a file that only its owner may read, made on first start.
 * Also the careful exchange of that file: the new key is on the disk before the first secret is sealed under it, and
 * a crash in between leaves both, of which the one that the secrets are sealed under is the key.
 */

import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Randomness } from '../system/randomness.js';
import { MASTER_KEY_BYTES } from './seal.js';

const OWNER_ONLY = 0o600;

/** 32 bytes written in base64, base64url or hex; null for anything else. */
export function readMasterKey(text: string): Buffer | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === MASTER_KEY_BYTES ? bytes : null;
}

/** Where the master key is: given as text (base64 or hex), or in a file. */
export type MasterKeyPlace =
  | { readonly kind: 'given'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

/** The key in the file; null where there is no file. Throws where it holds something else. */
export function masterKeyIn(path: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
  const key = readMasterKey(text);
  if (key === null) throw new Error(`${path} does not hold a master key (32 bytes in base64 or hex).`);
  return key;
}

/** The key in the file, made with mode 0600 if there is none. Safe against another process doing the same. */
export function masterKeyFromFile(path: string, randomness: Randomness): Buffer {
  const existing = masterKeyIn(path);
  if (existing !== null) return existing;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${Buffer.from(randomness.bytes(6)).toString('hex')}`;
  writeKeyFile(draft, Buffer.from(randomness.bytes(MASTER_KEY_BYTES)));
  try {
    // A link appears whole or not at all, and fails if another process was first: then that key is the key.
    linkSync(draft, path);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  } finally {
    rmSync(draft);
  }
  syncFolder(dirname(path));
  const made = masterKeyIn(path);
  if (made === null) throw new Error(`The master key file ${path} vanished while it was being made.`);
  return made;
}

/** The file that holds a master key before the exchange is complete. */
export function nextKeyFile(path: string): string {
  return `${path}.next`;
}

/**
 * Puts a new key beside the one in use and returns it. One that is staged already, by an exchange that was cut short or
 * by another that runs at the same time, is taken: two exchanges then agree on one key, and neither loses it.
 */
export function stageMasterKey(path: string, randomness: Randomness): Buffer {
  return masterKeyFromFile(nextKeyFile(path), randomness);
}

export function stagedMasterKey(path: string): Buffer | null {
  return masterKeyIn(nextKeyFile(path));
}

/** Puts the staged key in the place of the one in use; nothing happens where somebody else has done that for this key. */
export function adoptStagedMasterKey(path: string, key: Uint8Array): void {
  if (stagedMasterKey(path)?.equals(key) !== true) return;
  renameSync(nextKeyFile(path), path);
  syncFolder(dirname(path));
}

function writeKeyFile(path: string, key: Buffer): void {
  writeFileSync(path, `${key.toString('base64')}\n`, { mode: OWNER_ONLY, flag: 'w', flush: true });
}

/** Waits until the folder's names are on the disk, not only the bytes of its files. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
