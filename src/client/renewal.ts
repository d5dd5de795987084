/**
 * Refreshing, so that the server never takes a client for a thief: whoever refreshes one version of the tokens sends one
 * idempotency key, and a refresh of the next version is not sent while a request of the one before may still be carried
 * out (docs/decisions/0005). That holds for tabs and processes, for answers that are lost, and for clients that die.
 *
 * Nobody waits for a lock. Whoever has sent a refresh is waited for while its answer may come, and then the others send it,
 * too; a request that broke off is waited for until the server cannot get it any more.
 */

import { unguessableText } from '../system/unguessable.js';
import { RefreshDocument, type RefreshMutation } from './generated/graphql.js';
import {
  type NoteParts,
  noteBroken,
  noteOf,
  openOf,
  sendingsOf,
  withdraw,
  withdrawn,
  without,
} from './sendings.js';
import type { Sending, Stored } from './storage.js';
import type { Transport } from './transport.js';

/** For the answer to somebody else's request, unless such a request gives up sooner. */
export const OTHERS_WAIT_MS = 3_000;
/** For news of tokens that another client has stored, or holds. */
const PEERS_WAIT_MS = 300;
/** Between two looks at what is stored. */
const LOOK_MS = 100;

export type Tokens = Extract<RefreshMutation['refresh'], { readonly __typename: 'RefreshSuccess' }>['tokens'];

export type SignOutReason =
  /** The session ended: logged out elsewhere, expired, or ended by somebody else. */
  | 'ended'
  /** Its refresh token was used by two, one of whom is a thief. */
  | 'reused'
  | 'logout';

export type Renewal =
  | { readonly kind: 'renewed'; readonly tokens: Tokens; readonly stored: Stored }
  /** Another client on the same storage has renewed; what it was given came by the channel. */
  | { readonly kind: 'renewed-elsewhere' }
  | { readonly kind: 'over'; readonly because: SignOutReason }
  /** The session may live: nothing was decided. */
  | {
      readonly kind: 'later';
      readonly because: 'unreachable' | 'unavailable' | 'storage';
      readonly retryAfterMs: number | null;
      readonly cause?: unknown;
    };

/** What it takes to note that one is about to send. */
export interface ClaimParts extends NoteParts {
  readonly transport: Transport;
  /** The version of the tokens that this client holds or has heard of; 0 where it has none. */
  readonly knownVersion: () => number;
}

export interface RenewalParts extends ClaimParts {
  /** What is kept to be shown at the next refresh. */
  readonly shownNext: (tokens: Tokens) => string | null;
}

/** Refreshes once. Whoever calls sees to it that this client does so once at a time. */
export async function renew(parts: RenewalParts): Promise<Renewal> {
  const othersWaitMs = Math.min(OTHERS_WAIT_MS, parts.timeoutMs);
  let asked = false;
  for (;;) {
    const { stored, sending } = await claim(parts, { asked, farewell: false });
    if (stored === null || stored.farewell)
      return { kind: 'over', because: stored === null ? 'ended' : 'logout' };
    const { version } = stored;
    if (sending === null) {
      if (await areTold(parts, version, asked)) return { kind: 'renewed-elsewhere' };
      asked = true;
      continue;
    }
    if (areOthersAtIt(parts, stored) && (await isHeard(parts, version + 1, othersWaitMs))) {
      await withdraw(parts, sending);
      return { kind: 'renewed-elsewhere' };
    }
    const renewal = await send(parts, stored, sending);
    if (renewal !== 'moved-on') return renewal;
    asked = true;
  }
}

/** Somebody has tokens of this version, or had: then they say so, if they are still there and are asked. */
function areTold(parts: RenewalParts, version: number, asked: boolean): Promise<boolean> {
  if (!asked) parts.storage.channel?.post({ kind: 'ask' });
  // Where this client holds tokens of this version itself, it waits for the next.
  const least = Math.max(version, parts.knownVersion() + 1);
  return isHeard(parts, least, asked ? LOOK_MS : PEERS_WAIT_MS);
}

/** And would say what they are given. */
function areOthersAtIt({ storage, clock, self }: RenewalParts, stored: Stored): boolean {
  return storage.channel !== null && openOf(stored, clock).some(({ by }) => by !== self);
}

/**
 * Notes that this client is about to send. `sending` is null where it must not yet: since the key before may be under way,
 * or since others may have tokens of this version already and have not been `asked`.
 */
export async function claim(
  parts: ClaimParts,
  { asked, farewell }: { readonly asked: boolean; readonly farewell: boolean },
): Promise<{ readonly stored: Stored | null; readonly sending: Sending | null }> {
  const { storage, clock, knownVersion } = parts;
  const sending = noteOf('refresh', parts);
  const key = unguessableText();
  const known = knownVersion();
  const mayHear = storage.channel !== null && !asked;
  const stored = await storage.update((now) => {
    if (now === null || now.farewell !== farewell) return now;
    if (sendingsOf(now.last, clock).length > 0 || (mayHear && now.version > known)) return now;
    // A browser may have lost the last cookie in a crash, and kept this: with the key of before the server gives it anew.
    const first = now.refreshToken === null && known === 0 ? (now.last?.text ?? key) : key;
    const next = now.next ?? { text: first, sendings: [] };
    return { ...now, next: { ...next, sendings: [...sendingsOf(next, clock), sending] } };
  });
  const isNoted = stored?.next?.sendings.some(({ id }) => id === sending.id) ?? false;
  return { stored, sending: isNoted ? sending : null };
}

/** Whether another client says in time that it holds tokens of this version, or that nobody holds any. */
function isHeard({ storage, knownVersion }: RenewalParts, least: number, withinMs: number): Promise<boolean> {
  const { channel } = storage;
  if (knownVersion() >= least) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (was: boolean) => {
      clearTimeout(timer);
      unsubscribe?.();
      resolve(was);
    };
    const timer = setTimeout(() => done(false), withinMs);
    const unsubscribe = channel?.subscribe((message) => {
      if (message.kind === 'signed-out' || (message.kind === 'renewed' && message.version >= least))
        done(true);
    });
  });
}

async function send(parts: RenewalParts, stored: Stored, sending: Sending): Promise<Renewal | 'moved-on'> {
  const { transport } = parts;
  const { sessionId, refreshToken, next } = stored;
  const idempotencyKey = next?.text ?? '';
  const input = refreshToken === null ? { idempotencyKey } : { refreshToken, idempotencyKey };
  const answer = await transport.send(RefreshDocument, { input }, { sessionId });
  // What broke off may be carried out yet, and what a proxy answers says nothing of that, so its note stays.
  if (answer.kind !== 'answered') await noteBroken(parts, sending);
  if (answer.kind === 'unreachable')
    return { kind: 'later', because: 'unreachable', retryAfterMs: null, cause: answer.cause };
  if (answer.kind === 'unavailable')
    return { kind: 'later', because: 'unavailable', retryAfterMs: answer.retryAfterMs };
  const refreshed = answer.data?.refresh;
  switch (refreshed?.__typename) {
    case 'RefreshSuccess':
      return succeeded(parts, idempotencyKey, sending, refreshed);
    case 'RefreshTokenInvalid':
    case 'RefreshTokenReused':
    case 'SessionEnded': {
      const over = await isOver(parts, idempotencyKey, sending);
      if (!over) return 'moved-on';
      return { kind: 'over', because: refreshed.__typename === 'RefreshTokenReused' ? 'reused' : 'ended' };
    }
    case 'Throttled':
      await withdraw(parts, sending);
      return { kind: 'later', because: 'unavailable', retryAfterMs: refreshed.retryAfter * 1_000 };
    default:
      await noteBroken(parts, sending);
      // Masked faults, and answers of another version: nothing that says that the session is over.
      return { kind: 'later', because: 'unavailable', retryAfterMs: null };
  }
}

type Success = Extract<RefreshMutation['refresh'], { readonly __typename: 'RefreshSuccess' }>;

async function succeeded(
  { storage, shownNext }: RenewalParts,
  key: string,
  sending: Sending,
  { tokens, session }: Success,
): Promise<Renewal | 'moved-on'> {
  let isAnothers = false;
  const stored = await storage.update((now) => {
    isAnothers = false;
    if (now === null) return now;
    if (now.farewell) return withdrawn(now, sending);
    if (now.sessionId !== session.id) {
      // By a cookie that somebody has set past this storage: a page without the client. What was stored has none any more.
      isAnothers = now.next?.text === key;
      return isAnothers ? null : now;
    }
    if (now.next?.text === key)
      return {
        ...now,
        version: now.version + 1,
        refreshToken: shownNext(tokens),
        next: null,
        last: without(now.next, sending),
      };
    return { ...now, last: without(now.last, sending) };
  });
  if (isAnothers) return { kind: 'over', because: 'ended' };
  // Found out by others, or logged out, while the answer was under way.
  if (stored === null || stored.farewell)
    return { kind: 'over', because: stored === null ? 'ended' : 'logout' };
  // Signed in anew meanwhile, or refreshed by others since: these tokens are of before.
  const isPresent = stored.sessionId === session.id && stored.last?.text === key;
  return isPresent ? { kind: 'renewed', tokens, stored } : 'moved-on';
}

/** Forgets the session, if it is still the one that was asked about. */
async function isOver({ storage }: RenewalParts, key: string, sending: Sending): Promise<boolean> {
  let over = false;
  await storage.update((now) => {
    over = now === null || (!now.farewell && now.next?.text === key);
    if (over) return null;
    return now && withdrawn(now, sending);
  });
  return over;
}
