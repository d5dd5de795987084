/** Login: begins a session for whoever knows the password. */

import { addressKey } from '../entities/address.js';
import { auditEvent } from '../entities/audit.js';
import { INVALID_CREDENTIALS, type Throttled } from '../entities/outcomes.js';
import type { Delivery } from '../entities/session.js';
import { emailKey, MAX_EMAIL } from '../entities/user.js';
import type { SignedIn } from '../session/contract.js';
import type { Credentials } from '../store/ports/users.js';
import type { Guess } from './attempts.js';
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

/** How many of an account's newest logins say where it is known. */
const REMEMBERED_LOGINS = 50;

export async function login(parts: AccountParts, input: LoginInput, caller: Caller): Promise<LoginOutcome> {
  const { store, model, clock, log } = parts;
  const email = input.email.trim();
  const findable = email.length <= MAX_EMAIL;
  // What is looked up and what is counted must be one: else each spelling of an address would have counters of its own.
  const account = emailKey(email.slice(0, MAX_EMAIL));
  const proof = await provePassword(parts, {
    find: async () => (findable ? store.users.credentialsByEmail(account) : null),
    password: input.password,
    guess: await guessAt(parts, account, input.presentedToken, caller),
    failure: 'login.failed',
    caller,
  });
  if (proof.kind !== 'proven') return proof;
  const { user } = proof.credentials;
  if (user.standing.kind === 'suspended') {
    // Whoever has the password may not be its owner, and comes to nobody's notice otherwise.
    const about = { userId: user.id, ipAddress: caller.ipAddress, detail: 'suspended' };
    await store.audit.append(auditEvent('login.failed', clock.now(), about));
    log.warn({ event: 'login.failed', ...about }, 'the password was right, and the user is suspended');
    return { kind: 'suspended' };
  }
  if (proof.rehash) await rehash(parts, proof.credentials, input.password);
  const client = { deviceName: deviceNameFrom(input.deviceName), ...caller };
  const audit = auditEvent('login.succeeded', clock.now(), { userId: user.id, ipAddress: caller.ipAddress });
  const signedIn = await model.begin(user, { delivery: input.delivery, client, audit });
  // The epoch moved while the password was checked: it may have been changed, so this proof is of the past.
  if (signedIn === null) return INVALID_CREDENTIALS;
  await replaceSession(parts, input, user);
  return { kind: 'logged-in', ...signedIn };
}

/** A client that presents a session of the account is counted by it; any other by where it comes from. */
async function guessAt(
  parts: AccountParts,
  account: string,
  token: string | null,
  { ipAddress }: Caller,
): Promise<Guess> {
  const presented = token === null ? null : await parts.model.identify(token);
  if (presented?.current && emailKey(presented.user.email) === account)
    return { kind: 'by-session', sessionId: presented.session.id };
  return { kind: 'by-address', account, ipAddress, isKnown: () => isKnown(parts, account, ipAddress) };
}

/** Whether somebody with the right password has come from this address (IPv6: its /64) before. */
async function isKnown({ store }: AccountParts, account: string, ipAddress: string | null): Promise<boolean> {
  const found = await store.users.credentialsByEmail(account);
  if (found === null || ipAddress === null) return false;
  const addresses = await store.audit.loginAddresses(found.user.id, REMEMBERED_LOGINS);
  return addresses.some((address) => addressKey(address) === addressKey(ipAddress));
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
