/** Login: begins a session for whoever knows the password. */

import { auditEvent } from '../entities/audit.js';
import { INVALID_CREDENTIALS, type Throttled } from '../entities/outcomes.js';
import type { Delivery } from '../entities/session.js';
import { emailKey } from '../entities/user.js';
import type { SignedIn } from '../session/contract.js';
import type { Credentials } from '../store/ports/users.js';
import { deviceNameFrom } from './device-name.js';
import type { AccountParts, Caller } from './parts.js';
import { provePassword } from './reauthenticate.js';
import { replaceSession } from './replace-session.js';

export interface LoginInput {
  readonly email: string;
  readonly password: string;
  readonly delivery: Delivery;
  readonly deviceName: string | null;
  /** The refresh token of the cookie that the client still holds, if any. */
  readonly presentedToken: string | null;
}

export type LoginOutcome =
  | ({ readonly kind: 'logged-in' } & SignedIn)
  | typeof INVALID_CREDENTIALS
  | { readonly kind: 'suspended' }
  | Throttled;

const MAX_EMAIL_LENGTH = 320;

export async function login(parts: AccountParts, input: LoginInput, caller: Caller): Promise<LoginOutcome> {
  const { store, model, clock } = parts;
  const account = emailKey(input.email.slice(0, MAX_EMAIL_LENGTH));
  const proof = await provePassword(parts, {
    find: () => store.users.credentialsByEmail(input.email),
    password: input.password,
    guess: { account, isKnown: () => isKnown(parts, account, input.presentedToken, caller) },
    failure: 'login.failed',
    caller,
  });
  if (proof.kind !== 'proven') return proof;
  const { user } = proof.credentials;
  if (user.standing.kind === 'suspended') return { kind: 'suspended' };
  if (proof.rehash) await rehash(parts, proof.credentials, input.password);
  const client = { deviceName: deviceNameFrom(input.deviceName), ...caller };
  const audit = auditEvent('login.succeeded', clock.now(), { userId: user.id, ipAddress: caller.ipAddress });
  const signedIn = await model.begin(user, { delivery: input.delivery, client, audit });
  // The epoch moved while the password was checked: it may have been changed, so this proof is of the past.
  if (signedIn === null) return INVALID_CREDENTIALS;
  await replaceSession(parts, input, user);
  return { kind: 'logged-in', ...signedIn };
}

/** Whether the account has seen this client: it presents a session of it, or comes from an address of one. */
async function isKnown(
  parts: AccountParts,
  account: string,
  token: string | null,
  caller: Caller,
): Promise<boolean> {
  const presented = token === null ? null : await parts.model.identify(token);
  if (presented !== null) return emailKey(presented.user.email) === account;
  const found = await parts.store.users.credentialsByEmail(account);
  if (found === null || caller.ipAddress === null) return false;
  return parts.store.sessions.hasSessionFrom(found.user.id, caller.ipAddress);
}

async function rehash(
  { hasher, store }: AccountParts,
  { user, passwordHash }: Credentials,
  password: string,
): Promise<void> {
  const hashed = await hasher.hash(password);
  // When the queue is full, the next login will do it.
  if (hashed.kind === 'hashed') await store.users.rehash(user.id, passwordHash, hashed.hash);
}
