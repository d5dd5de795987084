/** The farm's part of the reading of `scaling`: throughput over processes, what they share, and what dies with one. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Figure, Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { count, milliseconds, NOT_MEASURED, perSecond, plain, ranged } from './amounts.js';
import { curves, points } from './curves.js';

const METRIC = 'farm throughput';

/** What the most processes gave as a multiple of what one gave; null where either was not measured. */
export function farmGain(
  results: Results,
  model: Model,
): { readonly times: number; readonly processes: number } | null {
  const processes = Number(results.levels(METRIC, 'processes').at(-1));
  const at = (count: number) =>
    results.summary({ metric: METRIC, model, factors: { processes: count } })?.median;
  const [one, most] = [at(1), at(processes)];
  return one && most ? { times: most / one, processes } : null;
}

export interface Losses {
  /** Whether a session made at one process was known to the other each time. */
  readonly shared: boolean;
  readonly clients: number;
  readonly signedOut: number;
  readonly requestsLost: number;
  readonly renewalsLost: number;
  /** How long after a logout the other process still opened, in words. */
  readonly feltAfter: string;
}

/** Sums over all rounds; null where no process was killed. */
export function losses(results: Results, model: Model): Losses | null {
  const known = results.observations({ metric: 'login known elsewhere', model });
  const sum = (metric: string) =>
    results.observations({ metric, model }).reduce((total, { value }) => total + Number(value), 0);
  const clients = sum('crash clients');
  if (known.length === 0 || clients === 0) return null;
  const felt = results.observations({ metric: 'logout felt elsewhere', model });
  const after = results.summary({ metric: 'logout felt after', model });
  const always = felt.length > 0 && felt.every(({ value }) => value === true);
  return {
    shared: known.every(({ value }) => value === true),
    clients,
    signedOut: sum('crash clients signed out'),
    requestsLost: sum('crash requests lost'),
    renewalsLost: sum('crash renewals lost'),
    feltAfter:
      always && after !== null
        ? `${milliseconds(after.median)}, ${milliseconds(after.most)}`
        : 'not while it was tried',
  };
}

export function farmTables(results: Results): Table[] {
  const of = new Map(MODELS.map((model) => [model, losses(results, model)]));
  const cells = (say: (lost: Losses) => string) =>
    MODELS.map((model) => {
      const lost = of.get(model);
      return lost ? say(lost) : NOT_MEASURED;
    });
  const throughput = (metric: string, caption: string, format: (value: number) => string): Table => ({
    caption,
    head: ['processes', ...MODELS],
    rows: results
      .levels(metric, 'processes')
      .map((processes) => [
        count(Number(processes)),
        ...MODELS.map((model) => ranged(results.summary({ metric, model, factors: { processes } }), format)),
      ]),
  });
  return [
    throughput(METRIC, 'Requests per second of several processes on one database', perSecond),
    throughput('farm p99', 'p99 of the slowest of several processes', milliseconds),
    {
      caption: 'What processes on one database share, and what dies with one of them; sums of all rounds',
      head: ['', ...MODELS],
      rows: [
        ['a login at one is known to another', ...cells(({ shared }) => (shared ? 'at once' : 'not always'))],
        ['a logout at one is felt by another after (median, most)', ...cells(({ feltAfter }) => feltAfter)],
        ['clients at work when one was killed', ...cells(({ clients }) => count(clients))],
        ['their requests that got no answer', ...cells(({ requestsLost }) => count(requestsLost))],
        ['of these, renewals of a credential', ...cells(({ renewalsLost }) => count(renewalsLost))],
        ['clients that ended up signed out', ...cells(({ signedOut }) => count(signedOut))],
      ],
    },
  ];
}

export function farmFigure(results: Results): Figure {
  const gains = MODELS.flatMap((model) => {
    const gain = farmGain(results, model);
    return gain === null ? [] : [`${model} ${plain(gain.times)} times`];
  });
  return curves({
    name: 'scaling-farm',
    title: 'Throughput of several processes on one database',
    description: `Requests per second over the number of processes, a line for each model. From one to the most processes: ${gains.join(', ')}.`,
    x: { label: 'server processes' },
    y: { label: 'throughput (requests/s)' },
    points: MODELS.flatMap((model) => points(results, model, { metric: METRIC, model, factor: 'processes' })),
  });
}
