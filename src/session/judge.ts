/**
 * The verdict on a presented refresh token: one pure function, the heart of Counterfoil. It says what the presentation
 * means; the store then compares and swaps. RFC 9700 §4.14.2 asks for rotation with reuse detection; the table here
 * adds the cases that tell a client that lost a response, or raced against itself, from a thief.
 *
 * With `p` the presented generation, `g` the row's, `k` the idempotency key sent:
 *
 *     malformed, or a wrong tag                                          invalid
 *     no such session, ended, expired, or behind its user's epoch        ended
 *     p = g                                                              rotate to g + 1
 *     p = g - 1, k is the key that made g                                replay g, without a limit of time
 *     p = g - 1, no k, within the grace, cookie-delivered or never keyed replay g
 *     p = g - 1 otherwise, or p < g - 1                                  reuse
 *     p > g, the tag good                                                rotate to p + 1: the database lost rotations
 */

import { diesAt } from '../entities/session.js';
import type { FoundSession } from '../store/ports/sessions.js';

export type Presented =
  | { readonly kind: 'malformed' }
  | {
      readonly kind: 'readable';
      readonly generation: number;
      /** Whether the tag is ours; false too when its session, and so its salt, is unknown. */
      readonly genuine: boolean;
      /** The hash of the idempotency key that came along. */
      readonly keyHash: Uint8Array | null;
    };

export interface RefreshPolicy {
  /** How long after a rotation a plain client's repetition of the old token is answered. */
  readonly graceMs: number;
  readonly idleTtlMs: number;
}

export const ENDED_BECAUSE = ['unknown', 'ended', 'expired', 'idle', 'epoch', 'suspended'] as const;
export type EndedBecause = (typeof ENDED_BECAUSE)[number];

export type Verdict =
  | { readonly kind: 'invalid' }
  | { readonly kind: 'ended'; readonly because: EndedBecause }
  | { readonly kind: 'rotate'; readonly from: number; readonly to: number }
  | { readonly kind: 'replay'; readonly generation: number }
  | { readonly kind: 'reuse' };

export type Judge = (
  found: FoundSession | null,
  presented: Presented,
  now: number,
  policy: RefreshPolicy,
) => Verdict;

export const judge: Judge = (found, presented, now, policy) => {
  if (presented.kind === 'malformed') return { kind: 'invalid' };
  if (found === null) return { kind: 'ended', because: 'unknown' };
  if (!presented.genuine) return { kind: 'invalid' };
  const because = deadBecause(found, now, policy);
  if (because !== null) return { kind: 'ended', because };

  const p = presented.generation;
  const g = found.session.generation;
  if (p >= g) return { kind: 'rotate', from: g, to: p + 1 };
  if (p === g - 1 && mayReplay(found, presented.keyHash, now, policy))
    return { kind: 'replay', generation: g };
  return { kind: 'reuse' };
};

/** Why the session no longer lives, or null. These win over every grace. */
export function deadBecause(
  { session, user }: FoundSession,
  now: number,
  policy: RefreshPolicy,
): EndedBecause | null {
  if (session.life.kind === 'ended') return 'ended';
  if (session.epoch !== user.epoch) return 'epoch';
  if (user.standing.kind === 'suspended') return 'suspended';
  if (session.expiresAt <= now) return 'expired';
  return diesAt(session, policy.idleTtlMs) <= now ? 'idle' : null;
}

function mayReplay(
  { session }: FoundSession,
  keyHash: Uint8Array | null,
  now: number,
  policy: RefreshPolicy,
): boolean {
  if (keyHash !== null)
    return session.rotationKeyHash !== null && sameBytes(keyHash, session.rotationKeyHash);
  const plainClient = session.delivery === 'cookie' || !session.keyed;
  return plainClient && now - session.lastSeenAt <= policy.graceMs;
}

/** Without Node's own: this file runs in browsers, too, for those who learn how it decides. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
