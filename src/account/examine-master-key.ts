/** Whether the master key that is configured opens what is stored. Changes nothing and makes no key. */

import type { StoredKeyRing } from '../entities/key-ring.js';
import { type MasterKeyPlace, masterKeyIn, readMasterKey, stagedMasterKey } from '../keys/master-key.js';
import { openSigning, secretLabel } from '../keys/material.js';
import { masterKeyId, SealBroken, sealedUnder, unseal } from '../keys/seal.js';

export type MasterKeyState =
  /** There is no key yet. `needed` is the id of the one that the ring is sealed under; null where nothing is sealed. */
  | { readonly kind: 'absent'; readonly needed: string | null }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'opens'; readonly id: string; readonly staged: boolean }
  /** The key of an exchange that was cut short opens the ring; the next start puts it in its place. */
  | { readonly kind: 'staged-opens'; readonly id: string }
  | { readonly kind: 'does-not-open'; readonly reason: string };

export async function examineMasterKey(place: MasterKeyPlace, ring: StoredKeyRing): Promise<MasterKeyState> {
  let key: Buffer | null;
  let staged: Buffer | null = null;
  try {
    key = place.kind === 'given' ? readMasterKey(place.text) : masterKeyIn(place.path);
    if (place.kind === 'file') staged = stagedMasterKey(place.path);
  } catch (fault) {
    return { kind: 'unreadable', reason: fault instanceof Error ? fault.message : String(fault) };
  }
  const [secret] = ring.secrets;
  const needed = secret === undefined ? null : sealedUnder(secret.sealed);
  if (staged !== null && masterKeyId(staged) === needed) {
    const fault = await whatDoesNotOpen(ring, staged);
    if (fault === null) return { kind: 'staged-opens', id: needed };
  }
  if (key === null) return { kind: 'absent', needed };
  const fault = await whatDoesNotOpen(ring, key);
  if (fault !== null) return { kind: 'does-not-open', reason: fault.message };
  return { kind: 'opens', id: masterKeyId(key), staged: staged !== null };
}

/** The first seal that does not open; null when all do. */
async function whatDoesNotOpen(
  { keys, secrets }: StoredKeyRing,
  masterKey: Buffer,
): Promise<SealBroken | null> {
  try {
    for (const key of keys) if (key.sealedPrivateKey !== null) await openSigning(key, masterKey);
    for (const { version, sealed } of secrets) unseal(sealed, secretLabel(version), masterKey);
    return null;
  } catch (fault) {
    if (fault instanceof SealBroken) return fault;
    throw fault;
  }
}
