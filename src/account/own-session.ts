/** Reads one of the caller's own sessions. Another user's, an ended one and none at all look the same. */

import { isIdentifier, type SessionId } from '../entities/identifier.js';
import { diesAt, type Session } from '../entities/session.js';
import type { Owner } from './logout.js';
import type { AccountParts } from './parts.js';

export async function ownSession(
  parts: AccountParts,
  owner: Owner,
  sessionId: string,
): Promise<Session | null> {
  if (!isIdentifier(sessionId)) return null;
  const found = await parts.store.sessions.find(sessionId as SessionId);
  if (found === null || found.user.id !== owner.userId) return null;
  const { session, user } = found;
  const alive = session.life.kind === 'live' && session.epoch === user.epoch;
  return alive && diesAt(session, parts.model.idleTtlMs) > parts.clock.now() ? session : null;
}
