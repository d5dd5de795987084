/**
 * Finds the master key that the stored keys are sealed under. Completes an exchange of a key file that was cut short
 * (`rewrap-keys.ts`), and makes the file only where nothing is sealed yet: a new key opens nothing that is there.
 */

import {
  adoptStagedMasterKey,
  type MasterKeyPlace,
  masterKeyFromFile,
  masterKeyIn,
  readMasterKey,
  stagedMasterKey,
} from '../keys/master-key.js';
import { masterKeyId, sealedUnder } from '../keys/seal.js';
import type { KeyStore } from '../store/ports/keys.js';
import type { Randomness } from '../system/randomness.js';

/** Throws where there is no usable key; the message says what to do. */
export async function openMasterKey(
  place: MasterKeyPlace,
  store: KeyStore,
  randomness: Randomness,
): Promise<Buffer> {
  if (place.kind === 'given') {
    const key = readMasterKey(place.text);
    if (key === null) throw new Error('COUNTERFOIL_MASTER_KEY must be 32 bytes in base64 or hex.');
    return key;
  }
  const { path } = place;
  // Read before the files: whatever an exchange under way does meanwhile, the key of this id is in one of the two.
  const [secret] = (await store.load()).secrets;
  if (secret === undefined) return masterKeyFromFile(path, randomness);
  const id = sealedUnder(secret.sealed);
  const staged = stagedMasterKey(path);
  if (staged !== null && masterKeyId(staged) === id) adoptStagedMasterKey(path, staged);
  const key = masterKeyIn(path);
  if (key === null) {
    throw new Error(
      `The master key file ${path} is missing, but the signing keys are sealed under the master key ${id}. Put the file back.`,
    );
  }
  return key;
}
