/** Medians and ranges: what holds of them whatever was measured. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantile, summarise } from '../../../lab/harness/statistics.js';

const figures = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

describe('a summary', () => {
  test('has its median between its least and its greatest, which were measured', () => {
    fc.assert(
      fc.property(figures, (values) => {
        const { least, median, most, rounds } = summarise(values);
        expect(least).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(most);
        expect([values.includes(least), values.includes(most), rounds]).toEqual([true, true, values.length]);
      }),
    );
  });

  test('does not depend on the order of the rounds, and changes none of them', () => {
    fc.assert(
      fc.property(figures, (values) => {
        const before = [...values];
        expect(summarise([...values].reverse())).toEqual(summarise(values));
        expect(values).toEqual(before);
      }),
    );
  });

  test('has as many figures below its median as above', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const { median } = summarise(values);
        const below = values.filter((value) => value < median).length;
        expect(values.filter((value) => value > median)).toHaveLength(below);
      }),
    );
  });

  test('of rounds that agree is what they agree on', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (value, rounds) => {
        const same = Array.from({ length: rounds }, () => value);
        expect(summarise(same)).toEqual({ median: value, least: value, most: value, rounds });
      }),
    );
  });

  test('of nothing is refused', () => {
    expect(() => summarise([])).toThrow('There is nothing to summarise.');
  });
});

describe('a quantile', () => {
  test('begins at the least, ends at the greatest, and never falls between', () => {
    fc.assert(
      fc.property(
        figures,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          // Minus zero is zero here.
          const sorted = ascending(values.map((value) => value + 0));
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(quantile(sorted, 0)).toBe(sorted[0]);
          expect(quantile(sorted, 1)).toBe(sorted.at(-1));
          expect(quantile(sorted, low)).toBeLessThanOrEqual(quantile(sorted, high) + 1e-6);
        },
      ),
    );
  });
});
