/** Change of password: asks for the present one, and ends every other session in the same transaction. */

import { auditEvent } from '../entities/audit.js';
import { INVALID_CREDENTIALS, type Throttled, throttled, type WeakPassword } from '../entities/outcomes.js';
import type { Session } from '../entities/session.js';
import type { User } from '../entities/user.js';
import { describeProblem } from '../passwords/policy.js';
import type { IssuedTokens } from '../session/contract.js';
import type { Owner } from './logout.js';
import type { AccountParts, Caller } from './parts.js';
import { provePassword } from './reauthenticate.js';

export interface ChangePasswordInput {
  readonly currentPassword: string;
  readonly newPassword: string;
}

export type ChangePasswordOutcome =
  | {
      readonly kind: 'password-changed';
      readonly user: User;
      readonly sessionsEnded: number;
      readonly accessTokensDeadBy: number;
      readonly survivor: { readonly session: Session; readonly tokens: IssuedTokens | null } | null;
    }
  | typeof INVALID_CREDENTIALS
  | WeakPassword
  | Throttled;

export async function changePassword(
  parts: AccountParts,
  owner: Owner,
  input: ChangePasswordInput,
  caller: Caller,
): Promise<ChangePasswordOutcome> {
  const { store, model, passwords, hasher, clock } = parts;
  const proof = await provePassword(parts, {
    find: () => store.users.credentialsById(owner.userId),
    password: input.currentPassword,
    guess: { kind: 'by-session', sessionId: owner.sessionId },
    failure: 'password.change-failed',
    caller,
  });
  if (proof.kind !== 'proven') return proof;
  const { user, passwordHash } = proof.credentials;
  const weak = passwords.examine(input.newPassword, user);
  if (weak.length > 0) return { kind: 'weak-password', problems: weak.map(describeProblem) };
  const hashed = await hasher.hash(input.newPassword);
  if (hashed.kind === 'busy') return throttled(hashed.retryAfterSeconds);
  const now = clock.now();
  const changed = await store.users.changePassword({
    userId: user.id,
    from: passwordHash,
    to: hashed.hash,
    survivor: model.storedSession(owner.sessionId),
    at: now,
    until: model.rememberUntil(),
    audit: auditEvent('password.changed', now, {
      userId: user.id,
      sessionId: owner.sessionId,
      ipAddress: caller.ipAddress,
    }),
  });
  // It was changed, or this session ended, in the meantime: what was proven is of the past.
  if (changed.kind === 'stale') return INVALID_CREDENTIALS;
  const { survivor, sessionsEnded } = changed;
  return {
    kind: 'password-changed',
    user: changed.user,
    sessionsEnded,
    accessTokensDeadBy: model.accessTokensDeadBy(),
    survivor: survivor && {
      session: survivor,
      tokens: await model.reissue(changed.user, survivor, owner.token),
    },
  };
}
