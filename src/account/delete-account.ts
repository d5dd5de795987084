/** Deletion of one's own account: asks for the password, ends everything, removes what identifies the person. */

import { auditEvent } from '../entities/audit.js';
import { INVALID_CREDENTIALS, type Throttled } from '../entities/outcomes.js';
import type { Owner } from './logout.js';
import type { AccountParts, Caller } from './parts.js';
import { provePassword } from './reauthenticate.js';

export type DeleteAccountOutcome =
  | { readonly kind: 'account-deleted'; readonly accessTokensDeadBy: number }
  | typeof INVALID_CREDENTIALS
  | Throttled;

export async function deleteAccount(
  parts: AccountParts,
  owner: Owner,
  password: string,
  caller: Caller,
): Promise<DeleteAccountOutcome> {
  const { store, model, clock } = parts;
  const proof = await provePassword(parts, {
    find: () => store.users.credentialsById(owner.userId),
    password,
    guess: { kind: 'by-session', sessionId: owner.sessionId },
    failure: 'user.delete-failed',
    caller,
  });
  if (proof.kind !== 'proven') return proof;
  const now = clock.now();
  const audit = auditEvent('user.deleted', now, { userId: owner.userId });
  const grounds = {
    passwordHash: proof.credentials.passwordHash,
    sessionId: model.storedSession(owner.sessionId),
  };
  const ending = { userId: owner.userId, at: now, until: model.rememberUntil(), audit };
  const removed = await store.users.remove(ending, grounds);
  // The session ended, or the password was changed, while this one was being proven: the proof is of the past.
  if (removed.kind === 'not-found') return INVALID_CREDENTIALS;
  return { kind: 'account-deleted', accessTokensDeadBy: model.accessTokensDeadBy() };
}
