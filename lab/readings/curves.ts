/** A plot of medians over what was varied, joined by lines, with a rule from the least to the greatest of each. */

import * as Plot from '@observablehq/plot';
import type { Factor } from '../harness/observation.js';
import type { Figure } from '../harness/reading.js';
import type { Query, Results } from '../harness/results.js';

export interface Point {
  readonly x: number;
  /** A model, or the name of something else. */
  readonly model: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

interface Axis {
  readonly label: string;
  readonly log?: boolean;
}

export interface Curves extends Omit<Figure, 'plot'> {
  readonly points: readonly Point[];
  readonly x: Axis;
  readonly y: Axis;
}

/** One curve: a query for each level of a factor. `scale` turns the unit of the results into that of the axis. */
export function points(
  results: Results,
  model: string,
  { factor, ...query }: Query & { readonly factor: string },
  scale = 1,
): Point[] {
  return results.levels(query.metric, factor).flatMap((level: Factor) => {
    const summary = results.summary({ ...query, factors: { ...query.factors, [factor]: level } });
    if (summary === null) return [];
    const { median, least, most } = summary;
    return { x: Number(level), model, median: median * scale, least: least * scale, most: most * scale };
  });
}

export function curves({ points: all, x, y, ...figure }: Curves): Figure {
  const ticks = [...new Set(all.map((point) => point.x))].sort((a, b) => a - b);
  const names = [...new Set(all.map(({ model }) => model))];
  return {
    ...figure,
    plot: {
      x: { type: x.log ? 'log' : 'linear', label: x.label, ticks, tickFormat: short, inset: 12 },
      y: { type: y.log ? 'log' : 'linear', label: y.label, grid: true, nice: true, tickFormat: short },
      color: { domain: names },
      marks: [
        ...(y.log ? [] : [Plot.ruleY([0])]),
        Plot.ruleX(all, { x: 'x', y1: 'least', y2: 'most', stroke: 'model', strokeWidth: 2.5 }),
        Plot.lineY(all, { x: 'x', y: 'median', stroke: 'model' }),
        // The later the smaller, so that what lies under it can be seen.
        ...names.map((name, place) =>
          Plot.dot(
            all.filter(({ model }) => model === name),
            { x: 'x', y: 'median', fill: 'model', symbol: 'model', r: 6.5 - place },
          ),
        ),
      ],
    },
  };
}

/** 10 k, 1 M. */
function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  if (value >= 10_000) return `${value / 1000} k`;
  return value.toLocaleString('en');
}
