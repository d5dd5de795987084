/** Short stories for the simulator, each ending in the verdict that it is told for. A test plays them all. */

import type { Act, ClientKind } from './play.js';
import type { VerdictKind } from './rotation-table.js';

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What is to be seen. */
  readonly moral: string;
  readonly client: ClientKind;
  readonly acts: readonly Act[];
  readonly ends: VerdictKind;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'two-tabs',
    title: 'Two tabs at once',
    moral: 'Exactly one of them rotates, and both get the same successor. Nobody is logged out.',
    client: 'careful',
    acts: ['refresh', 'both-tabs'],
    ends: 'replay',
  },
  {
    id: 'lost-answer',
    title: 'A lost answer',
    moral:
      'The server had rotated, and the client never heard. The name of the attempt tells it from a thief, however late.',
    client: 'careful',
    acts: ['refresh', 'lose-answer', 'wait-40', 'retry'],
    ends: 'replay',
  },
  {
    id: 'stolen',
    title: 'A stolen token',
    moral:
      'The thief comes second and shows a used ticket. That gives the copy away, and the session ends for both.',
    client: 'careful',
    acts: ['refresh', 'steal', 'refresh', 'thief-refresh'],
    ends: 'reuse',
  },
  {
    id: 'thief-first',
    title: 'The thief comes first',
    moral:
      'The thief gets tokens that work, until you refresh. Then your ticket is the used one, and both are out.',
    client: 'careful',
    acts: ['steal', 'thief-refresh', 'wait-40', 'refresh'],
    ends: 'reuse',
  },
  {
    id: 'logout-wins',
    title: 'Logout wins over grace',
    moral:
      'Without the logout, this repetition within 30 s would have been answered. What has ended stays ended.',
    client: 'plain',
    acts: ['steal', 'refresh', 'logout', 'thief-without-key'],
    ends: 'ended',
  },
  {
    id: 'power-cut',
    title: 'A restored backup',
    moral:
      'The ticket says 3, the row says 1, and the tag is real: the database forgot, and nobody pays for it.',
    client: 'careful',
    acts: ['refresh', 'refresh', 'refresh', 'power-cut', 'refresh'],
    ends: 'rotate',
  },
  {
    id: 'thief-in-grace',
    title: 'A thief within the grace',
    moral:
      'The honest limit: for 30 s a thief without a key passes for a second tab. It lasts until the two refresh again.',
    client: 'plain',
    acts: [
      'steal',
      'refresh',
      'wait-10',
      'thief-without-key',
      'wait-40',
      'refresh',
      'wait-40',
      'thief-without-key',
    ],
    ends: 'reuse',
  },
  {
    id: 'garbage',
    title: 'Guessing',
    moral: 'A made-up token has no right tag. It is refused, and you do not even notice.',
    client: 'careful',
    acts: ['refresh', 'thief-guess', 'refresh', 'thief-guess'],
    ends: 'invalid',
  },
];
