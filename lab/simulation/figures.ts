/** The plots of `docs/scaling.md`. */

import * as Plot from '@observablehq/plot';
import type { Figure } from '../harness/reading.js';
import type { SimulationResults } from './results.js';
import { OUTAGES, SIZES } from './scenarios.js';

export function figuresOf(results: SimulationResults): Figure[] {
  return [lagFigure(results), outageFigure(results)];
}

const HINTED = 'notifications and polling';
const POLLING = 'polling alone';

function lagFigure({ outcomes }: SimulationResults): Figure {
  const points = SIZES.flatMap((verifiers) =>
    [HINTED, POLLING].map((model) => {
      const name = `lag-${verifiers}-${model === HINTED ? 'hinted' : 'polling'}`;
      const lags = outcomes.find((each) => each.name === name)?.outcome.verifiers;
      return { verifiers, model, p50: lags?.p50 ?? Number.NaN, p99: lags?.p99 ?? Number.NaN };
    }),
  );
  return {
    name: 'scaling-lag',
    title: 'Simulated: from the return of a mutation until verifiers refuse',
    description:
      'Milliseconds of lag over the number of verifiers, from 100 to 30,000, median and 99th percentile as a bar. With notifications some milliseconds, growing little with each level of relays; with polling alone up to some 55.',
    plot: {
      x: {
        type: 'log',
        label: 'verifiers',
        ticks: [...SIZES],
        tickFormat: (size: number) => size.toLocaleString('en'),
        inset: 12,
      },
      y: { label: 'lag (ms): median, and to the 99th percentile', grid: true, nice: true, zero: true },
      color: { domain: [HINTED, POLLING] },
      marks: [
        Plot.ruleY([0]),
        Plot.ruleX(points, { x: 'verifiers', y1: 'p50', y2: 'p99', stroke: 'model', strokeWidth: 2.5 }),
        Plot.lineY(points, { x: 'verifiers', y: 'p50', stroke: 'model' }),
        Plot.dot(points, { x: 'verifiers', y: 'p50', fill: 'model', symbol: 'model', r: 5.5 }),
      ],
    },
  };
}

const ANY = 'a reader goes to whoever is there';
const SAME = 'a reader comes back to the one it lost';

function outageFigure({ outcomes }: SimulationResults): Figure {
  const points = OUTAGES.flatMap((seconds) =>
    [ANY, SAME].map((model) => {
      const name = `outage-${seconds}-${model === ANY ? 'any' : 'same'}`;
      const share = outcomes.find((each) => each.name === name)?.outcome.verifiers.stale.share ?? Number.NaN;
      return { seconds, model, percent: share * 100 };
    }),
  );
  return {
    name: 'scaling-outages',
    title: 'Simulated: how much of their time verifiers are stale when the links of relays fail',
    description:
      'Percent of time in which verifiers are stale over the mean length of a cut, from half a second to 16. Next to none where readers go to another relay; up to some 16 percent where they wait for the one they lost.',
    plot: {
      x: {
        type: 'log',
        label: 'mean length of a cut (s), one a minute and link',
        ticks: [...OUTAGES],
        tickFormat: String,
        inset: 12,
      },
      y: { label: 'verifiers stale (% of their time)', grid: true, nice: true, zero: true },
      color: { domain: [ANY, SAME] },
      marks: [
        Plot.ruleY([0]),
        Plot.lineY(points, { x: 'seconds', y: 'percent', stroke: 'model' }),
        Plot.dot(points, { x: 'seconds', y: 'percent', fill: 'model', symbol: 'model', r: 5.5 }),
      ],
    },
  };
}
