/** From the raw results of `npm run bench:postgres` to single figures: the medians of the rounds. */

import type { PostgresResults } from '../../bench/postgres/results.js';
import { summarise } from '../harness/statistics.js';

export type Column =
  | 'microseconds'
  | 'clientMicroseconds'
  | 'serverMicroseconds'
  | 'statements'
  | 'roundTrips'
  | 'walBytes';

/** Null where it was not measured. */
export function costOf(
  results: PostgresResults | null,
  operation: string,
  column: Column,
  store: 'postgres' | 'sqlite' = 'postgres',
): number | null {
  const rows = (results?.operations ?? []).filter(
    (row) => row.operation === operation && row.store === store,
  );
  return median(rows.map((row) => row[column]));
}

export function workOf(results: PostgresResults | null, work: string): number | null {
  return median((results?.work ?? []).filter((row) => row.work === work).map((row) => row.microseconds));
}

export function feedCost(
  results: PostgresResults | null,
  column: 'pieceMicroseconds' | 'eventMicroseconds' | 'heartbeatMicroseconds',
): number | null {
  return median((results?.feed ?? []).map((row) => row[column]));
}

/** Bytes of one row, its part of the indexes included; of the states, the greatest. */
export function bytesOf(results: PostgresResults | null, table: string): number | null {
  const sizes = (results?.sizes ?? []).filter((size) => size.table === table);
  if (sizes.length === 0) return null;
  return Math.max(...sizes.map(({ rows, tableBytes, indexBytes }) => (tableBytes + indexBytes) / rows));
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : summarise(known).median;
}
