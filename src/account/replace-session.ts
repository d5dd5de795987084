/** A browser that signs in while it still holds a cookie gets another; the old one's session must not live on unseen. */

import { auditEvent } from '../entities/audit.js';
import type { Delivery } from '../entities/session.js';
import type { User } from '../entities/user.js';
import type { AccountParts } from './parts.js';

interface SignIn {
  readonly delivery: Delivery;
  readonly presentedToken: string | null;
}

export async function replaceSession(
  parts: AccountParts,
  { delivery, presentedToken }: SignIn,
  user: User,
): Promise<void> {
  // Only a new cookie overwrites the old one.
  if (delivery !== 'cookie' || presentedToken === null) return;
  const { model, clock } = parts;
  const old = await model.identify(presentedToken);
  if (old === null) return;
  const about = { userId: old.user.id, actorId: user.id, sessionId: old.session.id, detail: 'replaced' };
  const audit = auditEvent('session.ended', clock.now(), about);
  await model.end({ sessionId: old.session.id, ownerId: null, reason: 'replaced', audit });
}
