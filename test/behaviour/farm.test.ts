/**
 * A farm on one PostgreSQL, and everything that can happen to it at once: nodes killed, connections to the log broken,
 * the database hung, feeds cut. The same as `npm run farm`, which goes on for two minutes; here for as long as a test
 * may take.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChaosReport, chaosLines } from '../../lab/harness/farm/chaos.js';
import { MAX_STALENESS_MS, runFarm } from '../../lab/harness/farm/run.js';

const SECONDS = 14;

describe('4 nodes and 3 verifiers on one PostgreSQL, while nodes are killed, the log is cut off and the database hangs', () => {
  let folder: string;
  let report: ChaosReport;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counterfoil-farm-'));
    report = await runFarm({
      folder,
      nodes: 4,
      verifiers: ['refuse', 'introspect', 'refuse'],
      seconds: SECONDS,
      owners: 8,
      lanes: 2,
      everyMs: 1_000,
      pauseMs: 6_500,
      say: () => {},
    });
    process.stdout.write(`${chaosLines(report).join('\n')}\n`);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sign out nobody without a reason', () => {
    expect(report.refreshes).toBeGreaterThan(0);
    expect(report.signedOut).toEqual([]);
  });

  it('accept no revoked token anywhere later than maxStaleness after the mutation had answered', () => {
    expect(report.loggedOut).toBeGreaterThan(0);
    expect(report.tries).toBeGreaterThan(report.loggedOut);
    expect(report.lag.certainMax).toBeLessThanOrEqual(MAX_STALENESS_MS);
  });

  it('have been disturbed in each way', () => {
    for (const [way, count] of Object.entries(report.disturbances)) expect(count, way).toBeGreaterThan(0);
  });
});
