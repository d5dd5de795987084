/** The first operator: made from the configuration, so that a fresh database has one without any default account. */

import type { AccountParts } from './parts.js';
import { createUser } from './register.js';

interface NewOperator {
  readonly email: string;
  readonly password: string;
}

/** Makes the configured operator on first start; one that exists already keeps password and roles. */
export async function ensureOperator(parts: AccountParts, operator: NewOperator): Promise<void> {
  const nowhere = { ipAddress: null, clientLabel: null };
  const admission = { roles: ['USER', 'OPERATOR'], as: 'user.created', caller: nowhere } as const;
  const outcome = await createUser(parts, { ...operator, name: 'Operator' }, admission);
  if (outcome.kind === 'created')
    parts.log.info({ event: 'user.created', userId: outcome.user.id }, 'operator created');
  if (outcome.kind === 'email-taken') await warnUnlessOperator(parts, operator.email);
  if (outcome.kind === 'weak-password') {
    throw new Error(`COUNTERFOIL_OPERATOR_PASSWORD cannot be used. ${outcome.problems.join(' ')}`);
  }
  if (outcome.kind === 'invalid-input') {
    throw new Error(
      `COUNTERFOIL_OPERATOR_EMAIL cannot be used. ${outcome.problems.map((p) => p.message).join(' ')}`,
    );
  }
}

/** Somebody may have registered the address before it was configured: that makes nobody an operator. */
async function warnUnlessOperator({ store, log }: AccountParts, email: string): Promise<void> {
  const found = await store.users.credentialsByEmail(email);
  if (found === null || found.user.roles.includes('OPERATOR')) return;
  const about = { event: 'operator.absent', userId: found.user.id };
  log.warn(about, 'the configured operator address belongs to a user who is no operator');
}
