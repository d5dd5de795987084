/** A message of an operator to whoever is signed in: everybody, a user, or one device. */

import { auditEvent } from '../entities/audit.js';
import { isIdentifier, type SessionId, type UserId } from '../entities/identifier.js';
import { NOT_FOUND, type Throttled } from '../entities/outcomes.js';
import type { Addressee } from '../entities/session-news.js';
import { isBlank, isMisleading } from '../entities/text.js';
import type { Actor } from './operate.js';
import type { AccountParts } from './parts.js';

/** In code points. */
const MESSAGE_LENGTH = 500;

/** Whom the message is for: a session, all sessions of a user, or everybody where both are null. */
export interface Message {
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly text: string;
}

export type NotifyOutcome =
  | { readonly kind: 'sent'; readonly at: number }
  | { readonly kind: 'unusable'; readonly why: string }
  | typeof NOT_FOUND
  | Throttled;

/** It is on its way when this resolves: whoever listens hears it, on whichever node; nobody hears it later. */
export async function notify(parts: AccountParts, message: Message, actor: Actor): Promise<NotifyOutcome> {
  const text = message.text.trim();
  const why = faultOf(text);
  if (why !== null) return { kind: 'unusable', why };
  const to = await addresseeOf(parts, message);
  if (to === null) return NOT_FOUND;
  const refused =
    actor.userId === null ? null : await parts.attempts.message(actor.userId, to.kind === 'everybody');
  if (refused !== null) return refused;
  const at = parts.clock.now();
  await parts.store.audit.append(
    auditEvent('message.sent', at, {
      userId: to.kind === 'everybody' ? null : to.userId,
      sessionId: to.kind === 'session' ? to.sessionId : null,
      actorId: actor.userId,
      ipAddress: actor.caller.ipAddress,
      detail: text,
    }),
  );
  return { kind: 'sent', at };
}

function faultOf(text: string): string | null {
  if (isBlank(text)) return 'A message needs a text.';
  if ([...text].length > MESSAGE_LENGTH) return `A message has at most ${MESSAGE_LENGTH} characters.`;
  return text.split('\n').some(isMisleading)
    ? 'A message must not hold control characters, nor any that direct text; line breaks may be.'
    : null;
}

async function addresseeOf(
  { store, model }: AccountParts,
  { userId, sessionId }: Message,
): Promise<Addressee | null> {
  if (sessionId !== null) {
    if (!isIdentifier(sessionId)) return null;
    const id = sessionId as SessionId;
    // In a model that keeps no sessions, whose one is must be said.
    if (model.storedSession(id) === null) return null;
    const found = await store.sessions.find(id);
    if (found === null || (userId !== null && found.user.id !== userId)) return null;
    return { kind: 'session', userId: found.user.id, sessionId: id };
  }
  if (userId === null) return { kind: 'everybody' };
  const user = isIdentifier(userId) ? await store.users.find(userId as UserId) : null;
  return user && { kind: 'user', userId: user.id };
}
