/**
 * Brings one table of the target to what the source has: both sides sum up the same range of keys, and only where the
 * sums differ are rows looked at, sent and removed; then the target sums up again. So a pass that is repeated sends
 * nothing that is there, a pass that was cut short is made good by the next, and what a pass leaves is verified.
 */

import { createHash } from 'node:crypto';
import type { Table } from './plan.js';
import {
  type Bound,
  type Mended,
  type Range,
  type Selection,
  type Source,
  type SourceRow,
  type Summary,
  summaryOf,
} from './source.js';
import type { Target } from './target.js';

export interface Difference {
  /** Rows of the source. */
  rows: number;
  /** Rows that were sent, or would be. */
  sent: number;
  /** Rows of the target that are gone at the source, and were removed, or would be. */
  removed: number;
  readonly mended: Mended[];
}

export interface Pass {
  readonly source: Source;
  readonly target: Target;
  /** False: only looks. */
  readonly writes: boolean;
  readonly rowsAtOnce: number;
  /** Called after each range with the rows it had; whatever it throws ends the pass. */
  readonly onRange: (table: Table, rows: number) => void;
}

/** The target has not become what was sent to it. */
export class CopyDiffers extends Error {
  override name = 'CopyDiffers';
}

/** Ranges that the target sums up while the source is read on. */
const AHEAD = 4;
/** How often a table may be gone through because rows made way for others. */
const ROUNDS = 3;

export async function reconcile(pass: Pass, table: Table): Promise<Difference> {
  const total: Difference = { rows: 0, sent: 0, removed: 0, mended: [] };
  for (let round = 1; ; round++) {
    const { difference, displaced } = await once(pass, table);
    total.rows = difference.rows;
    total.sent += difference.sent;
    total.removed += difference.removed + displaced;
    total.mended.push(...difference.mended);
    if (displaced === 0 || !pass.writes) return total;
    if (round === ROUNDS) throw new CopyDiffers(`${table.name}: rows make way for each other without end`);
  }
}

async function once(pass: Pass, table: Table): Promise<{ difference: Difference; displaced: number }> {
  const difference: Difference = { rows: 0, sent: 0, removed: 0, mended: [] };
  const waiting: { range: Range; ours: Summary; theirs: Promise<Summary> }[] = [];
  let displaced = 0;

  async function settleOldest(): Promise<void> {
    const oldest = waiting.shift();
    if (oldest === undefined) return;
    const { range, ours } = oldest;
    const theirs = await oldest.theirs;
    let rows = ours.count;
    if (ours.digest !== theirs.digest || ours.count !== theirs.count) {
      const mended = await mend(pass, table, range, theirs.count);
      rows = mended.rows;
      displaced += mended.displaced;
      difference.sent += mended.sent;
      difference.removed += mended.removed;
      difference.mended.push(...mended.mended);
    }
    difference.rows += rows;
    pass.onRange(table, rows);
  }

  try {
    let after: Bound = null;
    do {
      const { range, summary } = pass.source.next(table, after, pass.rowsAtOnce);
      const theirs = pass.target.summary(table, range);
      // Its failure is noticed when its turn comes.
      theirs.catch(() => {});
      waiting.push({ range, ours: summary, theirs });
      after = range.upTo;
      if (waiting.length === AHEAD) await settleOldest();
    } while (after !== null);
    while (waiting.length > 0) await settleOldest();
  } finally {
    await Promise.allSettled(waiting.map(({ theirs }) => theirs));
  }
  return { difference, displaced };
}

/** The same for some rows only, whose keys are known. */
export async function reconcileKeys(pass: Pass, table: Table, keys: readonly Bound[]): Promise<Difference> {
  const { displaced, ...difference } = await mend(pass, table, { keys }, keys.length);
  pass.onRange(table, keys.length);
  return { ...difference, removed: difference.removed + displaced };
}

/** Brings some rows to what the source has now, and verifies them. */
async function mend(
  { source, target, writes }: Pass,
  table: Table,
  selection: Selection,
  theirCount: number,
): Promise<Difference & { displaced: number }> {
  const ours = source.rows(table, selection);
  const theirs = theirCount === 0 ? [] : await target.rows(table, selection);
  const hashes = new Map(theirs.map(({ name, hash }) => [name, hash]));
  const names = new Set(ours.map(nameOf));
  const missing = ours.filter((row) => hashes.get(nameOf(row)) !== hashOf(row));
  const stale = new Set(missing.map(nameOf).filter((name) => hashes.has(name)));
  const gone = theirs.filter(({ name }) => !names.has(name));
  const removed = [...gone, ...theirs.filter(({ name }) => stale.has(name))].map(({ key }) => key);
  const outcome = {
    rows: ours.length,
    sent: missing.length,
    removed: gone.length,
    mended: missing.flatMap((row) => source.mendedIn(table, row)),
    displaced: 0,
  };
  if (!writes || (missing.length === 0 && removed.length === 0)) return outcome;
  outcome.displaced = await target.apply(table, removed, missing);
  const expected = summaryOf(ours.map(({ text }) => text));
  const found = await target.summary(table, selection);
  if (found.count !== expected.count || found.digest !== expected.digest) {
    const counts = `${found.count} rows there, ${expected.count} here`;
    throw new CopyDiffers(`${table.name}: what was written is not what was sent (${counts})`);
  }
  return outcome;
}

/** Of its key. */
function nameOf({ text }: SourceRow): string {
  const end = text.indexOf('|');
  return end === -1 ? text : text.slice(0, end);
}

function hashOf({ text }: SourceRow): string {
  return createHash('sha256').update(text).digest('hex');
}
