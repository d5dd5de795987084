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
    description: `Milliseconds of lag over the number of verifiers, from ${SIZES[0]} to 30,000: median, and a bar to the 99th percentile. With notifications at most ${most(points, HINTED)} ms, growing little with the levels of relays; with polling alone at most ${most(points, POLLING)} ms.`,
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
    description: `Percent of time in which verifiers are stale over the mean length of a cut, from half a second to 16. At most ${highest(points, ANY)} % where readers go to another relay, and ${highest(points, SAME)} % where they wait for the one they lost.`,
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

function most(points: readonly { readonly model: string; readonly p99: number }[], model: string): number {
  return Math.round(Math.max(...points.filter((point) => point.model === model).map(({ p99 }) => p99)));
}

function highest(
  points: readonly { readonly model: string; readonly percent: number }[],
  model: string,
): string {
  const percents = points.filter((point) => point.model === model).map(({ percent }) => percent);
  return Math.max(...percents).toFixed(1);
}
