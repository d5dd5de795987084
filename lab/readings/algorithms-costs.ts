/** The costs' part of the reading of `algorithms`: microseconds and bytes of each. */

import * as Plot from '@observablehq/plot';
import type { Figure, Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, plain, ranged } from './amounts.js';

/** In the order of the migration. */
export const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'ML-DSA-44'] as const;
const microseconds = (value: number) => `${plain(value)} µs`;

/** A sentence that says how far the algorithms are apart; empty where fewer than two were measured. */
export function dearest(results: Results): string {
  const known = ALGORITHMS.flatMap((algorithm) => {
    const at = (metric: string) => results.summary({ metric, factors: { algorithm } })?.median;
    const [sign, verify, size] = [at('sign'), at('verify'), at('plain token')];
    return sign && verify && size ? [{ algorithm, sign, verify, size }] : [];
  });
  const by = (key: 'sign' | 'verify' | 'size') => [...known].sort((a, b) => a[key] - b[key]);
  const [cheap, dear] = [by('sign')[0], by('sign').at(-1)];
  const large = by('size').at(-1);
  if (!cheap || !dear || !large || cheap === dear) return '';
  return `A signature took from ${microseconds(cheap.sign)} (${cheap.algorithm}) to ${microseconds(dear.sign)} (${dear.algorithm}), and the largest token is that of ${large.algorithm} with ${count(large.size)} bytes.`;
}

export function costs(results: Results): Table {
  return {
    caption: 'What each algorithm costs, one operation after another on one core',
    head: ['algorithm', 'sign', 'verify', 'token (bytes)'],
    rows: ALGORITHMS.map((algorithm) => {
      const factors = { algorithm };
      if (results.word({ metric: 'runtime has it', factors }) === 'false')
        return [algorithm, 'not in this runtime', 'not in this runtime', 'not in this runtime'];
      return [
        algorithm,
        ranged(results.summary({ metric: 'sign', factors }), microseconds),
        ranged(results.summary({ metric: 'verify', factors }), microseconds),
        ranged(results.summary({ metric: 'plain token', factors }), count),
      ];
    }),
  };
}

function bars(results: Results, metric: string, name: string) {
  return ALGORITHMS.flatMap((algorithm) => {
    const summary = results.summary({ metric, factors: { algorithm } });
    return summary === null ? [] : [{ algorithm, operation: name, ...summary }];
  });
}

export function costFigure(results: Results): Figure {
  const all = [...bars(results, 'sign', 'sign'), ...bars(results, 'verify', 'verify')];
  return {
    name: 'algorithms-cost',
    title: 'What signing and verifying a token takes',
    description:
      'Microseconds on a logarithmic axis for each algorithm, one dot for signing and one for verifying, with a rule from the least to the greatest of the rounds.',
    plot: {
      height: 240,
      marginLeft: 90,
      x: { type: 'log', label: 'time (µs)', grid: true, nice: true },
      y: {
        label: null,
        domain: ALGORITHMS.filter((name) => all.some(({ algorithm }) => algorithm === name)),
      },
      color: { domain: ['sign', 'verify'] },
      marks: [
        Plot.ruleY(all, { y: 'algorithm', x1: 'least', x2: 'most', stroke: 'operation', strokeWidth: 2.5 }),
        Plot.dot(all, { y: 'algorithm', x: 'median', fill: 'operation', symbol: 'operation', r: 6 }),
      ],
    },
  };
}

export function sizeFigure(results: Results): Figure {
  const all = bars(results, 'plain token', 'token');
  return {
    name: 'algorithms-size',
    title: 'Bytes of an access token',
    description: 'Bytes of an access token, a bar for each algorithm.',
    plot: {
      height: 220,
      marginLeft: 90,
      marginRight: 60,
      x: { label: 'access token (bytes)', grid: true },
      y: { label: null, domain: all.map(({ algorithm }) => algorithm) },
      marks: [
        Plot.barX(all, { y: 'algorithm', x: 'median', fill: 'operation', insetTop: 6, insetBottom: 6 }),
        Plot.text(all, {
          y: 'algorithm',
          x: 'median',
          text: ({ median }: { median: number }) => count(median),
          textAnchor: 'start',
          dx: 5,
        }),
        Plot.ruleX([0]),
      ],
    },
  };
}
