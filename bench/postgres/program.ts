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
import pg from 'pg';
import { currentCommit } from '../../lab/harness/commit.js';
import { thisMachine } from '../../lab/harness/machine.js';
import { pinned } from '../../lab/harness/pinned.js';
import type { Progress } from '../../lab/harness/progress.js';
import { REPOSITORY } from '../../lab/harness/server.js';
import { registerMany } from '../signed-in.js';
import { type Cluster, startCluster } from './cluster.js';
import { operationCosts } from './costs.js';
import { feedCosts } from './feed.js';
import { feedLag } from './lag.js';
import { credentials, folderOf, startNodeOn } from './nodes.js';
import { type PostgresResults, type WorkCost, writePostgresResults } from './results.js';
import { sizesOf } from './sizes.js';
import { staleCosts } from './stale.js';
import { hashing, requests, signatures } from './work.js';

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

type Figures = Pick<PostgresResults, 'operations' | 'sizes' | 'hotRotations' | 'feed' | 'lag' | 'work'>;

const FULL = { rounds: 5, users: 500, times: 2_000, rows: 200_000, consumers: 200, seconds: 5, logouts: 200 };
const QUICK = { rounds: 1, users: 20, times: 60, rows: 5_000, consumers: 20, seconds: 1, logouts: 15 };
const SESSIONS_EACH = 4;

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

async function measure(
  cluster: Cluster,
  folder: string,
  plan: typeof FULL,
  progress: Progress,
): Promise<Figures> {
  const { rounds } = plan;
  const say = (what: string) => progress.doing(what);
  progress.begin('bench', 0, 4);
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    say(name);
    const result = await work();
    progress.stepped(name, (performance.now() - began) / 1_000);
    return result;
  };
  const operations = await step('operations', async () => [
    ...(await operationCosts(cluster, folderOf(folder, 'costs'), {
      users: plan.users,
      sessionsEach: SESSIONS_EACH,
      times: plan.times,
      rounds,
      say,
    })),
    ...(await staleCosts(cluster, folderOf(folder, 'stale'), { times: plan.times, rounds })),
  ]);
  const sizes = await step('bytes on disk', () => sizesOf(cluster, 'costs', plan.rows));
  const { feed, lag } = await step('the feed', () => feedFigures(cluster, folder, plan, say));
  const work = await step('work of a node', () => nodeWork(cluster, folder, plan, say));
  progress.end();
  return { operations, ...sizes, feed, lag, work };
}

async function feedFigures(cluster: Cluster, folder: string, plan: typeof FULL, say: (what: string) => void) {
  const url = await cluster.create('feed');
  const home = folderOf(folder, 'feed');
  const other = { url, model: 'hybrid', folder: home, side: 'anywhere' } as const;
  const nodes = [await startNodeOn({ url, model: 'hybrid', folder: home }), await startNodeOn(other)];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Each may hold a hundred connections.
    const secrets = await credentials(url, home, 1 + Math.ceil(plan.consumers / 50));
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    say('the lag to verifiers');
    const lag = await feedLag({
      nodes: nodes.map((node) => node.url),
      verifiersEach: 10,
      credential: secrets[0] ?? '',
      logouts: plan.logouts,
    });
    const subject = { url: first.url, pid: first.pid, credentials: secrets.slice(1), client };
    const { consumers, seconds, rounds } = plan;
    return { lag, feed: await feedCosts(subject, { consumers, seconds, rounds, say }) };
  } finally {
    await client.end();
    for (const node of nodes) await node.end();
  }
}

async function nodeWork(cluster: Cluster, folder: string, plan: typeof FULL, say: (what: string) => void) {
  const url = await cluster.create('work');
  const server = await startNodeOn({ url, model: 'hybrid', folder: folderOf(folder, 'work') });
  try {
    say('users sign in');
    let clients = await registerMany(server.url, 32);
    const work: WorkCost[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}: hashing, signing, requests`);
      work.push(...signatures(round, plan.times), await hashing(round, Math.min(2, plan.seconds)));
      const { costs, refreshTokens } = await requests(server, clients, round, plan.seconds);
      work.push(...costs);
      clients = clients.map((client, index) => ({ ...client, refreshToken: refreshTokens[index] ?? null }));
    }
    return work;
  } finally {
    await server.end();
  }
}

function told({ operations, sizes, lag, feed, work, quick }: PostgresResults): string {
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

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('select sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
