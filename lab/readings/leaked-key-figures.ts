/** The plots of the leaked key. */

import * as Plot from '@observablehq/plot';
import { MODELS } from '../harness/observation.js';
import type { Figure } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { BEYOND } from './beyond.js';
import { honest, PROCESSES } from './leaked-key-facts.js';

export function figures(results: Results): Figure[] {
  const dead = results.observations({ metric: 'time until dead' }).map(({ model, factors, value }) => ({
    model,
    process: factors['process'],
    ms: Number(value),
  }));
  // Runs of a time before there were any have no row for them.
  const beyond = BEYOND.filter((door) => dead.some(({ process }) => process === door));
  const users = MODELS.flatMap((model) =>
    ['undisturbed', 'renewed silently', 'must sign in again'].flatMap((outcome) => {
      const found = honest(results, model, outcome);
      return found === null ? [] : [{ model, outcome, share: (found.users / found.of) * 100 }];
    }),
  );
  return [
    {
      name: 'leaked-key-dead',
      title: 'How long a forgery lived on after the operator asked for the revocation of the key',
      description:
        "Milliseconds from the operator's request to the first refusal of a forged token, on the process that was asked, on a second one on the same database and, where they were tried, on another node on PostgreSQL and at a service with the feed; one dot per round. In a model that is missing, nothing was accepted to begin with.",
      plot: {
        height: 200 + 40 * beyond.length,
        marginLeft: 205,
        x: { label: 'time until the forgery was refused (ms)', grid: true, zero: true, nice: true },
        y: { label: null, domain: [...PROCESSES, ...beyond] },
        marks: [
          Plot.ruleX([0]),
          Plot.dot(dead, { x: 'ms', y: 'process', stroke: 'model', symbol: 'model', r: 5 }),
        ],
      },
    },
    {
      name: 'leaked-key-users',
      title: 'What the revocation costs honest users',
      description:
        'For each model, the share of honest users who noticed nothing, whose client renewed silently, and who had to sign in again.',
      plot: {
        height: 220,
        marginLeft: 100,
        x: { label: 'honest users (%)', grid: true, domain: [0, 100] },
        y: { label: null, domain: [...MODELS] },
        color: { domain: ['undisturbed', 'renewed silently', 'must sign in again'] },
        marks: [Plot.barX(users, { x: 'share', y: 'model', fill: 'outcome' }), Plot.ruleX([0])],
      },
    },
  ];
}
