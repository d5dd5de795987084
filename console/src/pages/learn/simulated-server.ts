/**
 * What a server does with a token that it is shown: its own function judges (`src/session/judge.ts`), the row is changed by
 * the verdict, and whoever asked has then what it was given.
 */

import { judge, type Presented, type Verdict } from '../../../../src/session/judge.js';
import { type Holder, NOBODY, type Play, type Who } from './play.js';
import { rowOf } from './rotation-table.js';
import { type FoundSession, POLICY } from './simulated-row.js';

export function attempt(play: Play, who: 'owner' | 'thief', key: string | null, isLost = false): Play {
  return present(play, who, { generation: play[who].generation, key }, isLost);
}

/** Shows a token to the server; `generation` null is a guess, whose tag cannot be right. */
export function present(
  play: Play,
  who: Who,
  { generation, key }: { readonly generation: number | null; readonly key: string | null },
  isLost = false,
): Play {
  const { found, now } = play;
  const keyHash = key === null ? null : new TextEncoder().encode(key);
  const presented: Presented = {
    kind: 'readable',
    generation: generation ?? 0,
    genuine: generation !== null,
    keyHash,
  };
  const verdict = judge(found, presented, now, POLICY);
  const step = {
    kind: 'refresh' as const,
    number: play.steps.length + 1,
    at: now,
    who,
    presented: generation,
    key,
    generation: found.session.generation,
    verdict,
    row: rowOf(verdict, presented, found.session.generation),
    isLost,
  };
  const told = { ...play, keys: Math.max(play.keys, numberOf(key)), steps: [...play.steps, step] };
  const decided = carriedOut(told, verdict, key, keyHash);
  return answered(decided, who, verdict, isLost ? { key } : null);
}

/** What the server does with its verdict. */
function carriedOut(play: Play, verdict: Verdict, key: string | null, keyHash: Uint8Array | null): Play {
  const { found, now } = play;
  if (verdict.kind === 'reuse') return { ...play, found: ended(found, 'reuse', now) };
  if (verdict.kind !== 'rotate') return play;
  const session = {
    ...found.session,
    generation: verdict.to,
    lastSeenAt: now,
    rotationKeyHash: keyHash,
    keyed: found.session.keyed || keyHash !== null,
  };
  return {
    ...play,
    past: [...play.past, { found, rowKey: play.rowKey }],
    found: { ...found, session },
    rowKey: key,
    newest: Math.max(play.newest, verdict.to),
  };
}

/** What whoever asked has then. */
function answered(play: Play, who: Who, verdict: Verdict, lost: Holder['pending']): Play {
  const party = who === 'thief' ? 'thief' : 'owner';
  if (lost !== null) return { ...play, [party]: { ...play[party], pending: lost } };
  if (verdict.kind === 'invalid') return play;
  if (verdict.kind === 'rotate' || verdict.kind === 'replay') {
    const generation = verdict.kind === 'rotate' ? verdict.to : verdict.generation;
    return { ...play, [party]: { generation, pending: null } };
  }
  return { ...play, [party]: NOBODY };
}

function numberOf(key: string | null): number {
  return Number(key?.slice(1) ?? 0);
}

export function ended(found: FoundSession, reason: 'logout' | 'reuse', at: number): FoundSession {
  return { ...found, session: { ...found.session, life: { kind: 'ended', at, reason } } };
}
