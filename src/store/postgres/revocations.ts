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

const COLUMNS =
  'sequence::float8 as sequence, at::float8 as at, until::float8 as until, kind, subject, number';

/** What the server says of itself; of the snapshot of this very statement. */
const SERVER = `pg_snapshot_xmin(pg_current_snapshot())::text as oldest, pg_is_in_recovery() as recovering,
  (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;

/** One row at least, and one snapshot: the oldest transaction is that of the very reading. */
const READ_ON = {
  name: 'read_log_on',
  text: `select ${SERVER}, ${COLUMNS}
    from (select 1) as always left join revocations on until > $1 and transaction >= $2::xid8 order by sequence`,
};

/** The whole log, page by page in one snapshot, so that none has to be answered in the time that all would take. */
const PAGE = 5_000;
const BEGIN = { text: 'begin isolation level repeatable read, read only' };
const READ_SERVER = { name: 'read_log_server', text: `select ${SERVER}` };
const READ_PAGE = {
  name: 'read_log_page',
  text: `select ${COLUMNS} from revocations where sequence > $1 and until > $2 order by sequence limit ${PAGE}`,
};

interface ServerRow {
  readonly oldest: string;
  readonly recovering: boolean;
  readonly now: number;
}

interface EntryRow {
  readonly sequence: number;
  readonly at: number;
  readonly until: number;
  readonly kind: string;
  readonly subject: string;
  readonly number: number;
}

interface Read {
  readonly server: ServerRow;
  readonly rows: readonly EntryRow[];
}

export function postgresRevocations(connection: Connection): RevocationLog {
  return {
    read: (position, now) =>
      connection.log.use(async (line) => {
        const oldest = transactionOf(position, line);
        const read = oldest === null ? null : await readOn(line, oldest, now);
        // Where the ids have gone back, this is not the server on which the position was made.
        const isSame = read !== null && oldest !== null && BigInt(read.server.oldest) >= BigInt(oldest);
        return readingOf(line, isSame ? read : await readAll(line, now));
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

async function readOn({ client }: LogLine, oldest: string, now: number): Promise<Read> {
  const { rows } = await client.query<ServerRow & EntryRow>({ ...READ_ON, values: [now, oldest] });
  const server = primary(rows[0]);
  // Where there is nothing new, the one row has nothing of an entry.
  return { server, rows: rows.filter(({ sequence }) => sequence !== null) };
}

async function readAll({ client }: LogLine, now: number): Promise<Read> {
  await client.query(BEGIN);
  const server = primary((await client.query<ServerRow>(READ_SERVER)).rows[0]);
  const all: EntryRow[] = [];
  for (let full = true; full; ) {
    const { rows } = await client.query<EntryRow>({
      ...READ_PAGE,
      values: [all.at(-1)?.sequence ?? -1, now],
    });
    for (const row of rows) all.push(row);
    full = rows.length === PAGE;
  }
  await client.query('commit');
  return { server, rows: all };
}

/** A primary that has become a standby would be read without an error, and never tell anything new. */
function primary(row: ServerRow | undefined): ServerRow {
  if (row === undefined || row.recovering)
    throw new Unavailable('The revocation log is read from the primary only.');
  return row;
}

function readingOf({ number }: LogLine, { server, rows }: Read): LogReading {
  return {
    entries: rows.map(revocationEntryOf),
    position: `${number}:${server.oldest}`,
    now: server.now,
  };
}
