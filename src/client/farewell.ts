/**
 * Telling the server of a logout that has happened here already. However often it takes, and whatever answer is lost on
 * the way, the server sees one client that repeats itself, and no thief.
 */

import { LogoutDocument, RefreshDocument } from './generated/graphql.js';
import { type ClaimParts, claim, withdraw } from './renewal.js';
import type { Answer } from './transport.js';

/** Between two looks whether an earlier refresh may still be under way. */
const LOOK_MS = 500;

/** Resolves to true once there is nothing more to tell. `accessToken`: one that may be good still. Never rejects. */
export async function sayFarewell(parts: ClaimParts, accessToken: string | null): Promise<boolean> {
  try {
    return await tell(parts, accessToken);
  } catch {
    // The storage: what it holds says at the next start that this is to be done.
    return false;
  }
}

async function tell(parts: ClaimParts, accessToken: string | null): Promise<boolean> {
  const { storage, transport } = parts;
  const before = await storage.read();
  if (before === null || !before.farewell) return true;
  const forget = () =>
    storage.update((now) => (now?.farewell && now.sessionId === before.sessionId ? null : now));
  // A cookie is enough for the server; and of an access token only its word counts that it has ended the session.
  const byItself = before.refreshToken === null || accessToken !== null;
  if (byItself) {
    const answer = await transport.send(LogoutDocument, {}, accessToken);
    if (hasEnded(answer) || (before.refreshToken === null && hasNoSession(answer))) {
      await forget();
      return true;
    }
    if (before.refreshToken === null) return false;
  }
  const told = await byRefreshToken(parts);
  if (told) await forget();
  return told;
}

/** A refresh token alone logs nobody out: it gives the access token that does. */
async function byRefreshToken(parts: ClaimParts): Promise<boolean> {
  const { transport } = parts;
  for (;;) {
    const { stored, sending } = await claim(parts, { asked: true, farewell: true });
    if (stored === null || !stored.farewell) return true;
    if (sending === null) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      continue;
    }
    const input = { refreshToken: stored.refreshToken ?? '', idempotencyKey: stored.next?.text ?? '' };
    const answer = await transport.send(RefreshDocument, { input }, null);
    if (answer.kind !== 'answered' || answer.data === null) return false;
    await withdraw(parts, sending);
    const { refresh } = answer.data;
    if (refresh.__typename === 'Throttled') return false;
    if (refresh.__typename !== 'RefreshSuccess') return true;
    return hasEnded(await transport.send(LogoutDocument, {}, refresh.tokens.accessToken));
  }
}

function hasEnded(answer: Answer<{ readonly logout: unknown }>): boolean {
  return answer.kind === 'answered' && Boolean(answer.data?.logout);
}

/** By cookie: there is none any more, or none that is good. */
function hasNoSession(answer: Answer<{ readonly logout: unknown }>): boolean {
  return (
    answer.kind === 'answered' &&
    answer.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
  );
}
