/** The tables of the leaked key: what a forger gets, and what the revocation of the key does and costs. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { amount, count, NOT_MEASURED } from './amounts.js';
import { beyondRows } from './beyond.js';
import { dies, forgeries, honest, PROCESSES, wasAccepted } from './leaked-key-facts.js';

function worded(value: boolean | null, yes: string, no: string): string {
  return value === null ? NOT_MEASURED : value ? yes : no;
}

export function accepted(results: Results): Table {
  return {
    caption: 'What the server lets pass that was signed with the stolen key',
    head: ['forgery', ...MODELS],
    rows: forgeries(results).map((forgery) => [
      forgery,
      ...MODELS.map((model) => worded(wasAccepted(results, model, forgery), '**accepted**', 'refused')),
    ]),
  };
}

export function revoked(results: Results): Table {
  const row = (name: string, of: (model: Model) => string) => [name, ...MODELS.map(of)];
  const users = (outcome: string) => (model: Model) => {
    const found = honest(results, model, outcome);
    return found === null ? NOT_MEASURED : `${count(found.users)} of ${count(found.of)}`;
  };
  return {
    caption: 'After `revokeSigningKey`',
    head: ['', ...MODELS],
    rows: [
      row('duration of the mutation', (model) =>
        amount(results.summary({ metric: 'revocation', model }), 'ms'),
      ),
      ...PROCESSES.map((process) =>
        row(`${process}, from the operator's request to the first refusal`, (model) => {
          const fate = dies(results, model, process);
          if (fate === 'never worked') return 'the forgery never worked';
          if (fate === 'goes on') return 'not refused while it was tried';
          return amount(results.summary({ metric: 'time until dead', model, factors: { process } }), 'ms');
        }),
      ),
      ...PROCESSES.map((process) =>
        row(`${process}, forgeries let in that were sent after the answer`, (model) => {
          if (dies(results, model) === 'never worked') return 'none';
          const factors = { process };
          return amount(results.summary({ metric: 'opened after the answer', model, factors }), 'requests');
        }),
      ),
      ...beyondRows(results, "the operator's request", (model) =>
        dies(results, model) === 'never worked' ? 'the forgery never worked' : null,
      ),
      row('honest users who notice nothing', users('undisturbed')),
      row('honest users whose client renews silently', users('renewed silently')),
      row('honest users who must sign in again', users('must sign in again')),
      row('forgery renewed after a rotation, tried after the revocation of the leaked key', (model) => {
        const found = results.word({ metric: 'accepted after rotation and revocation', model });
        return found === null ? NOT_MEASURED : found === 'false' ? 'refused' : '**accepted**';
      }),
    ],
  };
}

/** Services elsewhere go by the public keys, whatever the model of the server is; only their users differ. */
export function outside(results: Results): Table {
  const keeps = amount(results.summary({ metric: 'outside keeps keys' }), 's');
  const seen = (keys: string) => (model: Model) => {
    const found = results.word({ metric: 'outside accepts', model, factors: { keys } });
    if (found === null) return NOT_MEASURED;
    const said = found === 'false' ? 'refused' : '**accepted**';
    return model === 'stateful' ? `${said}, but no honest token is checked so` : said;
  };
  return {
    caption: 'A forgery that lives for a year, in a service elsewhere that checks only signature and times',
    head: ['public keys', ...MODELS],
    rows: [
      [
        `fetched before the revocation (it may keep them ${keeps})`,
        ...MODELS.map(seen('fetched before the revocation')),
      ],
      ['fetched after it', ...MODELS.map(seen('fetched after it'))],
    ],
  };
}
