/**
 * The `lab` command: what may be asked, in which order things are done, and what is said of it. Everything is handed in,
 * so that tests can hand in experiments of their own. Exit codes: 0 done, 1 something could not be measured or written,
 * 2 asked wrongly, 130 interrupted.
 */

import { relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { Experiment, Mode, Plan } from './harness/experiment.js';
import type { Progress } from './harness/progress.js';
import type { Reading } from './harness/reading.js';
import { readResults } from './harness/results.js';
import { type Circumstances, type Failure, type Run, run } from './harness/runner.js';
import { assemble } from './report/report.js';
import { beside, type Places, published, save } from './report/save.js';

const EXIT = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;
const ROUNDS: Readonly<Record<Mode, number>> = { quick: 1, full: 3 };

export interface Lab {
  readonly experiments: readonly Experiment[];
  readonly readings: readonly Reading[];
  /** The repository: published reports and results lie in it. */
  readonly root: string;
  readonly progress: Progress;
  /** What the command is for: paths and verdicts. */
  out(line: string): void;
  err(line: string): void;
  /** Aborted by whoever wants the run to end early. */
  readonly signal: AbortSignal;
  /** Asked once, before anything is measured. */
  circumstances(): Circumstances;
  /** Builds the server that is measured. Rejects where that fails. */
  build(): Promise<void>;
}

interface Options {
  readonly quick?: true;
  readonly only?: readonly string[];
  readonly again?: boolean;
  readonly list?: true;
  readonly report?: true;
  readonly results?: string;
  readonly build: boolean;
}

/** Resolves with the exit code. */
export async function runLab(line: readonly string[], lab: Lab): Promise<number> {
  let options: Options | null = null;
  const command = new Command('lab')
    .description('Measures the three session models side by side, and writes the report.')
    .option('--quick', 'small sizes and one round, in under 2 minutes: to see that everything works')
    .option('--only <name...>', 'these experiments only')
    .option('--again', 'forget what is recorded of these experiments, and measure anew')
    .option('--list', 'list the experiments and what is recorded of them, and measure nothing')
    .option('--report', 'write the report from what is recorded, and measure nothing')
    .option('--no-build', 'measure dist/main.js as it is, in place of building it first')
    .option('--results <folder>', 'where results are, instead of lab/results; the report is put beside them')
    .addHelpText(
      'after',
      '\nA run that was interrupted goes on where it stopped. Exit codes: 0 done, 1 failed, 2 asked wrongly, 130 interrupted.',
    )
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => lab.out(text.trimEnd()),
      writeErr: (text) => lab.err(text.trimEnd()),
    })
    .exitOverride()
    .action((given: Options) => {
      options = given;
    });
  try {
    await command.parseAsync(line, { from: 'user' });
  } catch (fault) {
    if (!(fault instanceof CommanderError)) throw fault;
    return fault.exitCode === 0 ? EXIT.done : EXIT.misused;
  }
  return options === null ? EXIT.done : obey(options, lab);
}

async function obey(options: Options, lab: Lab): Promise<number> {
  const { only } = options;
  const known = lab.experiments.map(({ name }) => name);
  const unknown = (only ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    lab.err(`There is no experiment ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
    return EXIT.misused;
  }
  const experiments = lab.experiments.filter(({ name }) => only === undefined || only.includes(name));
  const mode: Mode = options.quick === true ? 'quick' : 'full';
  const plan: Plan = { mode, rounds: ROUNDS[mode] };
  const places = placesOf(options, mode, lab.root);
  if (options.list === true) return list(experiments, plan, places, lab);
  if (options.report === true) return report(places, lab);
  return measure(experiments, plan, places, options, lab);
}

function placesOf({ results }: Options, mode: Mode, root: string): Places {
  if (results !== undefined) return beside(resolve(results));
  return mode === 'quick' ? beside(resolve(root, 'lab/results/quick')) : published(root);
}

function list(experiments: readonly Experiment[], plan: Plan, places: Places, lab: Lab): number {
  for (const experiment of experiments) {
    const steps = experiment.steps(plan);
    const recorded = new Set(readResults(places.results, experiment.name)?.steps.map(({ id }) => id));
    const done = steps.filter(({ id }) => recorded.has(id)).length;
    lab.out(`${experiment.name.padEnd(14)} ${`${done}/${steps.length}`.padStart(7)}  ${experiment.title}`);
  }
  return EXIT.done;
}

async function measure(
  experiments: readonly Experiment[],
  plan: Plan,
  places: Places,
  { again = false, build }: Options,
  lab: Lab,
): Promise<number> {
  const { progress, signal } = lab;
  if (build) await lab.build();
  const circumstances = lab.circumstances();
  const went = await run({
    experiments,
    plan,
    folder: places.results,
    again,
    circumstances,
    progress,
    signal,
  });
  if (went.kind === 'refused') {
    refuse(went, places, lab);
    return EXIT.failed;
  }
  if (went.kind === 'interrupted') {
    lab.err(
      `Interrupted. ${went.measured} steps were measured and are kept; run it again, without --again, to go on from there.`,
    );
    return EXIT.interrupted;
  }
  lab.out(
    `${went.measured} steps measured, ${went.skipped} recorded before, ${went.failures.length} failed.`,
  );
  const wrote = report(places, lab);
  for (const failure of went.failures) lab.err(told(failure));
  return went.failures.length > 0 ? EXIT.failed : wrote;
}

function refuse({ strangers }: Extract<Run, { kind: 'refused' }>, places: Places, lab: Lab): void {
  lab.err(
    `Nothing was measured: ${where(places.results, lab)} holds results that new ones cannot stand beside.`,
  );
  for (const { experiment, differs } of strangers) lab.err(`  ${experiment}: ${differs.join('; ')}`);
  lab.err('Say --again to forget them and measure anew, or --results FOLDER to keep both.');
}

function told({ experiment, step, fault }: Failure): string {
  const why = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  return `FAILED ${experiment}, step ${step}: ${why}`;
}

function report(places: Places, lab: Lab): number {
  const report = assemble(lab.readings, lab.experiments, places.results);
  if (report.provenances.length === 0) {
    lab.err(`There are no results in ${where(places.results, lab)}, so there is nothing to report.`);
    return EXIT.failed;
  }
  save(report, lab.root, places);
  for (const { name, findings } of report.claims) lab.out(`${name.padEnd(14)} ${findings.verdict}`);
  for (const path of [places.html, places.markdown]) lab.out(where(path, lab));
  return EXIT.done;
}

function where(path: string, { root }: Lab): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside;
}
