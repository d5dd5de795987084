/** Register: makes a user and signs them in on this device. */

import { addressKey } from '../entities/address.js';
import { auditEvent } from '../entities/audit.js';
import { identifierFromBytes, type UserId } from '../entities/identifier.js';
import {
  type FieldProblem,
  type InvalidInput,
  type Throttled,
  throttled,
  type WeakPassword,
} from '../entities/outcomes.js';
import type { Delivery } from '../entities/session.js';
import { isBlank, isMisleading } from '../entities/text.js';
import { isEmail, type Role, type User } from '../entities/user.js';
import { describeProblem } from '../passwords/policy.js';
import type { SignedIn } from '../session/contract.js';
import { deviceNameFrom } from './device-name.js';
import type { AccountParts, Caller } from './parts.js';
import { replaceSession } from './replace-session.js';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  /** The address's local part when null. */
  readonly name: string | null;
}

export interface Admission {
  readonly roles: readonly Role[];
  /** Whether the person came by themselves or was made a user by somebody else. */
  readonly as: 'user.registered' | 'user.created';
  readonly caller: Caller;
}

export interface RegisterInput extends NewAccount {
  readonly delivery: Delivery;
  readonly deviceName: string | null;
  /** The refresh token of the cookie that the client still holds, if any. */
  readonly presentedToken: string | null;
}

export type CreateUserOutcome =
  | { readonly kind: 'created'; readonly user: User }
  | { readonly kind: 'email-taken' }
  | WeakPassword
  | InvalidInput
  | Throttled;

export type RegisterOutcome =
  | Exclude<CreateUserOutcome, { kind: 'created' }>
  | ({ readonly kind: 'registered' } & SignedIn);

const MAX_NAME = 100;

export async function register(
  parts: AccountParts,
  input: RegisterInput,
  caller: Caller,
): Promise<RegisterOutcome> {
  const { attempts, model, clock } = parts;
  const attempt = await attempts.register(caller.ipAddress);
  if (attempt.kind === 'throttled') return attempt;
  const created = await createUser(parts, input, { roles: ['USER'], as: 'user.registered', caller });
  if (created.kind === 'throttled') await attempt.undone();
  if (created.kind !== 'created') return created;
  const client = { deviceName: deviceNameFrom(input.deviceName), ...caller };
  const about = { userId: created.user.id, ipAddress: caller.ipAddress };
  const audit = auditEvent('login.succeeded', clock.now(), about);
  const signedIn = await model.begin(created.user, { delivery: input.delivery, client, audit });
  // Only an operator who suspends the account within this very millisecond brings us here.
  if (signedIn === null) return throttled(1);
  await replaceSession(parts, input, signedIn.user);
  return { kind: 'registered', ...signedIn };
}

/** Makes a user without signing anybody in; also the way of the command line and the seeds. */
export async function createUser(
  parts: AccountParts,
  account: NewAccount,
  { roles, as, caller }: Admission,
): Promise<CreateUserOutcome> {
  const { passwords, hasher, store, clock, randomness } = parts;
  const email = account.email.trim();
  const named = account.name?.trim() ?? '';
  const name = isBlank(named) ? email.slice(0, Math.max(0, email.indexOf('@'))) : named;
  const invalid = problemsOf(email, name);
  if (invalid.length > 0) return { kind: 'invalid-input', problems: invalid };
  const weak = passwords.examine(account.password, { email, name });
  if (weak.length > 0) return { kind: 'weak-password', problems: weak.map(describeProblem) };
  const hashed = await hasher.hash(account.password, addressKey(caller.ipAddress));
  if (hashed.kind === 'busy') return throttled(hashed.retryAfterSeconds);
  const now = clock.now();
  const id = identifierFromBytes<UserId>(randomness.bytes(16));
  const audit = auditEvent(as, now, { userId: id, ipAddress: caller.ipAddress });
  return store.users.create({ id, email, name, roles, passwordHash: hashed.hash, createdAt: now }, audit);
}

function problemsOf(email: string, name: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isEmail(email)) problems.push({ field: 'email', message: 'This is not an email address.' });
  if (name.length > MAX_NAME)
    problems.push({ field: 'name', message: `A name has at most ${MAX_NAME} characters.` });
  if (isMisleading(name))
    problems.push({ field: 'name', message: 'A name has no control characters, nor any that direct text.' });
  // An address may consist of letters that are drawn as nothing.
  if (name !== '' && isBlank(name)) problems.push({ field: 'name', message: 'A name has something to see.' });
  return problems;
}
