/** One session in one world: who holds what, what the database was asked, and what was answered last. */

import type { ModelName } from '../../../../src/entities/session-model.js';
import type { FoundSession } from './simulated-row.js';

export const DEEDS = [
  'request',
  'steal',
  'thief-request',
  'logout',
  'logout-everywhere',
  'wait',
  'leak-key',
  'forge',
  'revoke-key',
] as const;
export type Deed = (typeof DEEDS)[number];

export interface Answer {
  readonly kind: 'yes' | 'no' | 'done' | 'cannot';
  readonly text: string;
}

export interface Held {
  /** Of the signed token; never, where it is opaque. */
  readonly expiresAt: number;
  /** Whether the key that signed it has been revoked since. */
  readonly isOldKey: boolean;
  /** Made by whoever has the signing key: it names any session and any epoch that they like. */
  readonly isForged: boolean;
  /** Of the refresh token; null where there is none. */
  readonly generation: number | null;
}

export interface World {
  readonly model: ModelName;
  readonly now: number;
  readonly found: FoundSession;
  readonly owner: Held | null;
  readonly thief: Held | null;
  /** Whether the signing key is out. */
  readonly isKeyOut: boolean;
  readonly attempts: number;
  /** How often the database was asked about a session, and written to. */
  readonly reads: number;
  readonly writes: number;
  readonly last: Answer | null;
}

/** How long a signed token is good. */
export const TOKEN_MS = 300_000;
export function issued(now: number, generation: number | null): Held {
  return { expiresAt: now + TOKEN_MS, isOldKey: false, isForged: false, generation };
}

export function said(world: World, kind: Answer['kind'], text: string): World {
  return { ...world, last: { kind, text } };
}
