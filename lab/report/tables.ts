/** Tables that the report makes itself, and how a column is set. */

import { MODELS } from '../harness/observation.js';
import type { Table } from '../harness/reading.js';
import type { Report } from './report.js';

/** The figures by which the models differ most, of every claim that has one. */
export function comparisonOf({ claims }: Report): Table {
  return {
    caption: 'The models side by side',
    head: ['', ...MODELS],
    rows: claims.flatMap(({ findings }) =>
      (findings.comparison ?? []).map(({ measured, cells }) => [
        measured,
        ...MODELS.map((model) => cells[model]),
      ]),
    ),
  };
}

/** Columns of figures are set to the right, those of the models all or none. The first column names the row. */
export function alignments({ head, rows }: Table): ('left' | 'right')[] {
  const right = head.map((_, column) => column > 0 && isOfFigures(rows.map((row) => row[column] ?? '')));
  const isModel = (name: string | undefined) => (MODELS as readonly (string | undefined)[]).includes(name);
  const models = head.flatMap((name, column) => (isModel(name) ? [right[column]] : []));
  return head.map((name, column) => {
    const set = isModel(name) ? models.every(Boolean) : right[column];
    return set === true ? 'right' : 'left';
  });
}

function isOfFigures(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  const figures = filled.filter((cell) => /^[*<>≤≥~×+−-]*\d/.test(cell));
  return figures.length > filled.length / 2;
}
