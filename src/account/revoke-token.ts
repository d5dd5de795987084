/**
 * Revocation by token (RFC 7009): ends the session that an access or a refresh token belongs to. A refresh token that was
 * used up ends its session, too: whoever holds any token that was ever given for a session could do nothing worse to it
 * than to end it, and presenting that token to `refresh` would end it as well. The caller cannot tell the cases apart.
 */

import { logoutByVerifier } from '../entities/activity.js';
import { auditEvent } from '../entities/audit.js';
import type { SessionId, UserId, VerifierId } from '../entities/identifier.js';
import { Unavailable } from '../entities/unavailable.js';
import type { Unsupported } from '../session/contract.js';
import type { AccountParts } from './parts.js';

/** Who asks for it, and from where. */
export interface Revoker {
  readonly verifierId: VerifierId;
  readonly ipAddress: string | null;
}

/** `done`: nothing that the token was good for is left; also where it never was a token. */
export type RevokeTokenOutcome = { readonly kind: 'done' } | Unsupported;

interface Subject {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly usedUp: boolean;
}

const DONE = { kind: 'done' } as const;

/** Rejects with `Unavailable` where it could not be done now. */
export async function revokeToken(
  parts: AccountParts,
  token: string,
  revoker: Revoker,
): Promise<RevokeTokenOutcome> {
  const subject = await subjectOf(parts, token);
  if (subject === null) return DONE;
  const { userId, sessionId, usedUp } = subject;
  const detail = logoutByVerifier(revoker.verifierId, usedUp);
  const about = { userId, sessionId, ipAddress: revoker.ipAddress, detail };
  const audit = auditEvent('session.ended', parts.clock.now(), about);
  const ended = await parts.model.end({ sessionId, ownerId: userId, reason: 'logout', audit });
  return ended.kind === 'unsupported' ? ended : DONE;
}

async function subjectOf({ model }: AccountParts, token: string): Promise<Subject | null> {
  const found = await model.identify(token);
  if (found !== null) return { userId: found.user.id, sessionId: found.session.id, usedUp: !found.renewable };
  const authentication = await model.authenticate({ bearer: token, cookie: null });
  if (authentication.kind === 'undecided') throw new Unavailable('Nothing can be said of a token now.');
  if (authentication.kind !== 'authenticated') return null;
  const { userId, sessionId } = authentication;
  return { userId, sessionId, usedUp: false };
}
