/** The farm's part of the reading of `scaling`: throughput over processes, what they share, and what dies with one. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Figure, Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { quantile } from '../harness/statistics.js';
import { count, milliseconds, NOT_MEASURED, perSecond, plain, ranged } from './amounts.js';
import { curves, points } from './curves.js';
import { type Database, databases } from './scaling-databases.js';

const METRIC = 'farm throughput';

/** What the most processes gave as a multiple of what one gave; null where either was not measured. */
export function farmGain(
  results: Results,
  model: Model,
  database: Database,
): { readonly times: number; readonly processes: number } | null {
  const measured = results.observations({ metric: METRIC, model, factors: { database } });
  const processes = Math.max(...measured.map(({ factors }) => Number(factors['processes'])));
  const [one, most] = [1, processes].map((of) => farmThroughput(results, model, database, of));
  return one && most && processes > 1 ? { times: most / one, processes } : null;
}

/** Requests per second, the median. */
export function farmThroughput(results: Results, model: Model, database: Database, processes: number) {
  return results.summary({ metric: METRIC, model, factors: { database, processes } })?.median ?? null;
}

export interface Losses {
  /** Whether a session made at one process was known to the other each time. */
  readonly shared: boolean;
  readonly clients: number;
  readonly signedOut: number;
  readonly requestsLost: number;
  readonly renewalsLost: number;
}

/** Sums over all rounds; null where no process was killed. */
export function losses(results: Results, model: Model, database: Database): Losses | null {
  const factors = { database };
  const known = results.observations({ metric: 'login known elsewhere', model, factors });
  const sum = (metric: string) =>
    results.observations({ metric, model, factors }).reduce((total, { value }) => total + Number(value), 0);
  const clients = sum('crash clients');
  if (known.length === 0 || clients === 0) return null;
  return {
    shared: known.every(({ value }) => value === true),
    clients,
    signedOut: sum('crash clients signed out'),
    requestsLost: sum('crash requests lost'),
    renewalsLost: sum('crash renewals lost'),
  };
}

/** How long after a logout another process still opened: p50, p99 and most, in words. */
export function feltAfter(results: Results, model: Model, database: Database): string {
  const factors = { database };
  const felt = results.observations({ metric: 'logout felt elsewhere', model, factors });
  if (felt.length === 0) return NOT_MEASURED;
  if (!felt.every(({ value }) => value === true)) return 'not while it was tried';
  const after = results
    .observations({ metric: 'logout felt after', model, factors })
    .map(({ value }) => Number(value))
    .sort((one, other) => one - other);
  if (after.length === 0) return NOT_MEASURED;
  return [0.5, 0.99, 1].map((at) => milliseconds(quantile(after, at))).join(', ');
}

export function farmTables(results: Results): Table[] {
  return [
    spreadTable(results, METRIC, 'Requests per second of several processes on one database', perSecond),
    spreadTable(results, 'farm p99', 'p99 of the slowest of several processes', milliseconds),
    feltTable(results),
    ...databases(results, 'crash clients').map((database) => lossTable(results, database)),
  ];
}

function spreadTable(
  results: Results,
  metric: string,
  caption: string,
  format: (value: number) => string,
): Table {
  const rows = databases(results, metric).flatMap((database) =>
    results.levels(metric, 'processes').flatMap((processes) => {
      const factors = { database, processes };
      const summaries = MODELS.map((model) => results.summary({ metric, model, factors }));
      if (summaries.every((summary) => summary === null)) return [];
      return [[database, count(Number(processes)), ...summaries.map((each) => ranged(each, format))]];
    }),
  );
  return { caption, head: ['database', 'processes', ...MODELS], rows };
}

function feltTable(results: Results): Table {
  const measured = databases(results, 'logout felt elsewhere');
  return {
    caption: 'A logout at one process is felt by another after (p50, p99, most)',
    head: ['database', 'logouts', ...MODELS],
    rows: measured.map((database) => {
      const factors = { database };
      const tried = MODELS.map(
        (model) => results.observations({ metric: 'logout felt elsewhere', model, factors }).length,
      );
      return [
        database,
        tried.map(count).join(', '),
        ...MODELS.map((model) => feltAfter(results, model, database)),
      ];
    }),
  };
}

function lossTable(results: Results, database: Database): Table {
  const of = new Map(MODELS.map((model) => [model, losses(results, model, database)]));
  const cells = (say: (lost: Losses) => string) =>
    MODELS.map((model) => {
      const lost = of.get(model);
      return lost ? say(lost) : NOT_MEASURED;
    });
  return {
    caption: `What processes on one database (${database}) share, and what dies with one of them; sums of all rounds`,
    head: ['', ...MODELS],
    rows: [
      ['a login at one is known to another', ...cells(({ shared }) => (shared ? 'at once' : 'not always'))],
      ['clients at work when one was killed', ...cells(({ clients }) => count(clients))],
      ['their requests that got no answer', ...cells(({ requestsLost }) => count(requestsLost))],
      ['of these, renewals of a credential', ...cells(({ renewalsLost }) => count(renewalsLost))],
      ['clients that ended up signed out', ...cells(({ signedOut }) => count(signedOut))],
    ],
  };
}

const FILES: readonly (readonly [Database, name: string])[] = [
  ['SQLite', 'scaling-farm'],
  ['PostgreSQL', 'scaling-farm-postgres'],
];

export function farmFigures(results: Results): Figure[] {
  const measured = databases(results, METRIC);
  return FILES.filter(([database]) => measured.includes(database)).map(([database, name]) => {
    const gains = MODELS.flatMap((model) => {
      const gain = farmGain(results, model, database);
      return gain === null ? [] : [`${model} ${plain(gain.times)} times`];
    });
    return curves({
      name,
      title: `Throughput of several processes on one database (${database})`,
      description: `Requests per second over the number of processes, a line for each model. From one to the most processes: ${gains.join(', ')}.`,
      x: { label: 'server processes' },
      y: { label: 'throughput (requests/s)' },
      points: MODELS.flatMap((model) =>
        points(results, model, { metric: METRIC, model, factor: 'processes', factors: { database } }),
      ),
    });
  });
}
