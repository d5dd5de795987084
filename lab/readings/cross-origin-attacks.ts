/** What hostile pages got, and what listing an origin lets its pages do. */

import { MODELS, type Model, type Observation } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { NOT_MEASURED } from './amounts.js';
import { OTHER_PLACES } from './cross-origin-flows.js';

/** Done on a page of the server's own origin, these must be noticed, in every model: else no count of nought means anything. */
const CONTROLS = ['renew', 'sign in as the attacker', 'sign out'];
const AIMS = ['read', ...CONTROLS];

export interface Attacks {
  readonly tried: number;
  readonly through: number;
  readonly noticed: boolean;
}

/** Attacks by pages that are not listed; of all models where none is named. */
export function attacksOf(results: Results, model?: Model): Attacks {
  const seen = results
    .observations({
      metric: 'got through',
      factors: { listed: false },
      ...(model === undefined ? {} : { model }),
    })
    .filter(isForeign);
  return {
    tried: seen.length,
    through: seen.filter(({ value }) => value !== 0).length,
    noticed: (model === undefined ? MODELS : [model]).every((one) =>
      CONTROLS.every((aim) => harms(results, one, { place: 'same origin', listed: false, aim })),
    ),
  };
}

function isForeign({ factors }: Observation): boolean {
  return factors['place'] !== 'same origin';
}

/** Whether an attack got through in every round. */
function harms(
  results: Results,
  model: Model,
  factors: { place: string; listed: boolean; aim: string },
): boolean {
  return results.word({ metric: 'got through', model, factors }) === '1';
}

/** Such as `0 of 63`. */
export function throughOf({ tried, through, noticed }: Attacks): string {
  if (tried === 0) return NOT_MEASURED;
  return `${through} of ${tried}${noticed ? '' : ' (but what must be noticed was not)'}`;
}

/** The attacks from a place that is not listed: how many reached the server with the visitor's cookie, and got through. */
export function attacksFrom(
  results: Results,
  place: string,
): { tried: number; carried: number; through: number } {
  const factors = { listed: false, place };
  const endings = results.observations({ metric: 'attack ended', factors });
  return {
    tried: endings.length,
    carried: endings.filter(({ value }) => String(value).startsWith('with the cookie')).length,
    through: results.observations({ metric: 'got through', factors }).filter(({ value }) => value !== 0)
      .length,
  };
}

export function attackTable(results: Results): Table {
  return {
    caption: 'How the attacks of pages that are not listed ended, in all models',
    head: ['attack by', ...OTHER_PLACES.map((place) => `from ${place}`)],
    rows: vectorsOf(results).map((vector) => [
      vector,
      ...OTHER_PLACES.map((place) => ending(results, place, vector)),
    ]),
  };
}

/** In the order in which they were tried. */
function vectorsOf(results: Results): string[] {
  const seen = results.observations({ metric: 'attack ended', factors: { listed: false } });
  return [...new Set(seen.filter(isForeign).map(({ factors }) => String(factors['vector'])))];
}

function ending(results: Results, place: string, vector: string): string {
  const factors = { place, vector, listed: false };
  const words = results.word({ metric: 'attack ended', factors }) ?? NOT_MEASURED;
  const through = results.observations({ metric: 'got through', factors }).some(({ value }) => value !== 0);
  return through ? `**got through** (${words})` : words;
}

/** What a page that may ask can do, with the cookie alone, to whoever looks at it. */
export function trustedMay(results: Results, model: Model, place: string, listed: boolean): string {
  const known = AIMS.every(
    (aim) => results.word({ metric: 'got through', model, factors: { place, listed, aim } }) !== null,
  );
  if (!known) return NOT_MEASURED;
  return AIMS.filter((aim) => harms(results, model, { place, listed, aim })).join(', ') || 'nothing';
}

export function trustTable(results: Results): Table {
  const pages = [
    { place: 'same origin', listed: false },
    ...OTHER_PLACES.map((place) => ({ place, listed: true })),
  ];
  return {
    caption: 'What script of a trusted page can do with the cookie alone of whoever looks at it',
    head: ['trusted page on', ...MODELS],
    rows: pages.map(({ place, listed }) => [
      listed ? `${place}, listed` : place,
      ...MODELS.map((model) => trustedMay(results, model, place, listed)),
    ]),
  };
}
