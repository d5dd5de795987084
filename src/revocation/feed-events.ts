/**
 * The revocation feed on the wire: `GET /revocations`, server-sent events (WHATWG HTML §9.2) with JSON in their data.
 * Pure, and free of anything that only a server has: the server writes these events, `counterfoil/verify` reads them.
 *
 * In the order in which a connection sees them:
 *
 * - `hello` `{"resumed": boolean}`: whether what follows goes on behind the Last-Event-ID, or is everything anew. Either
 *   way nothing that was heard before need be forgotten.
 * - `revocation`: what must no longer be accepted, or that the key ring has changed. Its event id is where to resume;
 *   within a first catching-up only the last one has an id, so that one cut short begins again.
 * - `fresh` `{"freshMs": number}`: a heartbeat, once a second. Everything whose revocation had been answered before that
 *   instant has been sent. The instant is given in milliseconds since the server took this connection, by a monotonic
 *   clock, and may be negative. A reader that adds it to when it sent its request is never too optimistic, whatever the
 *   clocks of the two say and however long an answer was under way. But the two do not run at one speed: a reader takes
 *   off what they may have come apart since (500 parts in a million), and no connection lasts long.
 * - `bye`: the server ends the connection on purpose; connect again at once.
 */

import type { SessionId, UserId } from '../entities/identifier.js';
import type { Revocation, RevocationEntry } from '../entities/revocation.js';

export type FeedEvent =
  | { readonly kind: 'hello'; readonly resumed: boolean }
  | {
      readonly kind: 'revocation';
      readonly id: string | null;
      readonly entry: Pick<RevocationEntry, 'revocation' | 'until'>;
    }
  | { readonly kind: 'fresh'; readonly freshMs: number }
  | { readonly kind: 'bye' };

export const HEARTBEAT_MS = 1_000;

/** The lines of one event, blank line included. */
export function writeFeedEvent(event: FeedEvent): string {
  const id = event.kind === 'revocation' && event.id !== null ? `id: ${event.id}\n` : '';
  return `event: ${event.kind}\n${id}data: ${JSON.stringify(dataOf(event))}\n\n`;
}

function dataOf(event: FeedEvent): object {
  switch (event.kind) {
    case 'hello':
      return { resumed: event.resumed };
    case 'fresh':
      return { freshMs: event.freshMs };
    case 'bye':
      return {};
    case 'revocation':
      return { ...wireOf(event.entry.revocation), until: event.entry.until };
  }
}

function wireOf(revocation: Revocation): object {
  const { kind } = revocation;
  switch (kind) {
    case 'session-ended':
      return { kind, sid: revocation.sessionId };
    case 'epoch-raised':
      return { kind, sub: revocation.userId, epoch: revocation.epoch };
    case 'key-revoked':
      return { kind, kid: revocation.kid };
    case 'keys-changed':
      return { kind, revision: revocation.revision };
  }
}

/** One event as it came; null for one of a kind that this version does not know, which a reader passes over. Throws for one that is broken. */
export function readFeedEvent(name: string, id: string | null, data: string): FeedEvent | null {
  if (!['hello', 'revocation', 'fresh', 'bye'].includes(name)) return null;
  const fields = JSON.parse(data) as Readonly<Record<string, unknown>>;
  switch (name) {
    case 'hello':
      return { kind: 'hello', resumed: fields['resumed'] === true };
    case 'fresh':
      return { kind: 'fresh', freshMs: numberIn(fields, 'freshMs') };
    case 'revocation': {
      const revocation = revocationOf(fields);
      return (
        revocation && { kind: 'revocation', id, entry: { revocation, until: numberIn(fields, 'until') } }
      );
    }
    default:
      return { kind: 'bye' };
  }
}

function revocationOf(fields: Readonly<Record<string, unknown>>): Revocation | null {
  switch (fields['kind']) {
    case 'session-ended':
      return { kind: 'session-ended', sessionId: textIn(fields, 'sid') as SessionId };
    case 'epoch-raised':
      return {
        kind: 'epoch-raised',
        userId: textIn(fields, 'sub') as UserId,
        epoch: numberIn(fields, 'epoch'),
      };
    case 'key-revoked':
      return { kind: 'key-revoked', kid: textIn(fields, 'kid') };
    case 'keys-changed':
      return { kind: 'keys-changed', revision: numberIn(fields, 'revision') };
    default:
      return null;
  }
}

function textIn(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`The feed sent an event without ${name}.`);
  return value;
}

function numberIn(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new Error(`The feed sent an event without ${name}.`);
  return value;
}
