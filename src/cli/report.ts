/** Answers as text for people or JSON for programs. */

import { stripVTControlCharacters } from 'node:util';
import { legible } from '../entities/text.js';
import type { Console } from './console.js';

export interface Format {
  readonly json?: boolean;
}

/** Prints the data as JSON where that was asked for, else the text. */
export function answer(console: Console, { json }: Format, data: unknown, text: string): void {
  console.out(json ? `${JSON.stringify(data, null, 2)}\n` : `${text}\n`);
}

/** Columns as wide as their widest cell. What users chose themselves is stripped of whatever a terminal would obey. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '(none)';
  const cells = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function printable(text: string): string {
  return legible(stripVTControlCharacters(text));
}

export function instant(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString();
}
