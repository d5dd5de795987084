/**
 * The `simulate` command: one scenario from the command line, or the published ones. Exit codes: 0 done, 1 the promise
 * was broken or something could not be read, 2 asked wrongly.
 */

import { CommanderError } from 'commander';
import { readPostgresResults } from '../../bench/postgres/results.js';
import type { Progress } from '../harness/progress.js';
import { type Costs, costsFrom } from './costs.js';
import { commandLine, type Options, scenarioFrom } from './options.js';
import { writePage } from './page.js';
import { readSimulation, rounded, writeSimulation } from './results.js';
import { problemsOf } from './scenario.js';
import { scenarios } from './scenarios.js';
import { simulate } from './simulate.js';
import { told } from './told.js';

export interface Console {
  out(text: string): void;
  err(text: string): void;
  readonly progress: Progress;
}

export async function runSimulation(argv: readonly string[], console: Console): Promise<number> {
  const program = commandLine(console);
  try {
    program.parse([...argv]);
    return obey(program.opts<Options>(), console);
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : 2;
    console.err(`${fault instanceof Error ? fault.message : String(fault)}\n`);
    return 1;
  }
}

function obey(options: Options, console: Console): number {
  if (options.report === true) {
    writePage(readSimulation(), readPostgresResults(options.costs));
    return 0;
  }
  const { costs, measured } = costsFrom(readPostgresResults(options.costs));
  if (options.published === true) return publish(costs, measured, console);
  const scenario = scenarioFrom(options, costs);
  const problems = problemsOf(scenario);
  if (problems.length > 0) {
    for (const problem of problems) console.err(`error: ${problem}\n`);
    return 2;
  }
  const outcome = simulate(scenario, watched(console.progress, scenario.seconds));
  console.progress.end();
  if (options.json === true) console.out(`${JSON.stringify({ scenario, outcome }, null, 1)}\n`);
  else {
    const assumed = Object.keys(costs).length > measured.length && measured.length === 0;
    if (assumed) console.err('No measured costs were found: those of this simulation are assumed.\n');
    console.out(told(scenario, outcome));
  }
  return outcome.promise.kept ? 0 : 1;
}

function publish(costs: Costs, measured: readonly string[], { progress, out }: Console): number {
  const all = scenarios(costs);
  progress.begin('simulate', 0, all.length);
  const outcomes = all.map(({ name, scenario }) => {
    const began = performance.now();
    progress.doing(name);
    const outcome = rounded(simulate(scenario));
    progress.stepped(name, (performance.now() - began) / 1_000);
    return { name, outcome };
  });
  progress.end();
  writeSimulation({ costs, measured, outcomes });
  out(
    `${outcomes.length} scenarios simulated; npm run simulate -- --report puts them into docs/scaling.md.\n`,
  );
  return 0;
}

/** A step for each simulated second or so; the last eight are those in which the last words get through. */
function watched(progress: Progress, seconds: number): (done: number) => void {
  const steps = Math.min(20, seconds);
  let stepped = 0;
  const began = performance.now();
  progress.begin('simulate', 0, steps);
  return (done) => {
    for (; stepped < Math.floor(done * steps + 1e-9); stepped++)
      progress.stepped(`${Math.round(done * 100)} %`, (performance.now() - began) / 1_000);
  };
}
