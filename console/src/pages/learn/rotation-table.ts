/** The verdict table of refresh tokens, row by row, and which row a presentation fell into. Pure. */

import type { Presented, Verdict } from '../../../../src/session/judge.js';

export type VerdictKind = Verdict['kind'];

export interface TableRow {
  readonly id: 'forged' | 'ended' | 'present' | 'same-attempt' | 'grace' | 'old' | 'ahead';
  /** `p` is the generation of the token shown, `g` the row's. */
  readonly when: string;
  readonly verdict: VerdictKind;
  readonly effect: string;
  readonly why: string;
}

export const TABLE: readonly TableRow[] = [
  {
    id: 'forged',
    when: 'unreadable, or the tag is not ours',
    verdict: 'invalid',
    effect: 'refused; nothing changes',
    why: 'Anybody can send garbage. If it ended sessions, anybody could log anybody out.',
  },
  {
    id: 'ended',
    when: 'the session is over: logged out, expired, or of a past epoch',
    verdict: 'ended',
    effect: 'refused; nothing changes',
    why: 'Logging out wins over every excuse below.',
  },
  {
    id: 'present',
    when: 'p = g',
    verdict: 'rotate',
    effect: 'a new pair; the row goes to g + 1',
    why: 'The newest token, shown for the first time: the ordinary case.',
  },
  {
    id: 'same-attempt',
    when: 'p = g − 1, with the key that made g',
    verdict: 'replay',
    effect: 'token g once more, however late',
    why: 'The same attempt under its own name: the answer was lost, or another tab was faster. No thief knows that name.',
  },
  {
    id: 'grace',
    when: 'p = g − 1, without a key, within 30 s, from a plain client',
    verdict: 'replay',
    effect: 'token g once more',
    why: 'Two tabs of a simple client that refreshed at once. Both get a token that works.',
  },
  {
    id: 'old',
    when: 'p = g − 1 otherwise, or p < g − 1',
    verdict: 'reuse',
    effect: 'the session ends for everybody',
    why: 'A used ticket, shown again by somebody who is not repeating a request. Two hold copies, and nobody can say which of them is you.',
  },
  {
    id: 'ahead',
    when: 'p > g, and the tag is ours',
    verdict: 'rotate',
    effect: 'a new pair; the row goes to p + 1',
    why: 'The token is real and the row is behind: the database lost its last writes. Nobody is logged out for that.',
  },
];

/** Which row it was. The verdict is the judge's own; this only finds its reason again. */
export function rowOf(verdict: Verdict, presented: Presented, generation: number): TableRow {
  const id = idOf(verdict, presented, generation);
  const row = TABLE.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

function idOf(verdict: Verdict, presented: Presented, generation: number): TableRow['id'] {
  switch (verdict.kind) {
    case 'invalid':
      return 'forged';
    case 'ended':
      return 'ended';
    case 'reuse':
      return 'old';
    case 'replay':
      return presented.kind === 'readable' && presented.keyHash !== null ? 'same-attempt' : 'grace';
    case 'rotate':
      return presented.kind === 'readable' && presented.generation > generation ? 'ahead' : 'present';
  }
}
