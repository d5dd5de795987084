/** The state of a play about one session: who holds which token, the row on the server, and what has been done so far. */

import type { Verdict } from '../../../../src/session/judge.js';
import type { TableRow } from './rotation-table.js';
import type { FoundSession } from './simulated-row.js';

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

export interface Holder {
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

/** Who has no token any more. */
export const NOBODY: Holder = { generation: null, pending: null };
