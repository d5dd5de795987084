/**
 * The verdicts on memory, scaling, token size, algorithms and how much there is to understand follow from the figures:
 * the published ones give the published verdict, and the same figures with what decides them changed give another.
 */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../lab/harness/observation.js';
import type { Reading } from '../../../lab/harness/reading.js';
import { type RawResults, Results, readResults } from '../../../lab/harness/results.js';
import { reading as algorithms } from '../../../lab/readings/algorithms.js';
import { reading as memory } from '../../../lab/readings/memory.js';
import { reading as scaling } from '../../../lab/readings/scaling.js';
import { reading as tokenSize } from '../../../lab/readings/token-size.js';
import { reading as understanding } from '../../../lab/readings/understanding.js';
import { REPOSITORY } from '../../support/sandbox.js';

type Change = (seen: Observation) => Observation;

function published(name: string): RawResults {
  const raw = readResults(join(REPOSITORY, 'lab/results'), name);
  if (raw === null) throw new Error(`there are no results of ${name}`);
  return raw;
}

function findings(reading: Reading, change: Change = (seen) => seen) {
  const raw = published(reading.experiment);
  const steps = raw.steps.map((step) => ({ ...step, observations: step.observations.map(change) }));
  return reading.read(new Results({ ...raw, steps }));
}

/** Numbers of one metric and model, times a factor that may depend on what was varied. */
const times =
  (metric: string, model: string | null, factor: (seen: Observation) => number): Change =>
  (seen) =>
    seen.metric === metric && seen.model === model
      ? { ...seen, value: Number(seen.value) * factor(seen) }
      : seen;

const CASES: readonly [string, Reading, string, Change][] = [
  [
    'memory holds if the stateful server grows by a kilobyte a user',
    memory,
    'holds',
    (seen) =>
      seen.metric === 'resident after serving' && seen.model === 'stateful'
        ? { ...seen, value: Number(seen.value) + Number(seen.factors['users']) * 1_000 }
        : seen,
  ],
  [
    'scaling fails no more if the stateful server is ten times slower with a million sessions',
    scaling,
    'depends',
    times('throughput', 'stateful', ({ factors }) => (factors['sessions'] === 1_000_000 ? 0.1 : 1)),
  ],
  [
    'scaling fails no more if clients of a killed process are signed out',
    scaling,
    'depends',
    (seen) =>
      seen.metric === 'crash clients signed out' && seen.model === 'stateful' ? { ...seen, value: 5 } : seen,
  ],
  [
    'token size depends if the session id were as large as the token',
    tokenSize,
    'depends',
    times('bearer', 'stateful', () => 200),
  ],
  [
    'algorithms fail no more if a change refuses requests',
    algorithms,
    'depends',
    (seen) => (seen.metric === 'all refused' && seen.model === 'hybrid' ? { ...seen, value: 7 } : seen),
  ],
  [
    'understanding fails if tokens take no more code and the page is short',
    understanding,
    'fails',
    (seen) => {
      if (seen.metric === 'code') return { ...seen, value: 200 };
      return seen.metric === 'words' ? { ...seen, value: 300 } : seen;
    },
  ],
];

describe('a verdict', () => {
  it.each(CASES)('on %s', (_name, reading, verdict, change) => {
    expect(findings(reading).verdict).not.toBe(verdict);
    const changed = findings(reading, change);
    expect(changed.verdict).toBe(verdict);
    expect(changed.because).not.toBe(findings(reading).because);
  });

  it.each([memory, scaling, tokenSize, algorithms, understanding])(
    'of $experiment is none without figures',
    (reading) => {
      const raw = { ...published(reading.experiment), steps: [] };
      expect(reading.read(new Results(raw)).verdict).toBe('not measured');
    },
  );
});
