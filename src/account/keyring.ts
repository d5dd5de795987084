/**
 * The key ring in use together with the one at rest: plans a change on the stored ring, applies it, and takes the
 * result into use. A plan that lost against another node's is made again on what that node left.
 */

import type { KeyPolicy, KeyRingChange, StoredKeyRing } from '../entities/key-ring.js';
import type { SigningAlgorithm } from '../entities/signing-key.js';
import { generateRefreshSecret, generateSigningKey, type Vault } from '../keys/material.js';
import { type Planning, planFirstRing } from '../keys/plan.js';
import type { Adoption, KeyRing } from '../keys/ring.js';
import { masterKeyId, SealBroken, sealedUnder } from '../keys/seal.js';
import type { KeyStore } from '../store/ports/keys.js';
import type { Clock } from '../system/clock.js';

export interface Keyring {
  readonly ring: KeyRing;
  readonly policy: KeyPolicy;
  /**
   * Plans with `plan` and applies its change until one plan wins. A plan without a change is the answer as it is.
   * Throws `SealBroken`, and changes nothing, where the stored ring has been sealed under another master key: keys
   * sealed under the old one would leave a ring that no master key opens.
   */
  apply<Plan extends { readonly change: KeyRingChange | null } | null>(
    plan: (stored: StoredKeyRing, planning: Planning) => Promise<Plan>,
  ): Promise<Plan>;
  /** Takes the stored ring into use, if it is newer. */
  reload(): Promise<Adoption>;
  /** Makes the first keys where there are none, and takes the ring into use. */
  prepare(): Promise<void>;
}

interface KeyringParts {
  readonly ring: KeyRing;
  readonly store: KeyStore;
  readonly vault: Vault;
  readonly policy: KeyPolicy;
  readonly clock: Clock;
}

export function createKeyring({ ring, store, vault, policy, clock }: KeyringParts): Keyring {
  const planning = (): Planning => {
    const now = clock.now();
    return { make: (algorithm: SigningAlgorithm) => generateSigningKey(algorithm, now, vault), policy, now };
  };
  const reload = async () => ring.adopt(await store.load());

  return {
    ring,
    policy,
    reload,
    apply: async (plan) => {
      for (;;) {
        const stored = await store.load();
        const made = await plan(stored, planning());
        if (made === null || made.change === null) return made;
        mustBeSealedUnder(stored, vault);
        if ((await store.change(made.change)).kind === 'lost') continue;
        await reload();
        return made;
      }
    },
    prepare: async () => {
      if ((await store.load()).revision === 0) {
        const { make, now } = planning();
        // Lost against another process that starts at the same time: then its keys are the keys.
        await store.change(await planFirstRing(make, generateRefreshSecret(1, now, vault), now));
      }
      await reload();
    },
  };
}

function mustBeSealedUnder({ secrets }: StoredKeyRing, { masterKey }: Vault): void {
  const ours = masterKeyId(masterKey);
  const foreign = secrets.map(({ sealed }) => sealedUnder(sealed)).find((id) => id !== ours);
  if (foreign === undefined) return;
  throw new SealBroken(
    `The key ring is now sealed under the master key ${foreign}, but this process was started with ${ours}. Restart it with the new one.`,
  );
}
