/** What the search for credentials found in addresses, referrers and the log. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { NOT_MEASURED } from './amounts.js';

/** Texts with a credential, before any was put there on purpose; null where nothing was searched. */
export function found(results: Results, model: Model): number | null {
  const counts = results.observations({ metric: 'credentials found', model });
  return counts.length === 0 ? null : sum(counts.map(({ value }) => value));
}

/** Addresses with a credential put there on purpose that the search found; in all models where none is named. */
export function planted(results: Results, model?: Model): number {
  const query = { metric: 'planted found', factors: { where: 'addresses that reached the server' } };
  const counts = results.observations(model === undefined ? query : { ...query, model });
  return sum(counts.map(({ value }) => value));
}

/** Such as `0 of 30`: names of parameters and methods by which a credential in an address opened something. */
export function acceptedInAddresses(results: Results): string {
  const tried = results.observations({ metric: 'credential in an address' });
  return `${tried.filter(({ value }) => value !== 'not accepted').length} of ${tried.length} ways`;
}

export function searchTable(results: Results): Table {
  const places = results.levels('credentials found', 'where').map(String);
  return {
    caption: 'Texts that hold a credential, of those that were searched',
    head: ['searched', ...MODELS],
    rows: [
      ...places.map((where) => [
        where,
        ...MODELS.map((model) => ofSearched(results, model, 'credentials found', where)),
      ]),
      ...places
        .filter((where) => !where.endsWith('headers'))
        .map((where) => [
          `${where}, with credentials put into addresses`,
          ...MODELS.map((model) => ofSearched(results, model, 'planted found', where)),
        ]),
      ['credentials issued and searched for', ...MODELS.map((model) => issued(results, model))],
      ['ways to put one into an address that open anything', ...MODELS.map((model) => ways(results, model))],
    ],
  };
}

function ofSearched(results: Results, model: Model, metric: string, where: string): string {
  const counts = results.observations({ metric, model, factors: { where } });
  const searched = results.observations({ metric: 'searched', model, factors: { where, search: metric } });
  if (counts.length === 0) return NOT_MEASURED;
  return `${sum(counts.map(({ value }) => value))} of ${sum(searched.map(({ value }) => value))}`;
}

function issued(results: Results, model: Model): string {
  const counts = results.observations({ metric: 'credentials issued', model });
  return counts.length === 0 ? NOT_MEASURED : String(sum(counts.map(({ value }) => value)));
}

function ways(results: Results, model: Model): string {
  const tried = results.observations({ metric: 'credential in an address', model });
  if (tried.length === 0) return NOT_MEASURED;
  return `${tried.filter(({ value }) => value !== 'not accepted').length} of ${tried.length}`;
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}
