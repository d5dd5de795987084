/** Small experiments that measure nothing of the server, and a lab around them that writes to a folder of its own. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import type { Bench, Experiment, Step } from '../../../lab/harness/experiment.js';
import type { Machine } from '../../../lab/harness/machine.js';
import { type Factor, MODELS, type Model, type Observation } from '../../../lab/harness/observation.js';
import type { Progress } from '../../../lab/harness/progress.js';
import type { Reading } from '../../../lab/harness/reading.js';
import { Results } from '../../../lab/harness/results.js';
import { type Lab, runLab } from '../../../lab/program.js';

export const MACHINE: Machine = {
  cpu: 'Abacus',
  cores: 2,
  memoryGiB: 8,
  platform: 'linux x64',
  node: 'v20.20.2',
  sqlite: '3.50.0',
};

export type Factors = Readonly<Record<string, Factor>>;

/** One observation of a model, without a unit. */
export const seen = (metric: string, model: Model, factors: Factors, value: Factor): Observation => ({
  metric,
  unit: '',
  model,
  factors,
  round: 0,
  value,
});

/** Results that hold these observations and nothing else. */
export const resultsOf = (observations: readonly Observation[]) =>
  new Results({
    experiment: 'any',
    mode: 'full',
    commit: null,
    machine: MACHINE,
    steps: [{ id: 'one', at: '2026-01-01T00:00:00.000Z', seconds: 1, observations }],
  });

export const speed = (model: Model, value: number, users = 10, round = 0): Observation => ({
  metric: 'speed',
  unit: 'requests/s',
  model,
  factors: { users },
  round,
  value,
});

/** Steps `first`, `second`, …, each of which does what it is told. */
export function experimentOf(name: string, does: Readonly<Record<string, Step['run']>>): Experiment {
  return {
    name,
    title: `The title of ${name}`,
    steps: () => Object.entries(does).map(([id, run]) => ({ id, label: `step ${id}`, run })),
  };
}

/** Whether the hybrid model is the fastest, as its results have it. */
const readingOf = (experiment: string): Reading => ({
  experiment,
  claim: 'Tokens are *faster* than sessions.',
  method: 'Requests are counted.',
  read(results: Results) {
    const median = (model: Model) => results.summary({ metric: 'speed', model })?.median;
    const [stateful, hybrid] = [median('stateful'), median('hybrid')];
    const rows = results.observations({ metric: 'speed' }).map(({ model, value, factors, round }) => ({
      model,
      value: Number(value),
      users: Number(factors['users']),
      round,
    }));
    const said = (figure: number | undefined) => (figure === undefined ? 'not measured' : String(figure));
    return {
      verdict:
        stateful === undefined || hybrid === undefined
          ? 'not measured'
          : hybrid > stateful
            ? 'holds'
            : 'fails',
      because: `Hybrid answers ${said(hybrid)} requests a second, stateful ${said(stateful)}.`,
      tables: [
        {
          caption: 'Requests per second',
          head: ['users', ...MODELS],
          rows: [['10 | a few <b>', ...MODELS.map((model) => said(median(model)))]],
        },
      ],
      figures: [
        {
          name: `${experiment}-speed`,
          title: 'Speed by users',
          description: 'Lines, one for each model.',
          plot: {
            x: { type: 'log', label: 'users' },
            y: { label: 'requests/s', grid: true, zero: true },
            marks: [
              Plot.lineY(rows, { x: 'users', y: 'value', stroke: 'model' }),
              Plot.dot(rows, { x: 'users', y: 'value', fill: 'model', symbol: 'model' }),
            ],
          },
        },
      ],
      comparison: [
        {
          measured: 'requests per second',
          cells: {
            stateful: said(stateful),
            stateless: said(median('stateless')),
            hybrid: said(hybrid),
          },
        },
      ],
      choose: 'Choose by something else.',
      limits: '',
    };
  },
});

const SILENT: Progress = {
  note: () => undefined,
  begin: () => undefined,
  doing: () => undefined,
  stepped: () => undefined,
  end: () => undefined,
};

export interface Sample {
  readonly root: string;
  readonly experiments: readonly Experiment[];
  readonly readings: readonly Reading[];
  readonly results: string;
  /** Everything that the command said, of the last call. */
  readonly said: readonly string[];
  run(line: readonly string[], changed?: Partial<Lab>): Promise<number>;
  remove(): void;
}

export function sampleOf(experiments: readonly Experiment[], commit = 'c0ffee'): Sample {
  const root = mkdtempSync(join(tmpdir(), 'counterfoil-lab-spec-'));
  const said: string[] = [];
  const readings = experiments.map(({ name }) => readingOf(name));
  return {
    root,
    experiments,
    readings,
    results: join(root, 'lab/results'),
    said,
    run(line, changed = {}) {
      said.length = 0;
      return runLab(line, {
        experiments,
        readings,
        root,
        progress: { ...SILENT, note: (text) => said.push(text) },
        out: (text) => said.push(text),
        err: (text) => said.push(text),
        signal: new AbortController().signal,
        build: async () => undefined,
        circumstances: () => circumstancesOf(commit),
        ...changed,
      });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const circumstancesOf = (commit: string, machine = MACHINE) => ({
  commit,
  machine,
  isSameCode: (recorded: string | null) => recorded === commit,
});

/** A step that gives one figure of each model. */
export const measures =
  (stateful: number, stateless: number, hybrid: number) =>
  async (_bench: Bench): Promise<Observation[]> => [
    speed('stateful', stateful),
    speed('stateless', stateless),
    speed('hybrid', hybrid),
  ];
