/** Verifiers: an operator makes one, which shows its credential once, and withdraws it. Of the secret a hash is kept. */

import { auditEvent } from '../entities/audit.js';
import { identifierFromBytes, isIdentifier, type VerifierId } from '../entities/identifier.js';
import { type InvalidInput, NOT_FOUND } from '../entities/outcomes.js';
import { hasInvisible, isBlank, isMisleading } from '../entities/text.js';
import type { Verifier } from '../entities/verifier.js';
import {
  VERIFIER_SECRET_BYTES,
  verifierSecretHash,
  writeVerifierCredential,
} from '../tokens/verifier-credential.js';
import type { Actor } from './operate.js';
import type { AccountParts } from './parts.js';

type VerifierParts = Pick<AccountParts, 'store' | 'clock' | 'randomness'>;

export type CreateVerifierOutcome =
  | {
      readonly kind: 'created';
      readonly verifier: Verifier;
      /** Never shown again. */
      readonly credential: string;
    }
  | InvalidInput;

const MAX_NAME = 100;

export async function createVerifier(
  { store, clock, randomness }: VerifierParts,
  input: { readonly name: string },
  actor: Actor,
): Promise<CreateVerifierOutcome> {
  const name = input.name.trim();
  // Control characters at the ends are refused, too: they are somebody's mistake, and not spaces.
  const isUnfit = isMisleading(input.name) || hasInvisible(input.name);
  const problem = isUnfit
    ? 'A name has no control characters, and none that cannot be seen.'
    : problemOf(name);
  if (problem !== null) return { kind: 'invalid-input', problems: [{ field: 'name', message: problem }] };
  const createdAt = clock.now();
  const id = identifierFromBytes<VerifierId>(randomness.bytes(16));
  const secret = randomness.bytes(VERIFIER_SECRET_BYTES);
  const verifier = { id, name, createdAt, withdrawnAt: null };
  await store.verifiers.create(
    { verifier, secretHash: verifierSecretHash(secret) },
    auditEvent('verifier.created', createdAt, by(actor, id)),
  );
  return { kind: 'created', verifier, credential: writeVerifierCredential(id, secret) };
}

export type WithdrawVerifierOutcome =
  | { readonly kind: 'withdrawn'; readonly verifier: Verifier }
  | typeof NOT_FOUND;

/** From now on its credential opens nothing; what it has open is closed within seconds. */
export async function withdrawVerifier(
  { store, clock }: VerifierParts,
  id: string,
  actor: Actor,
): Promise<WithdrawVerifierOutcome> {
  if (!isIdentifier(id)) return NOT_FOUND;
  const at = clock.now();
  return store.verifiers.withdraw(id as VerifierId, at, auditEvent('verifier.withdrawn', at, by(actor, id)));
}

function problemOf(name: string): string | null {
  if (isBlank(name)) return 'A verifier needs a name.';
  return name.length > MAX_NAME ? `A name has at most ${MAX_NAME} characters.` : null;
}

function by({ userId, caller }: Actor, id: string) {
  return { actorId: userId, ipAddress: caller.ipAddress, detail: id };
}
