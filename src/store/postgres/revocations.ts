/**
 * The revocation log on PostgreSQL. Transactions commit in another order than that in which they took their numbers, so
 * a reader does not go on from the last number it saw. A position is the oldest transaction that had not ended when the
 * reading was made: whatever older ones wrote was there to be read, and what any other wrote is read next time (again,
 * where it was there already). No clock takes part, and no guess of how long a transaction may stay open.
 */

import { asc, inArray, lte } from 'drizzle-orm';
import { revocations } from '../../../schema/postgres.js';
import { Unavailable } from '../../entities/unavailable.js';
import type { LogReading, RevocationLog } from '../ports/revocations.js';
import { revocationEntryOf } from '../rows.js';
import type { Connection } from './connection.js';
import type { LogLine } from './log-connection.js';

/** One row at least, and one snapshot: the oldest transaction is that of the very reading. */
const reading = (condition: string) => `
  select pg_snapshot_xmin(pg_current_snapshot())::text as oldest, pg_is_in_recovery() as recovering,
    sequence::float8 as sequence, at::float8 as at, until::float8 as until, kind, subject, number
  from (select 1) as always left join revocations on until > $1 ${condition}
  order by sequence`;
const READ_ALL = { name: 'read_log', text: reading('') };
const READ_ON = { name: 'read_log_on', text: reading('and transaction >= $2::xid8') };

interface Row {
  readonly oldest: string;
  readonly recovering: boolean;
  readonly sequence: number | null;
  readonly at: number;
  readonly until: number;
  readonly kind: string;
  readonly subject: string;
  readonly number: number;
}

export function postgresRevocations(connection: Connection): RevocationLog {
  return {
    read: (position, now) =>
      connection.log.use(async (line) => {
        const oldest = transactionOf(position, line);
        const rows = oldest === null ? await ask(line, null, now) : await ask(line, oldest, now);
        // The ids have gone back: this is not the server on which the position was made.
        const ran = oldest !== null && BigInt(rows[0]?.oldest ?? 0) < BigInt(oldest);
        return readingOf(line, ran ? await ask(line, null, now) : rows);
      }),

    subscribe: (listener) => {
      const own = connection.subscribe((entries) => listener({ kind: 'entries', entries }));
      const others = connection.log.onHint(() => listener({ kind: 'look' }));
      return () => {
        own();
        others();
      };
    },

    // Along the primary key, and by no index on `until`, which the reading would be led to, too. What is alive, and so
    // passed over, is no more than every node holds in memory.
    prune: (now, limit) =>
      connection.durably({ repeatable: true }, async (tx) => {
        const dead = tx
          .select({ sequence: revocations.sequence })
          .from(revocations)
          .where(lte(revocations.until, now))
          .orderBy(asc(revocations.sequence))
          .limit(limit);
        const { rowCount } = await tx.delete(revocations).where(inArray(revocations.sequence, dead));
        return rowCount ?? 0;
      }),
  };
}

/** The transaction of a position that was made on this connection; null for any other, which is good for nothing. */
function transactionOf(position: string | null, { number }: LogLine): string | null {
  const [made, transaction] = position?.split(':') ?? [];
  return made === String(number) && transaction !== undefined ? transaction : null;
}

async function ask({ client }: LogLine, oldest: string | null, now: number): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    oldest === null ? { ...READ_ALL, values: [now] } : { ...READ_ON, values: [now, oldest] },
  );
  // A primary that has become a standby would be read without an error, and never tell anything new.
  if (rows[0] === undefined || rows[0].recovering)
    throw new Unavailable('The revocation log is read from the primary only.');
  return rows;
}

function readingOf({ number }: LogLine, rows: readonly Row[]): LogReading {
  const entries = rows.flatMap((row) =>
    row.sequence === null ? [] : [revocationEntryOf({ ...row, sequence: row.sequence })],
  );
  return { entries, position: `${number}:${rows[0]?.oldest ?? '0'}` };
}
