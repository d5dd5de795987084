/** Proof by password, shared by every operation that asks for one: counted, queued, and equally slow for nobody at all. */

import { addressKey } from '../entities/address.js';
import type { AuditKind } from '../entities/audit.js';
import { auditEvent } from '../entities/audit.js';
import { INVALID_CREDENTIALS, type Throttled, throttled } from '../entities/outcomes.js';
import type { Credentials } from '../store/ports/users.js';
import type { Guess } from './attempts.js';
import type { AccountParts, Caller } from './parts.js';

export type Proof =
  | { readonly kind: 'proven'; readonly credentials: Credentials; readonly rehash: boolean }
  | typeof INVALID_CREDENTIALS
  | Throttled;

interface Claim {
  readonly find: () => Promise<Credentials | null>;
  readonly password: string;
  readonly guess: Guess;
  readonly failure: AuditKind;
  readonly caller: Caller;
}

export async function provePassword(parts: AccountParts, claim: Claim): Promise<Proof> {
  const { attempts, hasher, store, clock, log } = parts;
  const attempt = await attempts.guess(claim.guess);
  if (attempt.kind === 'throttled') {
    log.warn({ event: 'login.throttled', ip: claim.caller.ipAddress }, 'too many attempts');
    return attempt;
  }
  const credentials = await claim.find();
  const verdict = await hasher.verify(
    credentials?.passwordHash ?? null,
    claim.password,
    addressKey(claim.caller.ipAddress),
  );
  if (verdict.kind === 'busy') {
    await attempt.undone();
    return throttled(verdict.retryAfterSeconds);
  }
  if (verdict.kind === 'mismatch' || credentials === null) {
    const about = { userId: credentials?.user.id ?? null, ipAddress: claim.caller.ipAddress };
    await store.audit.append(auditEvent(claim.failure, clock.now(), about));
    log.warn({ event: claim.failure, ...about }, 'a password did not match');
    return INVALID_CREDENTIALS;
  }
  await attempt.honest();
  return { kind: 'proven', credentials, rehash: verdict.rehash };
}
