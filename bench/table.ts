/** The table of budgets, and that of what was measured, from raw results alone: as rows, as Markdown, for a terminal. */

import { summarise } from '../lab/harness/statistics.js';
import { BUDGETS, type Budget, judge } from './budgets.js';
import type { Figure, Part } from './measure.js';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One row a budget, whether it was measured or not. */
export function budgetTable(figures: readonly Figure[], budgets: readonly Budget[] = BUDGETS): Table {
  return {
    head: ['work', 'budget', 'measured', 'verdict'],
    rows: budgets.map((budget) => {
      const values = figures.filter((figure) => figure.budget === budget.name).map(({ value }) => value);
      const measured = values.length === 0 ? '' : spread(values, budget.unit);
      return [budget.work, budget.words, measured, judge(budget, values)];
    }),
  };
}

/** What each figure was made of: one row for each thing that was measured for a budget. */
export function partTable(figures: readonly Figure[], budgets: readonly Budget[] = BUDGETS): Table {
  return {
    head: ['work', 'what was measured', 'median [least – most]'],
    rows: budgets.flatMap(({ name, work }) => {
      const parts = figures.filter(({ budget }) => budget === name).flatMap((figure) => figure.parts);
      const names = [...new Set(parts.map(({ what }) => what))];
      return names.map((what) => [work, what, spreadOf(parts.filter((part) => part.what === what))]);
    }),
  };
}

function spreadOf(parts: readonly Part[]): string {
  return spread(
    parts.map(({ value }) => value),
    parts[0]?.unit ?? '',
  );
}

/** `1.43 × [1.38 – 1.51]`; one figure alone where all rounds gave the same. */
function spread(values: readonly number[], unit: string): string {
  const known = values.filter(Number.isFinite);
  if (known.length < values.length) return 'not known';
  const { median, least, most } = summarise(known);
  const middle = [shown(median), unit].filter((text) => text !== '').join(' ');
  return least === most ? middle : `${middle} [${shown(least)} – ${shown(most)}]`;
}

/** Three digits that count, and no rounding of the digits before the point. */
export function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function asMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function forTerminal({ head, rows }: Table): string {
  const plain = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
  const widths = head.map((_, column) => Math.max(...plain.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [first = [], ...others] = plain;
  return [line(first), widths.map((width) => '─'.repeat(width)).join('  '), ...others.map(line)].join('\n');
}
