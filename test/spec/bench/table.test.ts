/** The tables are made from raw results alone: nothing is left out for looking bad, and nothing is added. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BUDGETS } from '../../../bench/budgets.js';
import type { Figure } from '../../../bench/measure.js';
import { PAGE, reported } from '../../../bench/report.js';
import { type BenchResults, PUBLISHED, readResults } from '../../../bench/results.js';
import { asMarkdown, budgetTable, forTerminal, partTable, shown } from '../../../bench/table.js';

const figure = (budget: string, round: number, value: number): Figure => ({
  budget,
  round,
  value,
  parts: [
    { what: 'one side', value: value * 100, unit: 'requests/s' },
    { what: 'other side', value: 100, unit: 'requests/s' },
  ],
});
const FIGURES = [
  ...[1.5, 1.3, 1.4].map((value, round) => figure('viewer', round, value)),
  ...[0.02, 0.03, 0.01].map((value, round) => figure('refresh', round, value)),
];
const RESULTS: BenchResults = {
  at: '2026-01-02T03:04:05.000Z',
  commit: '0123456789abcdef',
  machine: {
    cpu: 'Some CPU',
    cores: 2,
    memoryGiB: 8,
    platform: 'linux x64',
    node: 'v20.20.0',
    sqlite: '3.50.0',
  },
  quick: false,
  rounds: 3,
  pinned: true,
  figures: FIGURES,
};
const rowOf = (figures: readonly Figure[], work: string) =>
  budgetTable(figures).rows.find(([cell]) => cell === work);

describe('the table of budgets', () => {
  test('keeps a missed budget as missed, with its figure', () => {
    expect(rowOf(FIGURES, '`refresh` over HTTP')?.slice(2)).toEqual(['0.0200 × [0.0100 – 0.0300]', 'missed']);
    expect(rowOf(FIGURES, '`viewer` over HTTP, hybrid')?.slice(2)).toEqual(['1.40 × [1.30 – 1.50]', 'met']);
  });

  test('has a row for every budget, measured or not, in their order', () => {
    for (const figures of [[], FIGURES]) {
      const { rows } = budgetTable(figures);
      expect(rows.map(([work, words]) => [work, words])).toEqual(
        BUDGETS.map(({ work, words }) => [work, words]),
      );
    }
    const verdicts = budgetTable([]).rows.map((row) => row[3]);
    expect(new Set(verdicts)).toEqual(new Set(['not measured']));
  });

  test('follows the figures: with others, the verdict is another', () => {
    const better = [0.4, 0.5, 0.6].map((value, round) => figure('refresh', round, value));
    expect(rowOf(better, '`refresh` over HTTP')?.slice(2)).toEqual(['0.500 × [0.400 – 0.600]', 'met']);
  });

  test('is the same from results that were written and read again', () => {
    const again = JSON.parse(JSON.stringify(RESULTS)) as BenchResults;
    expect(budgetTable(again.figures)).toEqual(budgetTable(FIGURES));
    expect(partTable(again.figures)).toEqual(partTable(FIGURES));
  });
});

describe('the table of what was measured', () => {
  test('has the median and the range of each side of each ratio', () => {
    expect(partTable(FIGURES).rows).toEqual([
      ['`viewer` over HTTP, hybrid', 'one side', '140 requests/s [130 – 150]'],
      ['`viewer` over HTTP, hybrid', 'other side', '100 requests/s'],
      ['`refresh` over HTTP', 'one side', '2 requests/s [1 – 3]'],
      ['`refresh` over HTTP', 'other side', '100 requests/s'],
    ]);
  });
});

describe('a number', () => {
  test.each([
    [0, '0'],
    [3, '3'],
    [100_000, '100,000'],
    [0.01234, '0.0123'],
    [1.2345, '1.23'],
    [12.345, '12.3'],
    [1234.5, '1,235'],
  ])('%d is shown as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe('rows', () => {
  const table = { head: ['a', 'long head'], rows: [['`viewer`', 'x']] };

  test('become Markdown', () => {
    expect(asMarkdown(table)).toBe('| a | long head |\n| --- | --- |\n| `viewer` | x |');
  });

  test('become aligned columns on a terminal', () => {
    expect(forTerminal(table)).toBe('a       long head\n──────  ─────────\nviewer  x');
  });
});

describe('docs/performance.md', () => {
  const page = readFileSync(PAGE, 'utf8');

  test('holds what bench/results.json says, and nothing older', () => {
    expect(reported(page, readResults(PUBLISHED))).toBe(page);
  });

  test('says of what and on what was measured, and gives way to other results as a whole', () => {
    const made = reported(page, RESULTS);
    expect(made).toContain('Measured 2026-01-02, commit `0123456789`: 3 rounds');
    expect(made).toContain('Some CPU, 2 cores, 8 GiB');
    expect(made).toContain(asMarkdown(budgetTable(FIGURES)));
    expect(made).not.toContain('A quick run');
    expect(reported(page, { ...RESULTS, quick: true })).toContain('A quick run');
    expect(reported(made, RESULTS)).toBe(made);
    expect(reported(made, readResults(PUBLISHED))).toBe(page);
  });

  test('without its markers is refused', () => {
    expect(() => reported('# Performance', RESULTS)).toThrow('bench:run');
  });
});
