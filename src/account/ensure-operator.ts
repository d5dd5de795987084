/** The first operator: made from the configuration, so that a fresh database has one without any default account. */

import type { AccountParts } from './parts.js';
import { createUser } from './register.js';

interface NewOperator {
  readonly email: string;
  readonly password: string;
}

/** Makes the configured operator on first start; one that exists already keeps password and roles. */
export async function ensureOperator(parts: AccountParts, operator: NewOperator): Promise<void> {
  // Found first, so that only the first start waits for a password hash.
  if (await exists(parts, operator.email)) return;
  const nowhere = { ipAddress: null, clientLabel: null };
  const admission = { roles: ['USER', 'OPERATOR'], as: 'user.created', caller: nowhere } as const;
  const outcome = await createUser(parts, { ...operator, name: 'Operator' }, admission);
  if (outcome.kind === 'created')
    parts.log.info({ event: 'user.created', userId: outcome.user.id }, 'operator created');
  if (outcome.kind === 'email-taken') await exists(parts, operator.email);
  if (outcome.kind === 'weak-password') {
    throw new Error(`COUNTERFOIL_OPERATOR_PASSWORD cannot be used. ${outcome.problems.join(' ')}`);
  }
  if (outcome.kind === 'invalid-input') {
    throw new Error(
      `COUNTERFOIL_OPERATOR_EMAIL cannot be used. ${outcome.problems.map((p) => p.message).join(' ')}`,
    );
  }
}

/** Somebody may have registered the address before it was configured: that makes nobody an operator, and is said. */
async function exists({ store, log }: AccountParts, email: string): Promise<boolean> {
  const found = await store.users.credentialsByEmail(email.trim());
  if (found === null) return false;
  if (found.user.roles.includes('OPERATOR')) return true;
  const about = { event: 'operator.absent', userId: found.user.id };
  log.warn(about, 'the configured operator address belongs to a user who is no operator');
  return true;
}
