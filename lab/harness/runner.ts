/**
 * Runs experiments, step by step, and records each step as soon as it is measured. What has been recorded is not
 * measured again, and what was measured of other code, on another machine or in another mode is never added to.
 * Called by the program; knows no experiment.
 */

import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import PQueue from 'p-queue';
import type { Experiment, Mode, Plan, Step } from './experiment.js';
import type { Machine } from './machine.js';
import { stopPinning } from './pinned.js';
import type { Progress } from './progress.js';
import { type RawResults, readResults, resultsFile, type StepRecord, writeResults } from './results.js';
import { runStep } from './run-step.js';

/** Under what the figures are measured; figures of different circumstances are not mixed. */
export interface Circumstances {
  readonly commit: string | null;
  readonly machine: Machine;
  /** Whether figures of that commit may stand beside figures of this one. */
  isSameCode(recorded: string | null): boolean;
}

export interface Order {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  /** Where results are kept. */
  readonly folder: string;
  /** Forgets what is recorded of these experiments before it begins. */
  readonly again: boolean;
  readonly circumstances: Circumstances;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Failure {
  readonly experiment: string;
  readonly step: string;
  readonly fault: unknown;
}

export interface Stranger {
  readonly experiment: string;
  /** What differs, for a person to read. */
  readonly differs: readonly string[];
}

export type Run =
  | {
      readonly kind: 'done' | 'interrupted';
      readonly measured: number;
      readonly skipped: number;
      readonly failures: readonly Failure[];
    }
  /** Nothing was measured: results are there that these could not stand beside. */
  | { readonly kind: 'refused'; readonly strangers: readonly Stranger[] };

/** Nobody rests anything on the figures of a quick run, so there steps keep each other company. */
const AT_ONCE: Readonly<Record<Mode, number>> = { quick: 4, full: 1 };

export async function run(order: Order): Promise<Run> {
  const { experiments, folder, again } = order;
  if (again) for (const { name } of experiments) rmSync(resultsFile(folder, name), { force: true });
  const strangers = experiments.flatMap(({ name }) => {
    const differs = differences(readResults(folder, name), order);
    return differs.length === 0 ? [] : [{ experiment: name, differs }];
  });
  if (strangers.length > 0) return { kind: 'refused', strangers };
  if (AT_ONCE[order.plan.mode] > 1) stopPinning();

  const tally: Tally = { measured: 0, skipped: 0, failures: [] };
  for (const experiment of experiments) {
    const went = await runExperiment(experiment, order, tally);
    if (went === 'interrupted') return { kind: 'interrupted', ...tally };
  }
  return { kind: 'done', ...tally };
}

interface Tally {
  measured: number;
  skipped: number;
  readonly failures: Failure[];
}

async function runExperiment(
  experiment: Experiment,
  order: Order,
  tally: Tally,
): Promise<'on' | 'interrupted'> {
  const { plan, folder, progress, signal } = order;
  const steps = unique(experiment, plan);
  const before = readResults(folder, experiment.name);
  const records = new Map(before?.steps.map((record) => [record.id, record]));
  const missing = steps.filter(({ id }) => !records.has(id));
  tally.skipped += steps.length - missing.length;
  if (missing.length < steps.length)
    progress.note(
      `${experiment.name}: ${steps.length - missing.length} of ${steps.length} steps are recorded already`,
    );
  if (missing.length === 0) return 'on';

  progress.begin(experiment.name, steps.length - missing.length, steps.length);
  const queue = new PQueue({ concurrency: AT_ONCE[plan.mode] });
  let interrupted = false;
  const measure = async (step: Step): Promise<void> => {
    if (interrupted) return;
    progress.doing(step.label);
    const end = await runStep(step, plan, (what) => progress.doing(`${step.label}: ${what}`), signal);
    if (end.kind === 'interrupted') {
      interrupted = true;
      return;
    }
    if (end.kind === 'failed') {
      tally.failures.push({ experiment: experiment.name, step: step.id, fault: end.fault });
      progress.stepped(`${step.label} FAILED`, end.seconds);
      return;
    }
    records.set(step.id, end.record);
    writeResults(folder, resultsOf(experiment, order, before, inOrder(steps, records)));
    tally.measured += 1;
    for (const { metric } of end.lost)
      progress.note(`${experiment.name} ${step.id}: no ${metric} to be had here`);
    progress.stepped(step.label, end.record.seconds);
  };
  try {
    await queue.addAll(missing.map((step) => () => measure(step)));
  } finally {
    progress.end();
  }
  return interrupted ? 'interrupted' : 'on';
}

function unique(experiment: Experiment, plan: Plan): readonly Step[] {
  const all = experiment.steps(plan);
  const ids = new Set(all.map(({ id }) => id));
  if (ids.size < all.length) throw new Error(`${experiment.name} has two steps of one id`);
  return all;
}

/** As planned, whatever the order in which they were measured; records of steps that are no longer planned go. */
function inOrder(steps: readonly Step[], records: ReadonlyMap<string, StepRecord>): StepRecord[] {
  return steps.flatMap(({ id }) => records.get(id) ?? []);
}

function resultsOf(
  { name }: Experiment,
  { plan, circumstances: { commit, machine } }: Order,
  before: RawResults | null,
  steps: readonly StepRecord[],
): RawResults {
  // A run that goes on keeps the commit it began with: nothing that bears on figures differs between the two.
  return {
    experiment: name,
    mode: plan.mode,
    commit: before === null ? commit : before.commit,
    machine,
    steps,
  };
}

function differences(recorded: RawResults | null, { plan, circumstances }: Order): string[] {
  if (recorded === null) return [];
  const { commit, machine } = circumstances;
  return [
    ...(recorded.mode === plan.mode ? [] : [`mode ${recorded.mode}, now ${plan.mode}`]),
    ...(circumstances.isSameCode(recorded.commit)
      ? []
      : [`commit ${recorded.commit ?? 'unknown'}, now ${commit ?? 'unknown'}`]),
    ...(Object.keys(machine) as (keyof Machine)[])
      .filter((part) => !isDeepStrictEqual(recorded.machine[part], machine[part]))
      .map((part) => `${part} ${recorded.machine[part]}, now ${machine[part]}`),
  ];
}
