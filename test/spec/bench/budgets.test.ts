/** Judging is pure: each bound at its boundary, and what is said where there is nothing to judge. */

import { describe, expect, test } from 'vitest';
import { type Bound, BUDGETS, type Budget, judge } from '../../../bench/budgets.js';
import { MEASURES } from '../../../bench/measures/index.js';

const budget = (bound: Bound): Budget => ({
  name: 'some',
  measure: 'some',
  work: 'some work',
  words: 'some words',
  unit: '×',
  bound,
});
const verdict = (kind: 'at least' | 'at most' | 'under', limit: number, ...values: number[]) =>
  judge(budget({ kind, limit }), values);

describe('a measured figure', () => {
  test('that must be at least the limit meets the budget at the limit, and misses it just below', () => {
    expect(verdict('at least', 1.2, 1.2)).toBe('met');
    expect(verdict('at least', 1.2, 1.1999)).toBe('missed');
    expect(verdict('at least', 1.2, 7)).toBe('met');
  });

  test('that must be at most the limit meets the budget at the limit, and misses it just above', () => {
    expect(verdict('at most', 400, 400)).toBe('met');
    expect(verdict('at most', 400, 400.01)).toBe('missed');
    expect(verdict('at most', 400, 1)).toBe('met');
  });

  test('that must be under the limit misses the budget at the limit', () => {
    expect(verdict('under', 100, 99.99)).toBe('met');
    expect(verdict('under', 100, 100)).toBe('missed');
  });

  test('is the median of the rounds, whatever their order and however far one of them is out', () => {
    expect(verdict('at least', 1, 9, 0.1, 0.9)).toBe('missed');
    expect(verdict('at least', 1, 0.1, 1.1, 1)).toBe('met');
    expect(verdict('at most', 1, 0.9, 100, 1)).toBe('met');
    expect(verdict('at most', 1, 0.9, 1.2)).toBe('missed');
  });

  test('is never met by being absent or no number', () => {
    for (const kind of ['at least', 'at most', 'under'] as const) {
      expect(verdict(kind, 1)).toBe('not measured');
      expect(verdict(kind, 1, Number.NaN)).toBe('not measured');
      expect(verdict(kind, 1, 1, Number.POSITIVE_INFINITY)).toBe('not measured');
    }
  });
});

describe('the budgets', () => {
  test('have names of their own, and a measure that exists', () => {
    const names = BUDGETS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const measures = MEASURES.map(({ name }) => name);
    expect([...new Set(BUDGETS.map(({ measure }) => measure))].sort()).toEqual([...measures].sort());
  });

  test('say in words the limit by which they are judged', () => {
    for (const { name, bound, words } of BUDGETS) {
      const said: Record<string, string> = {
        'viewer-stateful': 'never slower',
        'revocation-here': 'none is',
      };
      expect(words, name).toContain(said[name] ?? String(bound.limit));
    }
  });
});
