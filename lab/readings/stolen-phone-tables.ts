/** The tables of the stolen phone: how long a logout of all devices takes, and how long doors stay open after it. */

import { DEFAULT_LIFETIMES } from '../harness/expiry-settings.js';
import { MODELS, type Model } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { amount, count, NOT_MEASURED, plain } from './amounts.js';
import { beyondRows } from './beyond.js';
import { ends, openedFor, PROCESSES, untilDead } from './stolen-phone-facts.js';

export const DEFAULT_ACCESS_S = DEFAULT_LIFETIMES.accessTtlMs / 1000;
const DEFAULT_ABSOLUTE_DAYS = DEFAULT_LIFETIMES.absoluteTtlMs / 86_400_000;

export function durations(results: Results): Table {
  const levels = results.levels('logout of all', 'sessions');
  return {
    caption: 'Duration of `logoutAllDevices` over HTTP, by the number of sessions of the user (ms)',
    head: ['sessions', ...MODELS],
    rows: levels.map((sessions) => [
      count(Number(sessions)),
      ...MODELS.map((model) => {
        const factors = { sessions };
        const answer = results.word({ metric: 'answer', model, factors });
        if (answer === 'UnsupportedByModel') return `\`${answer}\``;
        if (answer === null && ends(results, model) === false) return 'not tried: it keeps no sessions';
        return amount(results.summary({ metric: 'logout of all', model, factors }), 'ms');
      }),
    ]),
  };
}

export function openDoors(results: Results): Table {
  const perModel = (of: (model: Model) => string) => MODELS.map(of);
  const opened = (where: string) =>
    perModel((model) => {
      if (where === 'elsewhere' && results.word({ metric: 'verifiable elsewhere', model }) === 'false')
        return 'cannot be verified elsewhere';
      return amount(openedFor(results, model, where), 's');
    });
  return {
    caption: "How long the phone's credential opens doors",
    head: ['', ...MODELS],
    rows: [
      ...PROCESSES.map((process) => [
        `${process}, from the owner's request to the first refusal`,
        ...perModel((model) =>
          ends(results, model, process) === false
            ? 'not refused while it was tried'
            : amount(untilDead(results, model, process), 'ms'),
        ),
      ]),
      ...PROCESSES.map((process) => [
        `${process}, requests let in that were sent after the answer`,
        ...perModel((model) => {
          const seen = results.summary({ metric: 'opened after the answer', model, factors: { process } });
          return amount(seen, 'requests');
        }),
      ]),
      ...beyondRows(results, "the owner's request", (model, door) =>
        model === 'stateful' && door === 'a service with the feed' ? 'cannot be verified elsewhere' : null,
      ),
      [
        'life that the credential had left (measured, with short lifetimes)',
        ...perModel((model) =>
          amount(results.summary({ metric: 'life left', model, factors: { of: 'credential' } }), 's'),
        ),
      ],
      ['at the server after the answer (measured)', ...opened('server')],
      [
        'at the server, in the hands of a thief who renews it (measured)',
        ...opened('server, renewed by the thief'),
      ],
      ['in a service that knows only the public keys (measured)', ...opened('elsewhere')],
      [
        'in such a service, with the default lifetimes (calculated)',
        ...perModel((model) =>
          results.word({ metric: 'verifiable elsewhere', model }) === 'true'
            ? `up to ${plain(DEFAULT_ACCESS_S)} s`
            : (opened('elsewhere')[MODELS.indexOf(model)] ?? NOT_MEASURED),
        ),
      ],
      [
        'in the hands of a thief who renews it, with the default lifetimes (calculated)',
        ...perModel((model) => afterRenewals(results, model)),
      ],
    ],
  };
}

/** Whether renewing led beyond the life of the credential; then only the absolute lifetime ends it. */
function afterRenewals(results: Results, model: Model): string {
  const renewed = openedFor(results, model, 'server, renewed by the thief');
  const credential = results.summary({ metric: 'life left', model, factors: { of: 'credential' } });
  if (renewed === null || credential === null) return NOT_MEASURED;
  if (renewed.median === 0) return 'renewal is refused';
  return renewed.median > credential.median
    ? `up to ${plain(DEFAULT_ABSOLUTE_DAYS)} days`
    : `up to ${plain(DEFAULT_ACCESS_S)} s`;
}
