/**
 * The command: measures what the budgets are about and prints which are met. A missed budget is a result and no
 * failure; the exit code is 1 only where something could not be measured, and 2 where the line was not understood.
 */

import { execFileSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { currentCommit } from '../lab/harness/commit.js';
import { thisMachine } from '../lab/harness/machine.js';
import { pinned } from '../lab/harness/pinned.js';
import type { Progress } from '../lab/harness/progress.js';
import { REPOSITORY } from '../lab/harness/server.js';
import { BUDGETS } from './budgets.js';
import { MEASURES } from './measures/index.js';
import { PROFILES, type ProfileName, profile } from './profile.js';
import { writeProfile, writeReport } from './report.js';
import { type BenchResults, PUBLISHED, readResults, writeResults } from './results.js';
import { runMeasures } from './run.js';
import { budgetTable, forTerminal, partTable } from './table.js';

const ROUNDS = { full: 5, quick: 1 };

export interface Console {
  out(text: string): void;
  err(text: string): void;
  readonly progress: Progress;
}

interface Options {
  readonly quick?: boolean;
  readonly only?: readonly string[];
  readonly json?: string;
  readonly rounds?: number;
  readonly report?: boolean;
  readonly profile?: ProfileName;
  readonly build: boolean;
}

const EXAMPLES = `
Examples:
  npm run bench
  npm run bench -- --only viewer refresh --rounds 3
  npm run bench -- --json bench/results.json && npm run bench -- --report
  npm run bench -- --profile viewer

The server that is measured is dist/main.js. A full run takes about nine minutes; nothing else should run meanwhile.`;

/** Runs the command line and resolves to the exit code. */
export async function runBench(argv: readonly string[], console: Console): Promise<number> {
  const program = commandLine(console);
  try {
    program.parse([...argv]);
    return await obey(program.opts<Options>(), console);
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    console.err(`${fault instanceof Error ? fault.message : String(fault)}\n`);
    return 1;
  }
}

function commandLine(console: Console): Command {
  const rounds = `how often each figure is measured (${ROUNDS.full}; ${ROUNDS.quick} with --quick)`;
  const only = new Option('--only <name...>', 'these measures only');
  const where = new Option('--profile <work>', 'measure nothing; say where the server’s time goes meanwhile');
  return new Command('npm run bench --')
    .description('Measures every budget as a ratio of two things in one run, and says which are met.')
    .option('--quick', 'only see that it works: small sizes, one round; its figures mean little')
    .addOption(only.choices(MEASURES.map(({ name }) => name)))
    .option('--rounds <number>', rounds, count)
    .option('--json <file>', 'also write the raw results there; - for standard output in place of the tables')
    .option('--report', 'put the results of bench/results.json, or a profile, into docs/performance.md')
    .addOption(where.choices(PROFILES))
    .option('--no-build', 'measure dist/main.js as it is, in place of building it first')
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text) })
    .exitOverride();
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw new InvalidArgumentError('must be a number from 1 to 100.');
  return number;
}

async function obey(options: Options, console: Console): Promise<number> {
  if (options.report && !options.profile) {
    writeReport(readResults(PUBLISHED));
    return 0;
  }
  if (options.build) execFileSync(process.execPath, ['build.mjs'], { cwd: REPOSITORY, stdio: 'inherit' });
  if (!options.profile) return measure(options, console);
  const tables = await profile(options.profile, options.quick ? 2 : 10);
  console.out(`${tables}\n`);
  if (options.report) writeProfile(options.profile, tables);
  return 0;
}

async function measure({ quick = false, only, json, rounds }: Options, console: Console): Promise<number> {
  const plan = { quick, rounds: rounds ?? (quick ? ROUNDS.quick : ROUNDS.full) };
  const measures = MEASURES.filter(({ name }) => only?.includes(name) ?? true);
  const { figures, failures } = await runMeasures(measures, plan, console.progress);
  const results: BenchResults = {
    at: new Date().toISOString(),
    commit: currentCommit(REPOSITORY),
    machine: thisMachine(sqliteVersion()),
    ...plan,
    pinned,
    figures,
  };
  if (json === '-') console.out(`${JSON.stringify(results, null, 1)}\n`);
  else console.out(tables(results, new Set(measures.map(({ name }) => name))));
  if (json !== undefined && json !== '-') writeResults(json, results);
  for (const { measure, why } of failures) console.err(`${measure} could not be measured: ${why}\n`);
  return failures.length === 0 ? 0 : 1;
}

function tables({ figures, quick }: BenchResults, measured: ReadonlySet<string>): string {
  const budgets = BUDGETS.filter(({ measure }) => measured.has(measure));
  const parts = forTerminal(partTable(figures, budgets));
  const warning = quick ? 'A quick run: these figures mean little.\n\n' : '';
  return `\n${parts}\n\n${warning}${forTerminal(budgetTable(figures, budgets))}\n`;
}

function sqliteVersion(): string {
  const database = new Database(':memory:');
  try {
    return String(database.prepare('select sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
