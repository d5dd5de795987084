/** The flows of the cross-origin experiment as a table, and which of them work. */

import { MODELS, type Model } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { NOT_MEASURED } from './amounts.js';

export const OTHER_PLACES = ['other port', 'sibling subdomain', 'foreign site'];
const OPERATIONS = ['sign in', 'authenticated request', 'renewal', 'sign out'];
const WORKS = 'works';

export interface Flow {
  readonly place: string;
  readonly listed: boolean;
  readonly credential: 'cookie' | 'bearer';
  readonly model: Model;
}

const PAGES: readonly Pick<Flow, 'place' | 'listed'>[] = [
  { place: 'same origin', listed: false },
  ...OTHER_PLACES.flatMap((place) => [true, false].map((listed) => ({ place, listed }))),
];

/** How each step ended, in the order of `OPERATIONS`; null for a step that was not measured. */
function stepsOf(results: Results, { model, ...factors }: Flow): (string | null)[] {
  return OPERATIONS.map((operation) =>
    results.word({ metric: 'outcome', model, factors: { ...factors, operation } }),
  );
}

/** Whether the whole flow works; null where that is not known. */
export function works(results: Results, flow: Flow): boolean | null {
  const steps = stepsOf(results, flow);
  return steps.includes(null) ? null : steps.every((step) => step === WORKS);
}

/** Such as `3 of 4`. */
export function workingSteps(results: Results, flow: Flow): string {
  const steps = stepsOf(results, flow);
  return steps.includes(null)
    ? NOT_MEASURED
    : `${steps.filter((step) => step === WORKS).length} of ${steps.length}`;
}

/** Such as `48 of 48`: the steps that did not work on pages of other origins that are not listed. */
export function refusedUnlisted(results: Results, credential: Flow['credential']): string {
  const tried = results
    .observations({ metric: 'outcome', factors: { listed: false, credential } })
    .filter(({ factors }) => factors['place'] !== 'same origin');
  return `${tried.filter(({ value }) => value !== WORKS).length} of ${tried.length}`;
}

/** Whether a page is let in and then cannot stay: it asks by the access token of its sign-in, and finds no cookie to renew it. */
export function isLetDown(results: Results, flow: Flow): boolean {
  const [, request, renewal] = stepsOf(results, flow);
  return request === WORKS && renewal !== null && renewal !== WORKS;
}

export function flowTable(results: Results): Table {
  return {
    caption: 'What a page can do, by where it is and whether its origin is listed',
    head: ['page on', 'listed', 'by', ...MODELS],
    rows: PAGES.flatMap(({ place, listed }) =>
      (['cookie', 'bearer'] as const).map((credential) => [
        place,
        place === 'same origin' ? 'not needed' : listed ? 'yes' : 'no',
        credential === 'cookie' ? 'cookie' : 'bearer token',
        ...MODELS.map((model) => cell(stepsOf(results, { place, listed, credential, model }))),
      ]),
    ),
  };
}

/** One word where all steps end alike, else each step with its own. */
function cell(steps: readonly (string | null)[]): string {
  const words = steps.map((step) => step ?? NOT_MEASURED);
  const [first = NOT_MEASURED] = words;
  if (words.every((word) => word === first)) return first;
  return OPERATIONS.map((operation, at) => `${operation}: ${words[at]}`).join('; ');
}

/** Why pages that are not listed were refused, in the words of the front; empty where nothing was. */
export function reasonsUnlisted(results: Results): string[] {
  const reasons = results
    .observations({ metric: 'why', factors: { listed: false } })
    .filter(({ factors }) => factors['place'] !== 'same origin');
  return [...new Set(reasons.map(({ value }) => String(value)))];
}
