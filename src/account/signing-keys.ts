/** Rotation, revocation and tending of signing keys. */

import type { AuditEvent } from '../entities/audit.js';
import { NOT_FOUND } from '../entities/outcomes.js';
import type { SigningAlgorithm, SigningKey } from '../entities/signing-key.js';
import { activeKey, planDue, planRevocation, planRotation, rotationAsFound } from '../keys/plan.js';
import type { Actor } from './operate.js';
import type { AccountParts } from './parts.js';

type KeyParts = Pick<AccountParts, 'keyring' | 'model' | 'log'>;

export interface RotateInput {
  readonly algorithm: SigningAlgorithm | null;
  readonly force: boolean;
}

export type RotateOutcome =
  | {
      readonly kind: 'rotated';
      readonly active: SigningKey;
      /** Null while the rotation is only scheduled. */
      readonly retired: SigningKey | null;
      readonly standby: SigningKey;
      readonly activatesAt: number;
    }
  | { readonly kind: 'unsupported-algorithm'; readonly algorithm: SigningAlgorithm };

export async function rotateSigningKey(
  parts: KeyParts,
  input: RotateInput,
  actor: Actor,
): Promise<RotateOutcome> {
  let seen: string | null = null;
  const plan = await parts.keyring.apply(async (stored, planning) => {
    const { kid, algorithm } = activeKey(stored);
    const fulfilled = input.algorithm === null || input.algorithm === algorithm;
    // A first plan that lost to another node's rotation: two who ask at once get one rotation, and the same answer.
    if (seen !== null && seen !== kid && fulfilled) return rotationAsFound(stored, planning.now);
    seen = kid;
    const made = await planRotation(stored, input, planning);
    return made && { ...made, change: by(actor, made.change) };
  });
  if (plan === null) return { kind: 'unsupported-algorithm', algorithm: input.algorithm ?? 'ES256' };
  const { active, retired, standby, activatesAt } = plan;
  parts.log.info(
    { event: 'key.rotate', active: active.kid, standby: standby.kid, activatesAt },
    'signing key rotation',
  );
  return { kind: 'rotated', active, retired, standby, activatesAt };
}

export type RevokeOutcome =
  | {
      readonly kind: 'revoked';
      readonly revoked: SigningKey;
      readonly active: SigningKey;
      readonly accessTokensDeadBy: number;
    }
  | typeof NOT_FOUND;

export async function revokeSigningKey(
  parts: KeyParts,
  key: { readonly kid: string; readonly reason: string },
  actor: Actor,
): Promise<RevokeOutcome> {
  const plan = await parts.keyring.apply(async (stored, planning) => {
    const made = await planRevocation(stored, key, planning);
    return made && { ...made, change: by(actor, made.change) };
  });
  if (plan === null) return NOT_FOUND;
  parts.log.warn(
    { event: 'key.revoke', revoked: plan.revoked.kid, active: plan.active.kid },
    'signing key revoked',
  );
  const { revoked, active } = plan;
  return { kind: 'revoked', revoked, active, accessTokensDeadBy: parts.model.accessTokensDeadBy() };
}

/** Does what falls due with time; of several nodes one does it and the others follow. Called at start and by a timer. */
export async function tendSigningKeys({ keyring, log }: KeyParts): Promise<void> {
  const due = await keyring.apply(async (stored, planning) => ({ change: await planDue(stored, planning) }));
  if (due.change !== null)
    log.info({ event: 'key.tend', revision: keyring.ring.revision }, 'signing keys tended');
}

function by<Change extends { readonly audit: AuditEvent | null } | null>(
  actor: Actor,
  change: Change,
): Change {
  if (change === null || change.audit === null) return change;
  return { ...change, audit: { ...change.audit, actorId: actor.userId, ipAddress: actor.caller.ipAddress } };
}
