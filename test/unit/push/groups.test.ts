import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Groups } from '../../../src/push/groups.js';

const KEYS = ['ada', 'ben', 'eve'];
const step = fc.record({ joins: fc.boolean(), key: fc.constantFrom(...KEYS), item: fc.nat(5) });

it('groups count what a walk over all would count, through any order of joins and leaves', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const groups = new Groups<string, string>();
      // In the order in which they came, as the groups give them.
      let walked: { readonly key: string; readonly item: string }[] = [];
      for (const { joins, key, item: number } of steps) {
        const item = `${number} of ${key}`;
        const isThere = walked.some((each) => each.item === item);
        if (joins) {
          groups.add(key, item);
          if (!isThere) walked.push({ key, item });
        } else {
          groups.remove(key, item);
          walked = walked.filter((each) => each.item !== item);
        }
        expect(groups.has(item)).toBe(joins);
        expect(groups.size).toBe(walked.length);
        expect([...groups]).toEqual(walked.map((each) => each.item));
        for (const each of KEYS) {
          const expected = walked.filter((one) => one.key === each).map((one) => one.item);
          expect(groups.of(each)).toEqual(expected);
          expect(groups.countOf(each)).toBe(expected.length);
        }
      }
    }),
    { numRuns: 500 },
  );
});
