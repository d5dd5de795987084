/** The tables of expiry: who was signed out in which case, and what a wrong clock costs. */

import type { Table } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { amount, count, NOT_MEASURED } from './amounts.js';
import {
  casesOf,
  FAMILIES,
  SETTINGS,
  type Setting,
  signedOut,
  spurious,
  troubleOf,
  worded,
} from './expiry-facts.js';

const HEAD = ['', ...SETTINGS];

export function summary(results: Results): Table {
  const row = (name: string, of: (setting: Setting) => string) => [name, ...SETTINGS.map(of)];
  return {
    caption: 'Visitors who had to sign in again although the configured lifetimes had not passed',
    head: HEAD,
    rows: [
      ...Object.entries(FAMILIES).map(([family, name]) =>
        row(name, (setting) => worded(spurious(results, setting, { family }))),
      ),
      row('of all these, within the lifetimes that the server itself promises', (setting) =>
        worded(signedOut(results, setting, { promised: true, ownPromise: true })),
      ),
      row('**situations in which at least a tenth of the visitors were signed out**', (setting) => {
        const trouble = troubleOf(results, setting);
        return trouble === null ? NOT_MEASURED : `**${trouble.names.length} of ${trouble.of}**`;
      }),
      row('rightly signed out, once the lifetimes had passed', (setting) =>
        worded(signedOut(results, setting, { promised: false })),
      ),
      row('left out, since the machine was late', (setting) =>
        count(
          results
            .observations({ metric: 'left out', factors: { setting } })
            .reduce((sum, { value }) => sum + Number(value), 0),
        ),
      ),
    ],
  };
}

/** Every case of a family; what was signed out rightly is in brackets. */
export function cases(results: Results, family: string): Table {
  const cell = (name: string) => (setting: Setting) => {
    const wrongly = spurious(results, setting, { family, case: name });
    if (wrongly !== null) return wrongly.out > 0 ? `**${worded(wrongly)}**` : worded(wrongly);
    const rightly = signedOut(results, setting, { family, case: name });
    return rightly === null ? worded(null) : `(${worded(rightly)})`;
  };
  return {
    caption: `Signed out, case by case: ${FAMILIES[family]}. In brackets where the lifetimes had passed`,
    head: HEAD,
    rows: casesOf(results, family).map((name) => [name, ...SETTINGS.map(cell(name))]),
  };
}

/** What those pay who stay signed in. */
export function skews(results: Results): Table {
  const levels = results.levels('renewals', 'skew').map(Number);
  const cell = (renews: string, skew: number) => (setting: Setting) => {
    const factors = { setting, renews, skew };
    const out = signedOut(results, setting, { family: 'skew', renews, skew });
    if (out !== null && out.out === out.of) return 'signed out';
    const renewals = amount(results.summary({ metric: 'renewals', factors }), '');
    const refused = amount(results.summary({ metric: 'refused requests', factors }), '');
    return `${renewals} and ${refused}`;
  };
  return {
    caption: 'Renewals and refused requests per hour of a visitor in steady use, by how wrong its clock is',
    head: ['renews', ...SETTINGS],
    rows: [
      ['when refused', ...SETTINGS.map(cell('when refused', 0))],
      ...['by its own clock', "by the server's clock"].flatMap((renews) =>
        levels.map((skew) => [
          `${renews}, ${skew === 0 ? 'which is right' : `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead'}`}`,
          ...SETTINGS.map(cell(renews, skew)),
        ]),
      ),
    ],
  };
}
