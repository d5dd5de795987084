/**
 * `npm run farm`: nodes and verifiers on one PostgreSQL, with everything done to them that can happen. Exit codes: 0 all
 * promises held, 1 one did not, 2 asked wrongly.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { brokenPromises, chaosLines } from './harness/farm/chaos.js';
import type { WhenStale } from './harness/farm/farm.js';
import { MAX_STALENESS_MS, runFarm } from './harness/farm/run.js';

interface Options {
  readonly seconds: number;
  readonly nodes: number;
  readonly verifiers: number;
  readonly owners: number;
  readonly lanes: number;
  readonly every: number;
  readonly pause: number;
  readonly json?: true;
}

const POLICIES: readonly WhenStale[] = ['refuse', 'introspect'];

function atLeast(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < least) throw new InvalidArgumentError(`must be ${least} or more`);
    return value;
  };
}

const command = new Command('farm')
  .description('Runs a farm on one PostgreSQL under load, disturbs it, and says whether every promise held.')
  .option('--seconds <n>', 'how long to disturb it', atLeast(5), 120)
  .option('--nodes <n>', 'server processes', atLeast(1), 4)
  .option(
    '--verifiers <n>',
    'processes with counterfoil/verify; every second one introspects when stale',
    atLeast(0),
    3,
  )
  .option('--owners <n>', 'honest clients who refresh and ask', atLeast(1), 16)
  .option('--lanes <n>', 'people at a time who log out', atLeast(1), 3)
  .option('--every <seconds>', 'between two disturbances', atLeast(0.1), 3)
  .option('--pause <seconds>', 'how long the database hangs at most', atLeast(0), 7)
  .option('--json', 'answer with JSON')
  .addHelpText('after', '\nExit codes: 0 all promises held, 1 one did not, 2 asked wrongly.')
  .exitOverride();

async function main(options: Options): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-farm-'));
  try {
    const report = await runFarm({
      folder,
      nodes: options.nodes,
      verifiers: Array.from(
        { length: options.verifiers },
        (_, n) => POLICIES[n % POLICIES.length] ?? 'refuse',
      ),
      seconds: options.seconds,
      owners: options.owners,
      lanes: options.lanes,
      everyMs: options.every * 1000,
      pauseMs: options.pause * 1000,
      say: (what) => process.stderr.write(`${what}\n`),
    });
    const broken = brokenPromises(report, MAX_STALENESS_MS);
    const lines = options.json
      ? [JSON.stringify({ ...report, latest: undefined, broken }, null, 2)]
      : [...chaosLines(report), ...(broken.length === 0 ? ['every promise held'] : broken)];
    process.stdout.write(`${lines.join('\n')}\n`);
    return broken.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(command.parse().opts<Options>());
} catch (fault) {
  if (!(fault instanceof CommanderError)) throw fault;
  process.exitCode = fault.exitCode === 0 ? 0 : 2;
}
