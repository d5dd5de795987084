/**
 * The command: measures what operations cost on PostgreSQL and SQLite, what the feed costs a node, and how long a
 * revocation takes to verifiers. Exit codes: 0 done, 1 something could not be measured, 2 asked wrongly.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { currentCommit } from '../../lab/harness/commit.js';
import { thisMachine } from '../../lab/harness/machine.js';
import { pinned } from '../../lab/harness/pinned.js';
import type { Progress } from '../../lab/harness/progress.js';
import { REPOSITORY } from '../../lab/harness/server.js';
import { startCluster } from './cluster.js';
import { measure, type Sizes } from './figures.js';
import { type PostgresResults, writePostgresResults } from './results.js';
import { told } from './told.js';

export interface Console {
  out(text: string): void;
  err(text: string): void;
  readonly progress: Progress;
}

interface Options {
  readonly quick?: boolean;
  readonly rounds?: number;
  readonly json?: string;
  readonly build: boolean;
}

const FULL: Sizes = {
  rounds: 5,
  users: 500,
  times: 2_000,
  rows: 200_000,
  consumers: 200,
  seconds: 5,
  logouts: 200,
};
const QUICK: Sizes = { rounds: 1, users: 20, times: 60, rows: 5_000, consumers: 20, seconds: 1, logouts: 15 };

const HELP = `
Starts a PostgreSQL of its own, on loopback and in a temporary folder, and removes it afterwards.

Examples:
  npm run bench:postgres -- --quick
  npm run bench:postgres -- --json bench/results-postgres.json
  npm run simulate -- --published && npm run simulate -- --report

Nothing else should run meanwhile. Exit codes: 0 done, 1 something could not be measured, 2 asked wrongly.`;

export async function runPostgresBench(argv: readonly string[], console: Console): Promise<number> {
  const program = new Command('npm run bench:postgres --')
    .description('Measures what operations, rows and the feed cost on PostgreSQL, with SQLite beside it.')
    .option('--quick', 'only see that it works: small sizes, one round; its figures mean little')
    .option(
      '--rounds <number>',
      `how often each figure is measured (${FULL.rounds}; ${QUICK.rounds} with --quick)`,
      count,
    )
    .option(
      '--json <file>',
      'also write the raw results there; docs/scaling.md is made of bench/results-postgres.json',
    )
    .option('--no-build', 'measure dist/main.js as it is, in place of building it first')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text) })
    .exitOverride();
  try {
    program.parse([...argv]);
    return await obey(program.opts<Options>(), console);
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    console.err(`${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
    return 1;
  }
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw new InvalidArgumentError('must be a number from 1 to 100.');
  return number;
}

async function obey(
  { quick = false, rounds, json, build }: Options,
  { out, progress }: Console,
): Promise<number> {
  if (build) execFileSync(process.execPath, ['build.mjs'], { cwd: REPOSITORY, stdio: 'inherit' });
  const plan = { ...(quick ? QUICK : FULL), ...(rounds === undefined ? {} : { rounds }) };
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', forget);
  const cluster = await startCluster();
  try {
    const figures = await measure(cluster, folder, plan, progress);
    const results: PostgresResults = {
      at: new Date().toISOString(),
      commit: currentCommit(REPOSITORY),
      machine: thisMachine(sqliteVersion()),
      postgres: cluster.version,
      quick,
      rounds: plan.rounds,
      pinned,
      ...figures,
    };
    if (json !== undefined) writePostgresResults(json, results);
    out(`${told(results)}\n`);
    return 0;
  } finally {
    await cluster.end();
    forget();
    process.off('exit', forget);
  }
}

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('select sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
