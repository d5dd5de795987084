/**
 * Telling the server of a logout that has happened here already. However often it takes, and whatever answer is lost on
 * the way, the server sees one client that repeats itself, and no thief.
 */

import { unguessableText } from '../system/unguessable.js';
import { LogoutDocument, RefreshDocument } from './generated/graphql.js';
import { type ClaimParts, claim } from './renewal.js';
import { noteBroken, noteOf, sendingsOf, withdraw, without } from './sendings.js';
import { sleep } from './sleep.js';
import type { Stored } from './storage.js';
import type { Answer, Transport } from './transport.js';

/** Between two looks whether another request may still be under way. */
const LOOK_MS = 500;

/** Resolves to true once there is nothing more to tell. `accessToken`: one that may be good still. Never rejects. */
export async function sayFarewell(parts: ClaimParts, accessToken: string | null): Promise<boolean> {
  try {
    const before = await parts.storage.read();
    if (before === null || !before.farewell) return true;
    if (before.refreshToken === null) return await byCookie(parts, before, accessToken);
    const told =
      (accessToken !== null && (await tell(parts.transport, accessToken))) || (await byRefreshToken(parts));
    if (told) await parts.storage.update((now) => (isOf(now, before) ? null : now));
    return told;
  } catch {
    // The storage: what it holds says at the next start that this is to be done.
    return false;
  }
}

/** Of a session that is not kept here. True where the server has ended it, or knows of none. */
export async function tell(transport: Transport, accessToken: string | null): Promise<boolean> {
  const answer = await transport.send(LogoutDocument, {}, { accessToken, keepalive: true });
  return hasEnded(answer) || (accessToken === null && hasNoSession(answer));
}

function isOf(now: Stored | null, { sessionId }: Stored): boolean {
  return now?.farewell === true && now.sessionId === sessionId;
}

/**
 * A cookie is enough for the server, whose answer takes it away: so one at a time, and noted, since who signs in meanwhile
 * would lose the new one to an answer that comes late.
 */
async function byCookie(parts: ClaimParts, before: Stored, accessToken: string | null): Promise<boolean> {
  const { storage, clock, transport } = parts;
  const sending = noteOf('logout', parts);
  for (;;) {
    const stored = await storage.update((now) => {
      if (now === null || !isOf(now, before)) return now;
      const { text, sendings } = now.next ?? { text: unguessableText(), sendings: [] };
      const live = sendingsOf({ text, sendings }, clock);
      const isBeingTold = live.some(({ what, isBroken }) => what === 'logout' && !isBroken);
      return isBeingTold ? now : { ...now, next: { text, sendings: [...live, sending] } };
    });
    if (stored === null || !isOf(stored, before)) return true;
    if (stored.next?.sendings.some(({ id }) => id === sending.id)) break;
    await sleep(LOOK_MS);
  }
  const answer = await transport.send(LogoutDocument, {}, { accessToken, keepalive: true });
  const told = hasEnded(answer) || hasNoSession(answer);
  if (!told) await noteBroken(parts, sending);
  else
    await storage.update((now) => {
      if (now === null || !isOf(now, before)) return now;
      const next = without(now.next, sending);
      // Refreshes under way may yet bring a cookie: who signs in has to know of them.
      const isQuiet = [...sendingsOf(next, clock), ...sendingsOf(now.last, clock)].every(
        ({ isBroken }) => isBroken,
      );
      return isQuiet ? null : { ...now, next };
    });
  return told;
}

/** A refresh token alone logs nobody out: it gives the access token that does. */
async function byRefreshToken(parts: ClaimParts): Promise<boolean> {
  const { transport } = parts;
  for (;;) {
    const { stored, sending } = await claim(parts, { asked: true, farewell: true });
    if (stored === null || !stored.farewell) return true;
    if (sending === null) {
      await sleep(LOOK_MS);
      continue;
    }
    const input = { refreshToken: stored.refreshToken ?? '', idempotencyKey: stored.next?.text ?? '' };
    const answer = await transport.send(RefreshDocument, { input });
    if (answer.kind !== 'answered' || answer.data === null) return false;
    await withdraw(parts, sending);
    const { refresh } = answer.data;
    if (refresh.__typename === 'Throttled') return false;
    if (refresh.__typename !== 'RefreshSuccess') return true;
    return tell(transport, refresh.tokens.accessToken);
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
