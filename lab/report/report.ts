/** What a report says, before it is Markdown or HTML: each claim with its findings, and what was measured when and where. */

import { isDeepStrictEqual } from 'node:util';
import type { Experiment, Mode } from '../harness/experiment.js';
import type { Machine } from '../harness/machine.js';
import type { Findings, Reading } from '../harness/reading.js';
import { type RawResults, Results, readResults } from '../harness/results.js';
import { type Drawing, draw } from './plot.js';

export interface Claim extends Pick<Reading, 'claim' | 'method'> {
  /** The experiment's. */
  readonly name: string;
  readonly title: string;
  readonly findings: Findings;
  readonly drawings: readonly Drawing[];
  /** Null where nothing was measured. */
  readonly raw: RawResults | null;
}

/** Figures that may be compared with each other. */
export interface Provenance {
  readonly mode: Mode;
  readonly commit: string | null;
  readonly machine: Machine;
  readonly experiments: readonly string[];
  /** ISO 8601, dates only. */
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
}

export interface Report {
  readonly claims: readonly Claim[];
  /** More than one where experiments were measured of different code, or on different machines. */
  readonly provenances: readonly Provenance[];
}

export function assemble(
  readings: readonly Reading[],
  experiments: readonly Experiment[],
  folder: string,
): Report {
  const claims = readings.map((reading): Claim => {
    const experiment = experiments.find(({ name }) => name === reading.experiment);
    const raw = experiment === undefined ? null : readResults(folder, reading.experiment);
    const findings = experiment === undefined || raw !== null ? read(reading, raw) : UNMEASURED;
    return {
      name: reading.experiment,
      title: experiment?.title ?? capitalised(reading.experiment),
      claim: reading.claim,
      method: reading.method,
      findings,
      drawings: findings.figures.map(draw),
      raw,
    };
  });
  return { claims, provenances: provenancesOf(claims.flatMap(({ raw }) => raw ?? [])) };
}

function read(reading: Reading, raw: RawResults | null): Findings {
  try {
    return reading.read(new Results(raw ?? NOTHING(reading.experiment)));
  } catch (fault) {
    throw new Error(`the results of ${reading.experiment} could not be read`, { cause: fault });
  }
}

/** For readings that state what cannot be measured yet. */
const NOTHING = (experiment: string): RawResults => ({
  experiment,
  mode: 'full',
  commit: null,
  machine: { cpu: '', cores: 0, memoryGiB: 0, platform: '', node: '', sqlite: '' },
  steps: [],
});

const UNMEASURED: Findings = {
  verdict: 'not measured',
  because: 'This experiment has not been run.',
  tables: [],
  figures: [],
  choose: '',
  limits: '',
};

function provenancesOf(all: readonly RawResults[]): Provenance[] {
  const groups: RawResults[][] = [];
  for (const raw of all) {
    const { mode, commit, machine } = raw;
    const group = groups.find(([first]) =>
      isDeepStrictEqual(
        { mode, commit, machine },
        {
          mode: first?.mode,
          commit: first?.commit,
          machine: first?.machine,
        },
      ),
    );
    if (group === undefined) groups.push([raw]);
    else group.push(raw);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const steps = group.flatMap((raw) => raw.steps);
    const days = steps.map(({ at }) => at.slice(0, 10)).sort();
    return {
      mode: first.mode,
      commit: first.commit,
      machine: first.machine,
      experiments: group.map(({ experiment }) => experiment),
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      minutes: steps.reduce((sum, { seconds }) => sum + seconds, 0) / 60,
    };
  });
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}
