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

/** Columns of figures are set to the right; the first column names the row. */
export function alignments({ head, rows }: Table): ('left' | 'right')[] {
  return head.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    const figures = cells.filter((cell) => /^[*<>≤≥~×+−-]*\d/.test(cell));
    return column > 0 && cells.length > 0 && figures.length > cells.length / 2 ? 'right' : 'left';
  });
}
