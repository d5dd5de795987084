/**
 * The access tokens that this page has seen since it was opened: when each came, and whether somebody here had asked for
 * it. Kept is what they are called, never what they are.
 */

import { client } from '../../session/client.js';
import { createStore } from '../../session/emitter.js';
import { readToken } from './decode.js';
import type { Seen } from './seen.js';

const MOST = 12;
export const seenTokens = createStore<readonly Seen[]>([]);
/** Set while somebody waits for a refresh, so that nobody else takes its token for one that came by itself. */
let isAsking = false;

/** Takes note of a token that has not been seen yet. */
export function noteToken(text: string | null, tookMs: number | null = null): void {
  if (text === null || (isAsking && tookMs === null)) return;
  const claims = readToken(text)?.claims;
  const { jti, sid, iat, exp } = claims ?? {};
  if (
    typeof jti !== 'string' ||
    typeof sid !== 'string' ||
    typeof iat !== 'number' ||
    typeof exp !== 'number'
  )
    return;
  const before = seenTokens.get().filter((each) => each.sid === sid);
  if (before.some((each) => each.jti === jti)) return;
  const seen = { jti, sid, iat, exp, at: Date.now(), tookMs, isFirst: before.length === 0, generation: null };
  seenTokens.set([...before, seen].slice(-MOST));
}

/** What the row says now belongs to the newest. */
export function noteGeneration(generation: number): void {
  const newest = seenTokens.get().at(-1);
  if (newest !== undefined) seenTokens.set([...seenTokens.get().slice(0, -1), { ...newest, generation }]);
}

export type Refreshed = 'renewed' | 'alive' | 'nothing';

/**
 * Really refreshes, as the client does when a token is about to expire. `alive` where the token is not for scripts and so
 * cannot be told from the one before.
 */
export async function refreshNow(): Promise<Refreshed> {
  const before = await client.accessToken();
  const from = performance.now();
  isAsking = true;
  try {
    const { kind } = await client.recheck();
    const tookMs = Math.round(performance.now() - from);
    if (kind !== 'signed-in') return 'nothing';
    const after = await client.accessToken();
    noteToken(after, tookMs);
    if (after === null) return 'alive';
    return after === before ? 'nothing' : 'renewed';
  } finally {
    isAsking = false;
  }
}
