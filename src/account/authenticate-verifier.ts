/**
 * Whether a verifier is who it says: its credential against the hash that is stored. What was read is remembered for a
 * second, so that a service that asks about every token does not cost a second look-up each time; a withdrawal is felt
 * that much later.
 */

import { timingSafeEqual } from 'node:crypto';
import type { VerifierId } from '../entities/identifier.js';
import type { Throttled } from '../entities/outcomes.js';
import type { Verifier } from '../entities/verifier.js';
import type { StoredVerifier } from '../store/ports/verifiers.js';
import { readVerifierCredential, verifierSecretHash } from '../tokens/verifier-credential.js';
import type { AccountParts } from './parts.js';

/** What a client sent of itself: by HTTP Basic id and credential, as bearer the credential alone. */
export interface PresentedVerifier {
  readonly id: string | null;
  readonly credential: string;
}

export type VerifierAuthentication =
  | { readonly kind: 'verifier'; readonly verifier: Verifier }
  | { readonly kind: 'unknown' }
  | Throttled;

export interface VerifierDoor {
  /** Rejects with `Unavailable` where the store cannot be asked. */
  authenticate(presented: PresentedVerifier, ipAddress: string | null): Promise<VerifierAuthentication>;
  /** Whether it is there and was not withdrawn; asks the store. */
  isInForce(id: VerifierId): Promise<boolean>;
}

const REMEMBERED_MS = 1_000;
const REMEMBERED = 1_000;

export function verifierDoor({
  store,
  attempts,
  clock,
}: Pick<AccountParts, 'store' | 'attempts' | 'clock'>): VerifierDoor {
  const remembered = new Map<VerifierId, { readonly stored: StoredVerifier; readonly readAt: number }>();

  async function find(id: VerifierId): Promise<StoredVerifier | null> {
    const readAt = clock.monotonic();
    const known = remembered.get(id);
    if (known !== undefined && readAt - known.readAt < REMEMBERED_MS) return known.stored;
    const stored = await store.verifiers.find(id);
    if (remembered.size >= REMEMBERED) remembered.clear();
    if (stored === null) remembered.delete(id);
    else remembered.set(id, { stored, readAt });
    return stored;
  }

  async function prove({ id, credential }: PresentedVerifier): Promise<Verifier | 'malformed' | 'wrong'> {
    const read = readVerifierCredential(credential);
    if (read === null || (id !== null && id !== read.id)) return 'malformed';
    const stored = await find(read.id);
    if (stored === null || !timingSafeEqual(verifierSecretHash(read.secret), stored.secretHash))
      return 'wrong';
    return stored.verifier.withdrawnAt === null ? stored.verifier : 'wrong';
  }

  return {
    authenticate: async (presented, ipAddress) => {
      const proven = await prove(presented);
      if (typeof proven === 'object') return { kind: 'verifier', verifier: proven };
      // What is not even well formed has cost nothing, and is not counted.
      const over = proven === 'wrong' ? await attempts.failedVerifier(ipAddress) : null;
      return over ?? { kind: 'unknown' };
    },
    isInForce: async (id) => (await store.verifiers.find(id))?.verifier.withdrawnAt === null,
  };
}
