/**
 * A session: one signed-in device, and the family of all its refresh tokens. One row, for ever one row.
 * Owns what a session is; whether a credential of it is good is said by `session/judge.ts`.
 */

import type { SessionId, UserId } from './identifier.js';

/** Where the refresh token travels: in a `__Host-` cookie (browsers) or in the body (native, server to server). */
export type Delivery = 'cookie' | 'body';

/** What the client said of itself at login, and where it called from. All of it is the client's word. */
export interface ClientDescription {
  readonly deviceName: string | null;
  /** Read from the User-Agent, such as "Firefox on Linux". */
  readonly clientLabel: string | null;
  readonly ipAddress: string | null;
}

export const END_REASONS = [
  'logout',
  'logout-device',
  'logout-all',
  'reuse',
  'password-changed',
  'replaced',
  'suspended',
  'operator',
  'account-deleted',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export type Life =
  | { readonly kind: 'live' }
  | { readonly kind: 'ended'; readonly at: number; readonly reason: EndReason };

/** Of an idempotency key: from 1 to so many characters. */
export const IDEMPOTENCY_KEY_LENGTH = 256;

export function isIdempotencyKey(text: string): boolean {
  return text.length >= 1 && text.length <= IDEMPOTENCY_KEY_LENGTH;
}

export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly epoch: number;
  readonly generation: number;
  /** 16 random bytes that make this session's token key differ from every other's. */
  readonly salt: Uint8Array;
  readonly delivery: Delivery;
  readonly client: ClientDescription;
  /** When the user proved who they are at login (`auth_time`); renewing never moves it. */
  readonly createdAt: number;
  /** When the present generation was made: the login, or the last rotation. */
  readonly lastSeenAt: number;
  /** The absolute end, fixed at login. */
  readonly expiresAt: number;
  /** SHA-256, first 16 bytes, of the idempotency key that made the present generation; null when none came along. */
  readonly rotationKeyHash: Uint8Array | null;
  /** Whether this session has ever sent an idempotency key: such a client has no need of the grace. */
  readonly keyed: boolean;
  readonly life: Life;
}

/** When the session dies if nothing more is heard of it: the nearer of idle and absolute expiry. */
export function diesAt(session: Session, idleTtlMs: number): number {
  return Math.min(session.expiresAt, session.lastSeenAt + idleTtlMs);
}
