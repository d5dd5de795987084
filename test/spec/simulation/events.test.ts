/** The order of events, which everything in the simulation rests on. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Events } from '../../../lab/simulation/events.js';
import { merged, openAfter } from '../../../lab/simulation/link.js';
import { parentOf, treeOf } from '../../../lab/simulation/tree.js';

describe('events', () => {
  it('happen in the order of their instants, and those of one instant in the order in which they were said', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 300 }), (instants) => {
        const events = new Events();
        const seen: { at: number; said: number }[] = [];
        for (const [said, at] of instants.entries()) events.at(at, () => seen.push({ at: events.now, said }));
        events.runUntil(100);
        const expected = instants
          .map((at, said) => ({ at, said }))
          .sort((a, b) => a.at - b.at || a.said - b.said);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('may say others while they happen, and never one of the past', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(30)), { minLength: 1, maxLength: 100 }), (pairs) => {
        const events = new Events();
        const times: number[] = [];
        for (const [at, later] of pairs)
          events.at(at, () => {
            times.push(events.now);
            events.after(later, () => times.push(events.now));
          });
        events.runUntil(1_000);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times).toHaveLength(2 * pairs.length);
        expect(() => events.at(999, () => {})).toThrow('999');
      }),
    );
  });

  it('after the end wait for the next run', () => {
    const events = new Events();
    let happened = false;
    events.at(11, () => {
      happened = true;
    });
    events.runUntil(10);
    expect(happened).toBe(false);
    events.runUntil(11);
    expect(happened).toBe(true);
  });
});

describe('a link', () => {
  it('opens at an instant that no cut covers, and never before it is asked', () => {
    const span = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), fc.nat(150), (pairs, at) => {
        const spans = pairs.map(([fromMs, forMs]) => ({ fromMs, toMs: fromMs + forMs }));
        const opens = openAfter(merged(spans), at);
        expect(opens).toBeGreaterThanOrEqual(at);
        expect(spans.some(({ fromMs, toMs }) => opens >= fromMs && opens < toMs)).toBe(false);
        const covered = (instant: number) =>
          spans.some(({ fromMs, toMs }) => instant >= fromMs && instant < toMs);
        for (let instant = at; instant < opens; instant++) expect(covered(instant)).toBe(true);
      }),
    );
  });
});

describe('the tree', () => {
  it('gives nobody more consumers than the fan-out, and everybody a place', () => {
    const shape = fc.record({
      nodes: fc.integer({ min: 1, max: 20 }),
      verifiers: fc.integer({ min: 1, max: 5_000 }),
      fanOut: fc.integer({ min: 2, max: 60 }),
    });
    fc.assert(
      fc.property(shape, (of) => {
        const levels = [of.nodes, ...treeOf(of).relays, of.verifiers];
        for (let level = 1; level < levels.length; level++) {
          const [above, here] = [levels[level - 1] ?? 0, levels[level] ?? 0];
          const consumers = Array.from({ length: above }, () => 0);
          for (let which = 0; which < here; which++) {
            const parent = parentOf(which, here, above);
            consumers[parent] = (consumers[parent] ?? 0) + 1;
          }
          expect(consumers.reduce((sum, count) => sum + count, 0)).toBe(here);
          expect(Math.max(...consumers)).toBeLessThanOrEqual(of.fanOut);
        }
      }),
    );
  });
});
