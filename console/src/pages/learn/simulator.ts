/**
 * A session, its owner and a thief, to play with. What the server decides is decided here by the server's own function,
 * `src/session/judge.ts`, on a row of the shape that the server keeps; what is modelled is who holds which token, and what
 * is done with a verdict. Pure: a play and an act make the next play.
 */

import { judge, type Presented, type Verdict } from '../../../../src/session/judge.js';
import { rowOf, type TableRow } from './rotation-table.js';
import { type FoundSession, fresh, GRACE_MS, POLICY } from './simulated-row.js';

export type ClientKind =
  /** By cookie, each attempt under a key of its own: this console. */
  | 'careful'
  /** By cookie, and without keys. */
  | 'plain'
  /** Holds its token itself, with keys. */
  | 'native';

export const ACTS = [
  'refresh',
  'both-tabs',
  'lose-answer',
  'retry',
  'retry-without-key',
  'steal',
  'thief-refresh',
  'thief-without-key',
  'thief-guess',
  'logout',
  'logout-everywhere',
  'power-cut',
  'wait-10',
  'wait-40',
] as const;
export type Act = (typeof ACTS)[number];

export type Who = 'owner' | 'second tab' | 'thief';

interface Holder {
  /** Of the token that it holds; null where it has none any more. */
  readonly generation: number | null;
  /** An attempt whose answer never came. */
  readonly pending: { readonly key: string | null } | null;
}

export type Step =
  | {
      readonly kind: 'refresh';
      readonly number: number;
      readonly at: number;
      readonly who: Who;
      /** Null for a guess. */
      readonly presented: number | null;
      readonly key: string | null;
      /** The row's, before. */
      readonly generation: number;
      readonly verdict: Verdict;
      readonly row: TableRow;
      readonly isLost: boolean;
    }
  | { readonly kind: 'event'; readonly number: number; readonly at: number; readonly act: Act };

export interface Play {
  readonly client: ClientKind;
  /** Milliseconds since the sign-in. */
  readonly now: number;
  readonly found: FoundSession;
  /** The key that made the row's generation; for the eye, since the row keeps only its hash. */
  readonly rowKey: string | null;
  /** Earlier states of the row, for the power cut. */
  readonly past: readonly Pick<Play, 'found' | 'rowKey'>[];
  readonly owner: Holder;
  readonly thief: Holder;
  /** The newest token that was ever made. */
  readonly newest: number;
  readonly keys: number;
  readonly steps: readonly Step[];
}

const NOBODY: Holder = { generation: null, pending: null };

export function begin(client: ClientKind = 'careful'): Play {
  return {
    client,
    now: 0,
    found: fresh(client === 'native' ? 'body' : 'cookie'),
    rowKey: null,
    past: [],
    owner: { generation: 0, pending: null },
    thief: NOBODY,
    newest: 0,
    keys: 0,
    steps: [],
  };
}

export function isOver({ found: { session, user } }: Play): boolean {
  return session.life.kind === 'ended' || session.epoch !== user.epoch;
}

/** How long the grace after the last rotation still lasts. */
export function graceLeftMs({ now, found }: Play): number {
  return found.session.generation === 0 ? 0 : Math.max(0, GRACE_MS - (now - found.session.lastSeenAt));
}

export function can(play: Play, act: Act): boolean {
  const { owner, thief, client } = play;
  switch (act) {
    case 'refresh':
    case 'both-tabs':
    case 'lose-answer':
      return owner.generation !== null && owner.pending === null;
    case 'retry':
      return owner.generation !== null && owner.pending !== null && client !== 'plain';
    case 'retry-without-key':
      return owner.generation !== null && owner.pending !== null;
    case 'logout':
    case 'logout-everywhere':
      return owner.generation !== null && !isOver(play);
    case 'steal':
      return owner.generation !== null && !isOver(play);
    case 'thief-refresh':
    case 'thief-without-key':
      return thief.generation !== null;
    case 'power-cut':
      return play.past.length > 0 && !isOver(play);
    default:
      return true;
  }
}

/** The next play; the same one where the act is not possible. */
export function act(play: Play, what: Act): Play {
  if (!can(play, what)) return play;
  switch (what) {
    case 'refresh':
      return attempt(play, 'owner', freshKey(play));
    case 'both-tabs': {
      const key = freshKey(play);
      const shown = play.owner.generation;
      return present(attempt(play, 'owner', key), 'second tab', { generation: shown, key });
    }
    case 'lose-answer':
      return attempt(play, 'owner', freshKey(play), true);
    case 'retry':
      return attempt(play, 'owner', play.owner.pending?.key ?? null);
    case 'retry-without-key':
      return attempt(play, 'owner', null);
    case 'thief-refresh':
      return attempt(play, 'thief', `t${play.keys + 1}`);
    case 'thief-without-key':
      return attempt(play, 'thief', null);
    case 'thief-guess':
      return present(play, 'thief', { generation: null, key: null });
    default:
      return happen(noted(play, what), what);
  }
}

function happen(play: Play, what: Act): Play {
  const { found, now } = play;
  switch (what) {
    case 'steal':
      return { ...play, thief: { generation: play.owner.generation, pending: null } };
    case 'logout':
      return { ...play, owner: NOBODY, found: ended(found, 'logout', now) };
    case 'logout-everywhere':
      return {
        ...play,
        owner: NOBODY,
        found: { ...found, user: { ...found.user, epoch: found.user.epoch + 1 } },
      };
    case 'power-cut': {
      const kept = Math.max(0, play.past.length - 2);
      const before = play.past[kept] ?? play;
      return { ...play, found: before.found, rowKey: before.rowKey, past: play.past.slice(0, kept) };
    }
    case 'wait-10':
      return { ...play, now: now + 10_000 };
    case 'wait-40':
      return { ...play, now: now + 40_000 };
    default:
      return play;
  }
}

function freshKey({ client, keys }: Play): string | null {
  return client === 'plain' ? null : `k${keys + 1}`;
}

function numberOf(key: string | null): number {
  return Number(key?.slice(1) ?? 0);
}

function attempt(play: Play, who: 'owner' | 'thief', key: string | null, isLost = false): Play {
  return present(play, who, { generation: play[who].generation, key }, isLost);
}

/** Shows a token to the server; `generation` null is a guess, whose tag cannot be right. */
function present(
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

function noted(play: Play, what: Act): Play {
  const step: Step = { kind: 'event', number: play.steps.length + 1, at: play.now, act: what };
  return { ...play, steps: [...play.steps, step] };
}

function ended(found: FoundSession, reason: 'logout' | 'reuse', at: number): FoundSession {
  return { ...found, session: { ...found.session, life: { kind: 'ended', at, reason } } };
}
