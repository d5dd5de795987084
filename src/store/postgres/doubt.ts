/**
 * Whether a transaction happened whose commit was never answered. Its id alone does not tell: a standby that took over
 * may have given the same id to another. So the row is looked for that it wrote to the revocation log, with all that is
 * in it. Called inside the transaction that would do the work again.
 */

import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { RevocationEntry } from '../../entities/revocation.js';
import { revocationRowOf } from '../rows.js';

type Asking = Pick<NodePgDatabase, 'execute'>;

/** Nobody knows whether the transaction happened. */
export class CommitUnknown extends Error {}

/** A row of the log, and the transaction that wrote it. */
export interface LogRow {
  readonly entry: RevocationEntry;
  readonly transaction: string;
}

/** What a transaction came to, if it was committed. */
export interface Made<Result> {
  readonly result: Result;
  readonly rows: readonly LogRow[];
}

/** Whether the attempt whose commit was not answered happened; false, too, where it has left no trace to know it by. */
export async function isDone(tx: Asking, { rows: [row] }: Made<unknown>): Promise<boolean> {
  if (row === undefined) return false;
  const fate = await fateOf(tx, row);
  if (fate === 'still running')
    throw new CommitUnknown('', { cause: new Error('Connection terminated: the commit is still under way') });
  return fate === 'happened';
}

export type Fate = 'happened' | 'did not' | 'still running';

export async function fateOf(tx: Asking, { entry, transaction }: LogRow): Promise<Fate> {
  // Asking for an id of our own makes every id that was given out before a smaller one; of a larger one the server knows
  // nothing, and would call the question an error.
  const status = await tx.execute<{ status: string | null }>(
    sql`select case when ${transaction}::xid8 < pg_current_xact_id() then pg_xact_status(${transaction}::xid8) end as status`,
  );
  if (status.rows[0]?.status === 'in progress') return 'still running';
  // A statement of its own, and so a younger snapshot: what had ended by now is in it.
  const { kind, subject, number } = revocationRowOf(entry.revocation);
  const found = await tx.execute(
    sql`select from revocations where transaction = ${transaction}::xid8 and sequence = ${entry.sequence}
      and at = ${entry.at} and until = ${entry.until} and kind = ${kind} and subject = ${subject} and number = ${number}`,
  );
  return found.rows.length === 1 ? 'happened' : 'did not';
}
