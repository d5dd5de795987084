/**
 * Notes, kept beside the session, of requests that are under way: a client that dies, or whose request breaks off, leaves
 * its note behind, and the others know until when the server may still carry it out.
 */

import type { Clock } from '../system/clock.js';
import { unguessableText } from '../system/unguessable.js';
import type { ClientStorage, RefreshKey, Sending, Stored } from './storage.js';

/** Between the clocks of those who share a storage: one clock, read at different moments. */
const CLOCKS_DIFFER_MS = 1_000;

export interface NoteParts {
  readonly storage: ClientStorage;
  readonly clock: Clock;
  /** Names this client among those on the storage. */
  readonly self: string;
  /** For a whole request. */
  readonly timeoutMs: number;
}

/** That a request is about to be sent. */
export function noteOf(what: Sending['what'], { clock, self, timeoutMs }: NoteParts): Sending {
  const at = clock.now();
  return { id: unguessableText(), by: self, what, at, until: at + 2 * timeoutMs };
}

/** Those whose time is not over. */
export function sendingsOf(key: RefreshKey | null | undefined, clock: Clock): readonly Sending[] {
  const now = clock.now();
  // One that was sent in the future was written by a clock that has been set back since.
  return (key?.sendings ?? []).filter(({ at, until }) => until > now && at <= now + CLOCKS_DIFFER_MS);
}

/** Those to which an answer may come yet, and change the cookie. */
export function openOf(keys: Pick<Stored, 'next' | 'last'> | null, clock: Clock): readonly Sending[] {
  const all = [...sendingsOf(keys?.next, clock), ...sendingsOf(keys?.last, clock)];
  return all.filter(({ isBroken }) => !isBroken);
}

export function without(key: RefreshKey | null, { id }: Sending): RefreshKey | null {
  return key && { ...key, sendings: key.sendings.filter((each) => each.id !== id) };
}

/** What is left to be stored where a request has been answered, or was never sent. */
export function withdrawn(now: Stored, sending: Sending): Stored {
  return { ...now, next: without(now.next, sending), last: without(now.last, sending) };
}

/** It has been answered, or was never sent. */
export function withdraw({ storage }: NoteParts, sending: Sending): Promise<Stored | null> {
  return storage.update((now) => now && withdrawn(now, sending));
}

/** It broke off: no answer of it will come, and yet it may be carried out. */
export function noteBroken({ storage }: NoteParts, { id }: Sending): Promise<Stored | null> {
  const broken = (key: RefreshKey | null) =>
    key && {
      ...key,
      sendings: key.sendings.map((each) => (each.id === id ? { ...each, isBroken: true } : each)),
    };
  return storage.update((now) => now && { ...now, next: broken(now.next), last: broken(now.last) });
}
