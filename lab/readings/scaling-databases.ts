/** The databases that farms of the experiment `scaling` were on, and what one client alone waits for on each. */

import * as Plot from '@observablehq/plot';
import { MODELS, type Model } from '../harness/observation.js';
import type { Figure, Table } from '../harness/reading.js';
import { Results } from '../harness/results.js';
import { milliseconds, NOT_MEASURED, ranged } from './amounts.js';

/** The levels of the factor `database`, in the order in which the report has them. */
const DATABASES = ['SQLite', 'PostgreSQL', 'PostgreSQL by proxy', 'PostgreSQL, 1 ms away'] as const;
export type Database = (typeof DATABASES)[number];

const OF_A_FARM = /^(farm |alone |crash |login known elsewhere$|logout felt )/;

/** Figures of a time when there was only one database say nothing of it. */
export function withDatabases({ raw }: Results): Results {
  const steps = raw.steps.map((step) => ({
    ...step,
    observations: step.observations.map((seen) =>
      OF_A_FARM.test(seen.metric) && seen.factors['database'] === undefined
        ? { ...seen, factors: { ...seen.factors, database: 'SQLite' } }
        : seen,
    ),
  }));
  return new Results({ ...raw, steps });
}

/** Those of which the metric was measured. */
export function databases(results: Results, metric: string): Database[] {
  const measured = results.levels(metric, 'database');
  return DATABASES.filter((database) => measured.includes(database));
}

/** Milliseconds, the median; null where it was not measured. */
export function aloneOn(results: Results, model: Model, database: Database): number | null {
  return results.summary({ metric: 'alone p50', model, factors: { database } })?.median ?? null;
}

export function aloneTables(results: Results): Table[] {
  const measured = databases(results, 'alone p50');
  if (measured.length === 0) return [];
  return [
    {
      caption:
        'What a request takes (p50) when one client asks alone, beside an empty question to the database',
      head: ['database', 'round trip', ...MODELS],
      rows: measured.map((database) => {
        const factors = { database };
        const trip = results.summary({ metric: 'database round trip', factors });
        return [
          database,
          database === 'SQLite' ? 'none' : trip === null ? NOT_MEASURED : milliseconds(trip.median),
          ...MODELS.map((model) =>
            ranged(results.summary({ metric: 'alone p50', model, factors }), milliseconds),
          ),
        ];
      }),
    },
  ];
}

export function aloneFigures(results: Results): Figure[] {
  const measured = databases(results, 'alone p50');
  // One database alone is nothing to compare.
  if (measured.length < 2) return [];
  const dots = results
    .observations({ metric: 'alone p50' })
    .map(({ model, factors, value }) => ({ model, database: factors['database'], ms: Number(value) }));
  return [
    {
      name: 'scaling-alone',
      title: 'What one client alone waits for, by where the database is',
      description:
        'The median time of a request, with nobody else asking, on SQLite and on PostgreSQL near and far; one dot for each model and round.',
      plot: {
        height: 60 + 40 * measured.length,
        marginLeft: 170,
        x: { label: 'p50 of a request (ms)', grid: true, zero: true, nice: true },
        y: { label: null, domain: measured },
        marks: [
          Plot.ruleX([0]),
          Plot.dot(dots, { x: 'ms', y: 'database', stroke: 'model', symbol: 'model', r: 5 }),
        ],
      },
    },
  ];
}
