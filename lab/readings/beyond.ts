/** Doors beyond one machine, as the experiments on the stolen phone and on the leaked key name them; and their rows. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Results } from '../harness/results.js';
import { amount, median, NOT_MEASURED } from './amounts.js';

export const BEYOND = ['another node on PostgreSQL', 'a service with the feed'] as const;
type Door = (typeof BEYOND)[number];

const NAMES: Readonly<Record<Door, string>> = {
  'another node on PostgreSQL': 'another node on one PostgreSQL',
  'a service with the feed': 'a service with `counterfoil/verify` and the feed',
};

/** Whether the door was shut each time; null where it was not tried. */
function isShut(results: Results, model: Model, process: Door): boolean | null {
  const found = results.observations({ metric: 'dead', model, factors: { process } });
  return found.length === 0 ? null : found.every(({ value }) => value === true);
}

/** `cell` says what a model has that was not tried, or null to leave it at "not measured". */
export function beyondRows(
  results: Results,
  from: string,
  cell: (model: Model, door: Door) => string | null,
): string[][] {
  const row = (name: string, door: Door, of: (model: Model) => string) => [
    `${NAMES[door]}, ${name}`,
    ...MODELS.map((model) => {
      const shut = isShut(results, model, door);
      if (shut === null) return cell(model, door) ?? NOT_MEASURED;
      return of(model);
    }),
  ];
  return BEYOND.flatMap((process) => [
    row(`from ${from} to the first refusal`, process, (model) =>
      isShut(results, model, process) === true
        ? amount(results.summary({ metric: 'time until dead', model, factors: { process } }), 'ms')
        : 'not refused while it was tried',
    ),
    row('requests let in that were sent after the answer', process, (model) =>
      amount(results.summary({ metric: 'opened after the answer', model, factors: { process } }), 'requests'),
    ),
  ]);
}

/** One model's doors in half a sentence. */
export function beyondSaid(results: Results, model: Model): string {
  return BEYOND.map((process) => {
    const shut = isShut(results, model, process);
    if (shut === null) return `${NAMES[process]}: ${NOT_MEASURED}`;
    const after = median(results.summary({ metric: 'time until dead', model, factors: { process } }), 'ms');
    return shut ? `${NAMES[process]} refused it after ${after}` : `${NAMES[process]} went on accepting it`;
  }).join(', ');
}
