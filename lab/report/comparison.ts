/**
 * The table of the README that sets the three models side by side: what they promise, from their guarantees, and what was
 * measured of them, from full results. `npm run generate:comparison` writes it between two comments.
 */

import { table } from './markdown.js';
import { promises } from './promises.js';
import type { Report } from './report.js';
import { comparisonOf } from './tables.js';

const BEGIN = '<!-- Made by `npm run generate:comparison`. Changes are lost. -->';
const END = '<!-- The table ends here. -->';

/** The README with the table in its place. Throws where the place is missing. */
export function withComparison(readme: string, report: Report): string {
  const [before, rest, more] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined || more !== undefined)
    throw new Error('README.md has no place, or more than one, for the comparison of the session models.');
  return `${before}${BEGIN}\n\n${table({ ...promises(), caption: '' })}\n\n${measured(report)}\n\n${END}${after}`;
}

function measured(report: Report): string {
  const figures = comparisonOf(report);
  if (figures.rows.length === 0) return 'What the models cost is not measured yet.';
  const [first] = report.provenances;
  const machine =
    report.provenances.length === 1 && first !== undefined
      ? ` on ${first.machine.cores} × ${first.machine.cpu}`
      : '';
  return `Measured${machine} ([how, and what else](docs/research.md)):\n\n${table({ ...figures, caption: '' })}`;
}
