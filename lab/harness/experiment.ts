/**
 * What an experiment is: a list of steps, each of which measures something and can be done apart from the others, so
 * that an interrupted run goes on where it stopped. `readings/` says what the figures mean.
 */

import { MODELS, type Model, type Observation } from './observation.js';

export type Mode = 'quick' | 'full';

export interface Plan {
  readonly mode: Mode;
  /** How often each figure is measured; at least 3 in full mode. */
  readonly rounds: number;
}

/** What a step is given. All of it ends with the step. */
export interface Bench {
  readonly plan: Plan;
  /** An empty folder, removed after the step. */
  readonly folder: string;
  /** Says on the progress line what is being done. */
  say(what: string): void;
}

export interface Step {
  /** Unique within the experiment, and the same in every run: the key by which a resumed run skips it. */
  readonly id: string;
  readonly label: string;
  run(bench: Bench): Promise<readonly Observation[]>;
}

export interface Experiment {
  /** Also the name of its file of results. */
  readonly name: string;
  readonly title: string;
  /** In the order in which they run: rounds of different models interleaved. */
  steps(plan: Plan): readonly Step[];
}

/** A quick run looks at one model, that which is usual: nobody compares by it. */
export function modelsOf({ mode }: Plan): readonly Model[] {
  return mode === 'quick' ? ['hybrid'] : MODELS;
}

/** A step for each round and model, `${before}${model}-${round}` by its id. */
export function stepsOfModels(
  plan: Plan,
  run: (model: Model, round: number, bench: Bench) => Promise<readonly Observation[]>,
  { before = '', says = '' }: { readonly before?: string; readonly says?: string } = {},
): readonly Step[] {
  return Array.from({ length: plan.rounds }, (_, round) =>
    modelsOf(plan).map((model) => ({
      id: `${before}${model}-${round}`,
      label: `${says}${model}, round ${round + 1}`,
      run: (bench: Bench) => run(model, round, bench),
    })),
  ).flat();
}
