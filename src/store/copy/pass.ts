/** One pass: every table of the plan, in order, brought to what the source has. */

import type { Watch } from '../sqlite/changes.js';
import type { Connection } from '../sqlite/connection.js';
import type { CopyProgress, CopyReport, CopyRequest, TableReport } from './order.js';
import { TABLES, type Table } from './plan.js';
import { CopyDiffers, type Difference, reconcile, reconcileKeys } from './reconcile.js';
import { Source } from './source.js';
import type { Target } from './target.js';

/** Both sides, open, and what was asked. */
export interface Sides {
  readonly request: CopyRequest;
  readonly connection: Connection;
  readonly target: Target;
}

export interface PassOptions {
  readonly stage: CopyProgress['stage'];
  /** False: only looks. */
  readonly writes: boolean;
  /** Called after each range; whatever it throws ends the pass. */
  readonly onRange?: () => void;
}

/** Enough that what a round trip costs does not show, and few enough for one statement. */
const ROWS_AT_ONCE = 2_000;

function rowsAtOnce({ request }: Sides): number {
  return request.rowsAtOnce ?? ROWS_AT_ONCE;
}

export async function pass(sides: Sides, { stage, writes, onRange }: PassOptions): Promise<CopyReport> {
  const source = new Source(sides.connection.raw);
  const of = TABLES.reduce((sum, table) => sum + source.count(table), 0);
  let rows = 0;
  const step = {
    source,
    target: sides.target,
    writes,
    rowsAtOnce: rowsAtOnce(sides),
    onRange: ({ name }: Table, more: number) => {
      rows += more;
      sides.request.onProgress({ stage, table: name, rows, of });
      onRange?.();
    },
  };
  const found: [Table, Difference][] = [];
  for (const table of TABLES) found.push([table, await reconcile(step, table)]);
  return {
    tables: found.map(([{ name }, { rows, sent, removed }]) => ({ table: name, rows, sent, removed })),
    mended: found.flatMap(([, { mended }]) => mended),
  };
}

/** A pass over what has changed since the watch began, or since the last such pass. */
export async function passOfChanges(sides: Sides, watch: Watch, options: PassOptions): Promise<CopyReport> {
  const source = new Source(sides.connection.raw);
  const of = watch.count();
  let done = 0;
  const step = {
    source,
    target: sides.target,
    writes: true,
    rowsAtOnce: rowsAtOnce(sides),
    onRange: ({ name }: Table, rows: number) => {
      done += rows;
      sides.request.onProgress({ stage: options.stage, table: name, rows: done, of });
      options.onRange?.();
    },
  };
  const found: [Table, Difference][] = [];
  for (const table of TABLES) {
    // As many as there were: those that come meanwhile are for the next pass.
    const keys = watch.take(table.name);
    for (let from = 0; from < keys.length; from += step.rowsAtOnce) {
      const difference = await reconcileKeys(step, table, keys.slice(from, from + step.rowsAtOnce));
      found.push([table, difference]);
    }
  }
  return {
    tables: found.map(([{ name }, { rows, sent, removed }]) => ({ table: name, rows, sent, removed })),
    mended: found.flatMap(([, { mended }]) => mended),
  };
}

/** Throws unless every table has as many rows on either side. */
export async function compareCounts({ connection, target }: Sides): Promise<Map<string, number>> {
  const source = new Source(connection.raw);
  const counts = new Map<string, number>();
  for (const table of TABLES) {
    const ours = source.count(table);
    const theirs = await target.count(table);
    if (ours !== theirs) throw new CopyDiffers(`${table.name}: ${theirs} rows there, ${ours} here`);
    counts.set(table.name, ours);
  }
  return counts;
}

/** What all passes sent together, of the rows that there are in the end. */
export function together(counts: ReadonlyMap<string, number>, reports: readonly CopyReport[]): CopyReport {
  const tables = TABLES.map(({ name }): TableReport => {
    const parts = reports.flatMap(({ tables }) => tables.filter(({ table }) => table === name));
    const sum = (field: 'sent' | 'removed') => parts.reduce((total, part) => total + part[field], 0);
    return { table: name, rows: counts.get(name) ?? 0, sent: sum('sent'), removed: sum('removed') };
  });
  return { tables, mended: reports.flatMap(({ mended }) => mended) };
}

export function messageOf(fault: unknown): string {
  if (fault instanceof AggregateError) return fault.errors.map(messageOf).join('; ');
  return fault instanceof Error ? fault.message : String(fault);
}
