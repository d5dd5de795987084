/** The plots of the stolen phone. */

import * as Plot from '@observablehq/plot';
import { MODELS } from '../harness/observation.js';
import type { Figure } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { BEYOND } from './beyond.js';
import { ends, PROCESSES } from './stolen-phone-facts.js';

const PLACES: Readonly<Record<string, string>> = {
  elsewhere: 'elsewhere, by the public keys',
  'server, renewed by the thief': 'renewed by the thief',
};

export function figures(results: Results): Figure[] {
  const seen = results
    .observations({ metric: 'logout of all' })
    .filter(({ model }) => model !== null && ends(results, model) === true)
    .map(({ model, factors, value }) => ({
      model,
      sessions: Number(factors['sessions']),
      ms: Number(value),
    }));
  const medians = MODELS.flatMap((model) =>
    [...new Set(seen.filter((each) => each.model === model).map(({ sessions }) => sessions))].map(
      (sessions) => ({
        model,
        sessions,
        ms: results.summary({ metric: 'logout of all', model, factors: { sessions } })?.median,
      }),
    ),
  );
  const dead = results
    .observations({ metric: 'time until dead' })
    .map(({ model, factors, value }) => ({ model, place: String(factors['process']), ms: Number(value) }));
  // Runs of a time before there were any have no row for them.
  const beyond = BEYOND.filter((door) => dead.some(({ place }) => place === door));
  const later = results
    .observations({ metric: 'opened for' })
    .filter(({ factors, value }) => factors['where'] !== 'server' && Number(value) > 0)
    .map(({ model, factors, value }) => ({
      model,
      place: PLACES[String(factors['where'])] ?? '',
      ms: Number(value) * 1000,
    }));
  return [
    {
      name: 'stolen-phone-duration',
      title: 'Logging out all devices, by the number of sessions',
      description:
        'Duration of logoutAllDevices in milliseconds against the number of sessions of the user, on a logarithmic axis; one dot per logout, a line through the medians. The stateless model cannot do it.',
      plot: {
        x: {
          type: 'log',
          label: 'sessions of the user',
          ticks: [10, 100, 1_000, 10_000, 100_000],
          tickFormat: (count: number) => count.toLocaleString('en'),
        },
        y: { label: 'duration (ms)', zero: true, nice: true, grid: true },
        marks: [
          Plot.ruleY([0]),
          Plot.dot(seen, { x: 'sessions', y: 'ms', stroke: 'model', symbol: 'model' }),
          Plot.line(medians, { x: 'sessions', y: 'ms', stroke: 'model' }),
        ],
      },
    },
    {
      name: 'stolen-phone-dead',
      title: 'How long the stolen credential went on',
      description:
        "The time, on a logarithmic axis, for which the phone's credential still opened something after its owner logged out all devices: at the server's own processes, at another node on PostgreSQL and a service with the feed where they were tried, in a service that knows only the public keys, and renewed by a thief; one dot per try. The last two were measured with lifetimes of seconds.",
      plot: {
        height: 260 + 30 * beyond.length,
        marginLeft: 215,
        x: {
          type: 'log',
          label: 'time until it opened nothing (ms below 1 s, s above)',
          grid: true,
          nice: true,
          ticks: [1, 10, 100, 1_000, 10_000, 100_000],
          tickFormat: (ms: number) => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`),
        },
        y: { label: null, domain: [...PROCESSES, ...beyond, ...Object.values(PLACES)] },
        marks: [
          Plot.dot([...dead, ...later], { x: 'ms', y: 'place', stroke: 'model', symbol: 'model', r: 5 }),
        ],
      },
    },
  ];
}
