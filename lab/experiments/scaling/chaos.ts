/**
 * The farm of `lab/harness/farm`: hybrid nodes and verifiers on one PostgreSQL, while nodes are killed, connections to
 * the log are broken, the database hangs and feeds are cut. Whether it kept its promises is for the reading to say.
 */

import type { Bench } from '../../harness/experiment.js';
import { MAX_STALENESS_MS, runFarm } from '../../harness/farm/run.js';
import type { Factor, Observation } from '../../harness/observation.js';

const NODES = 4;
const VERIFIERS = ['refuse', 'introspect', 'refuse'] as const;
const PLANS = {
  quick: { seconds: 15, owners: 4, lanes: 2, everyMs: 800, pauseMs: 2_500, calmMs: 2_500 },
  full: { seconds: 120, owners: 16, lanes: 3, everyMs: 3_000, pauseMs: 7_000 },
} as const;

export async function measureChaos({ plan, folder, say }: Bench): Promise<Observation[]> {
  const report = await runFarm({ folder, say, nodes: NODES, verifiers: VERIFIERS, ...PLANS[plan.mode] });
  const observations: Observation[] = [];
  const note = (metric: string, unit: string, value: Factor, factors: Observation['factors'] = {}) =>
    observations.push({ metric, unit, model: 'hybrid', factors, round: 0, value });
  note('chaos nodes', '', NODES);
  note('chaos verifiers', '', VERIFIERS.length);
  note('chaos lasted', 's', report.seconds);
  note('chaos promised', 'ms', MAX_STALENESS_MS);
  for (const [what, count] of Object.entries(report.disturbances))
    note('chaos disturbances', '', count, { what });
  note('chaos refreshes', '', report.refreshes);
  note('chaos views', '', report.views);
  note('chaos interrupted', '', report.interrupted);
  note('chaos signed out', '', report.signedOut.length);
  note('chaos logged out', '', report.loggedOut);
  note('chaos tries', '', report.tries);
  const { p50, p99, max, certainMax, histogram } = report.lag;
  for (const [of, value] of Object.entries({ p50, p99, max, 'certain max': certainMax }))
    note('chaos lag', 'ms', value, { of });
  // JSON has no word for the last edge.
  for (const { upTo, count } of histogram)
    note('chaos tokens', '', count, { upTo: Number.isFinite(upTo) ? upTo : 'later' });
  return observations;
}
