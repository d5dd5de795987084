/** Results in words, for a terminal. */

import type { PostgresResults } from './results.js';

export function told({ operations, sizes, lag, feed, work, quick }: PostgresResults): string {
  const round = (value: number | null) => (value === null ? '' : String(Number(value.toPrecision(3))));
  const lines = [
    quick ? 'A quick run: these figures mean little.' : '',
    'operation, store: µs, database CPU µs, statements, round trips, WAL bytes',
    ...operations
      .filter((row) => row.round === 0)
      .map((row) =>
        [
          `  ${row.operation}, ${row.store}:`,
          ...[row.microseconds, row.serverMicroseconds, row.statements, row.roundTrips, row.walBytes].map(
            round,
          ),
        ].join('  '),
      ),
    'bytes a row:',
    ...sizes.map(
      ({ table, state, rows, tableBytes, indexBytes }) =>
        `  ${table}, ${state}: ${Math.round((tableBytes + indexBytes) / rows)}`,
    ),
    'the feed, µs a consumer:',
    ...feed.map(
      (row) =>
        `  piece ${round(row.pieceMicroseconds)}, event ${round(row.eventMicroseconds)}, heartbeat ${round(row.heartbeatMicroseconds)}`,
    ),
    lag === null ? '' : `lag: p50 ${round(lag.p50)} ms, p99 ${round(lag.p99)} ms, most ${round(lag.max)} ms`,
    'work, µs:',
    ...work.map((row) => `  ${row.work}: ${round(row.microseconds)}`),
  ];
  return lines.filter((line) => line !== '').join('\n');
}
