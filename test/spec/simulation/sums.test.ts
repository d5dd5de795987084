/** The sums of `docs/scaling.md`: arithmetic that can be done by hand, and nothing where nothing was measured. */

import { describe, expect, it } from 'vitest';
import type { OperationCost, PostgresResults } from '../../../bench/postgres/results.js';
import { ASSUMPTIONS, ratesOf, sumsOf, sumsTable } from '../../../lab/simulation/sums.js';

const cost = (operation: string, serverMicroseconds: number, walBytes: number): OperationCost => ({
  operation,
  store: 'postgres',
  round: 0,
  times: 1,
  microseconds: 100,
  clientMicroseconds: 100,
  serverMicroseconds,
  statements: 1,
  roundTrips: 1,
  walBytes,
});
const RESULTS = {
  operations: [
    cost('find', 50, 0),
    cost('rotate', 100, 200),
    cost('count an attempt', 50, 40),
    cost('begin', 500, 1_000),
    cost('end', 1_000, 1_000),
    cost('read the log, idle', 100, 0),
  ],
  sizes: [{ table: 'sessions', state: 'as written', rows: 10, tableBytes: 3_000, indexBytes: 1_000 }],
  feed: [],
  work: [],
} as unknown as PostgresResults;

describe('the sums', () => {
  it('have a refresh for each session in use and each mean lifetime of an access token', () => {
    const { active, refreshes } = ratesOf(1e6);
    expect(active).toBe(1e5);
    expect(refreshes).toBeCloseTo(1e5 / 292.5, 6);
  });

  it('grow with the number of sessions and with nothing else', () => {
    const [small, large] = [sumsOf(1e6, RESULTS), sumsOf(1e8, RESULTS)];
    expect(large.walBytes).toBeCloseTo(100 * (small.walBytes ?? 0), 3);
    expect(large.sessionBytes).toBe(1e8 * 400);
  });

  it('are the costs of all that is done in a second, used to the stated share', () => {
    const { refreshes, logins, logouts, databaseCores } = sumsOf(1e8, RESULTS);
    const microseconds = refreshes * (50 + 100 + 50) + logins * 500 + logouts * 1_000;
    expect(databaseCores).toBeCloseTo(microseconds / 1e6 / ASSUMPTIONS.headroom, 6);
  });

  it('write no more full pages between two checkpoints than there are pages', () => {
    const { fullPageBytes, sessionBytes } = sumsOf(1e9, RESULTS);
    expect(fullPageBytes).toBeLessThanOrEqual((sessionBytes ?? 0) / ASSUMPTIONS.checkpointSeconds);
    expect(fullPageBytes).toBeGreaterThan(0);
  });

  it('say what was not measured, and make nothing of it', () => {
    const cells = sumsTable(null).rows.flatMap((row) => row.slice(1));
    expect(cells).toContain('not measured');
    expect(cells.filter((cell) => /NaN|Infinity|null|undefined/.test(cell))).toEqual([]);
    expect(sumsOf(1e6, RESULTS).nodes).toBeNull();
  });
});
