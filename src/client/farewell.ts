/**
 * Telling the server of a logout that has happened here already. However often it takes, and whatever answer is lost on
 * the way, the server sees one client that repeats itself, and no thief.
 */

import { unguessableText } from '../system/unguessable.js';
import type { News } from './access.js';
import { isRefused } from './answers.js';
import { LogoutDocument, RefreshDocument } from './generated/graphql.js';
import { type ClaimParts, claim, OTHERS_WAIT_MS } from './renewal.js';
import { noteBroken, noteOf, openOf, sendingsOf, withdraw, without } from './sendings.js';
import { sleep } from './sleep.js';
import type { ClientStorage, Sending, Stored } from './storage.js';
import type { Answer, SendOptions, Transport } from './transport.js';

/** Between two looks whether another request may still be under way. */
const LOOK_MS = 500;

/** Writes down that the user has logged out: of this session, or of whichever is stored where it is not known. */
export function noteFarewell(storage: ClientStorage, sessionId: string | null): Promise<Stored | null> {
  return storage.update((now) =>
    now === null || (sessionId !== null && now.sessionId !== sessionId) ? now : { ...now, farewell: true },
  );
}

/** Resolves to true once there is nothing more to tell. `held`: a token that may be good still. Never rejects. */
export async function sayFarewell(parts: ClaimParts, held: News | null): Promise<boolean> {
  try {
    const before = await parts.storage.read();
    if (before === null || !before.farewell) return true;
    const { sessionId } = before;
    const accessToken = held?.sessionId === sessionId ? held.accessToken : null;
    if (before.refreshToken === null) return await byCookie(parts, before, accessToken);
    const told =
      (accessToken !== null && (await tell(parts.transport, { accessToken, sessionId }))) ||
      (await byRefreshToken(parts));
    if (told) await parts.storage.update((now) => (isOf(now, before) ? null : now));
    return told;
  } catch {
    // The storage: what it holds says at the next start that this is to be done.
    return false;
  }
}

/** Of a session that is not kept here. True where the server has ended it, or knows of none. */
export async function tell(transport: Transport, as: SendOptions): Promise<boolean> {
  const answer = await transport.send(LogoutDocument, {}, { ...as, keepalive: true });
  return hasEnded(answer) || (as.accessToken === null && hasNoSession(answer));
}

function isOf(now: Stored | null, { sessionId }: Stored): boolean {
  return now?.farewell === true && now.sessionId === sessionId;
}

/**
 * A cookie is enough for the server, whose answer takes it away: so one at a time, and noted, since who signs in meanwhile
 * would lose the new one to an answer that comes late. Whoever tells it may have left its page, with nobody to say that
 * the answer has come: after a while another tells it, too, and finds out whether the cookie is gone.
 */
async function byCookie(parts: ClaimParts, before: Stored, accessToken: string | null): Promise<boolean> {
  const { storage, clock, transport, timeoutMs } = parts;
  const { sessionId } = before;
  const sending = noteOf('logout', parts);
  const waitMs = Math.min(OTHERS_WAIT_MS, timeoutMs);
  for (;;) {
    const stored = await storage.update((now) => {
      if (now === null || !isOf(now, before)) return now;
      const { text, sendings } = now.next ?? { text: unguessableText(), sendings: [] };
      const live = sendingsOf({ text, sendings }, clock);
      const isBeingTold = live.some((each) => isUnanswered(each) && clock.now() - each.at < waitMs);
      return isBeingTold ? now : { ...now, next: { text, sendings: [...live, sending] } };
    });
    if (stored === null || !isOf(stored, before)) return true;
    if (stored.next?.sendings.some(({ id }) => id === sending.id)) break;
    await sleep(LOOK_MS);
  }
  const answer = await transport.send(LogoutDocument, {}, { accessToken, sessionId, keepalive: true });
  const tookCookie = hasEnded(answer);
  const told = tookCookie || hasNoSession(answer);
  if (!told) await noteBroken(parts, sending);
  else
    await storage.update((now) =>
      now !== null && isOf(now, before) ? afterTold(parts, now, sending, tookCookie) : now,
    );
  return told;
}

/**
 * Nothing is left where no answer can come any more that changes the cookie. Where no cookie came along, that of the
 * session is gone: if one other logout may have taken it, and nothing else, then the answer to that one has come.
 */
function afterTold({ clock }: ClaimParts, now: Stored, sending: Sending, tookCookie: boolean): Stored | null {
  const next = without(now.next, sending);
  const open = openOf({ next, last: now.last }, clock);
  const [other] = open;
  const hasCome = !tookCookie && open.length === 1 && other?.what === 'logout' && !other.isOvertaken;
  if (open.length === 0 || hasCome) return null;
  // Refreshes under way may yet bring a cookie, and logouts take one away: who signs in has to know of them.
  const overtaken = (each: Sending) => (isUnanswered(each) ? { ...each, isOvertaken: true } : each);
  return { ...now, next: tookCookie && next ? { ...next, sendings: next.sendings.map(overtaken) } : next };
}

function isUnanswered({ what, isBroken }: Sending): boolean {
  return what === 'logout' && !isBroken;
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
    return tell(transport, { accessToken: refresh.tokens.accessToken });
  }
}

function hasEnded(answer: Answer<{ readonly logout: unknown }>): boolean {
  return answer.kind === 'answered' && Boolean(answer.data?.logout);
}

/** By cookie: there is none any more, or it is of another session. */
function hasNoSession(answer: Answer<{ readonly logout: unknown }>): boolean {
  return answer.kind === 'answered' && isRefused(answer.errors);
}
