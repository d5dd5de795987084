import { describe, expect, it } from 'vitest';
import { CEILING } from '../../../src/graphql/limits/figures.js';
import type { Measures } from '../../../src/graphql/limits/measure.js';
import { breaches, DocumentLimits, introspectionBreaches } from '../../../src/graphql/limits/rules.js';

const atTheLimit: Measures = {
  depth: 10,
  introspectionDepth: 16,
  fields: 250,
  introspectionFields: 500,
  rootFields: 10,
  aliases: 15,
  directives: 25,
  cost: 2000,
  largestPage: 100,
  operations: 5,
  credentialOperations: 1,
  conditionalRoots: 0,
  cyclic: false,
};

describe('breaches', () => {
  it('are none when every figure is exactly at its limit', () => {
    expect(breaches(atTheLimit, DocumentLimits)).toEqual([]);
  });

  it.each([
    ['depth', 'depth', 'This document nests 11 levels deep; the limit is 10.'],
    [
      'introspectionDepth',
      'introspectionDepth',
      'This document introspects 17 levels deep; the limit is 16.',
    ],
    ['fields', 'fields', 'This document selects 251 fields; the limit is 250.'],
    [
      'introspectionFields',
      'introspectionFields',
      'This document selects 501 introspection fields; the limit is 500.',
    ],
    ['rootFields', 'rootFields', 'This document selects 11 root fields; the limit is 10.'],
    ['aliases', 'aliases', 'This document uses 16 aliases; the limit is 15.'],
    ['directives', 'directives', 'This document uses 26 directives; the limit is 25.'],
    ['cost', 'cost', 'This document costs 2001 points; the limit is 2000.'],
    ['largestPage', 'pageSize', 'This document asks for a page of 101 items; the limit is 100.'],
    ['operations', 'operations', 'This document has 6 operations; the limit is 5.'],
    [
      'credentialOperations',
      'credentialOperations',
      'This document has 2 credential operations; the limit is 1.',
    ],
  ] as const)('name %s when it is one above the limit', (measure, kind, message) => {
    const figure = atTheLimit[measure] + 1;
    const found = breaches({ ...atTheLimit, [measure]: figure }, DocumentLimits);
    expect(found).toEqual([{ kind, limit: figure - 1, figure, message }]);
  });

  it('say "at least" where counting stopped', () => {
    const [found] = breaches({ ...atTheLimit, fields: CEILING }, DocumentLimits);
    expect(found?.message).toBe('This document selects at least 1000000000 fields; the limit is 250.');
  });

  it('list every ground, a circular fragment first', () => {
    const found = breaches({ ...atTheLimit, cyclic: true, depth: 14, aliases: 99 }, DocumentLimits);
    expect(found.map((breach) => breach.kind)).toEqual(['cyclic', 'depth', 'aliases']);
  });

  it('include introspection only where the document introspects', () => {
    expect(introspectionBreaches({ ...atTheLimit, introspectionFields: 0 })).toEqual([]);
    expect(introspectionBreaches({ ...atTheLimit, introspectionFields: 1 })).toHaveLength(1);
  });

  it('come from defaults that nobody can change', () => {
    expect(Object.isFrozen(DocumentLimits)).toBe(true);
  });
});
