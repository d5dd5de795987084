/** The simulator: what it promises of itself, and that the promise it checks is one that can be broken. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSUMED } from '../../../lab/simulation/costs.js';
import { type Cut, defaults, type Scenario } from '../../../lab/simulation/scenario.js';
import { simulate } from '../../../lab/simulation/simulate.js';

const SMALL: Scenario = {
  ...defaults(ASSUMED),
  nodes: 2,
  verifiers: 18,
  fanOut: 3,
  seconds: 12,
  revocationsPerSecond: 2,
};

const cut: fc.Arbitrary<Cut> = fc
  .record({
    whose: fc.constantFrom('node' as const, 'relay' as const, 'verifier' as const),
    which: fc.nat(17),
    fromMs: fc.integer({ min: 0, max: 11_000 }),
    forMs: fc.integer({ min: 1, max: 9_000 }),
  })
  .map(({ forMs, ...of }) => ({ ...of, toMs: of.fromMs + forMs }));
const pause = fc
  .record({ fromMs: fc.integer({ min: 0, max: 11_000 }), forMs: fc.integer({ min: 1, max: 9_000 }) })
  .map(({ fromMs, forMs }) => ({ fromMs, toMs: fromMs + forMs }));
const weather = fc.record({
  seed: fc.nat(1_000_000),
  cuts: fc.array(cut, { maxLength: 12 }),
  pauses: fc.array(pause, { maxLength: 1 }),
  hinted: fc.constantFrom(0, 0.5, 1),
  relayHeartbeats: fc.constantFrom('passed on' as const, 'own timer' as const),
  reconnect: fc.constantFrom('same' as const, 'any' as const),
  bufferBytes: fc.constantFrom(200, 1_048_576),
  silenceMs: fc.constantFrom(1_500, 3_000, 30_000),
});

type Weather = typeof weather extends fc.Arbitrary<infer T> ? T : never;

/** Whoever is below has had time to come to the longest of its waits, and waits on after the relay above is well. */
const CUT_ABOVE_AND_BELOW: Weather = {
  seed: 194_153,
  cuts: [
    { whose: 'relay', which: 5, fromMs: 5_312, toMs: 12_547 },
    { whose: 'verifier', which: 15, fromMs: 2_672, toMs: 8_164 },
  ],
  pauses: [],
  hinted: 0,
  relayHeartbeats: 'own timer',
  reconnect: 'same',
  bufferBytes: 200,
  silenceMs: 1_500,
};

describe('the simulation', () => {
  it('keeps the promise whatever is cut off, and for how long', () => {
    fc.assert(
      fc.property(weather, (differs) => {
        const { promise } = simulate({ ...SMALL, ...differs });
        expect(promise.latestMs).toBeLessThanOrEqual(SMALL.maxStalenessMs + 1);
        expect(promise.kept).toBe(true);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('tells everybody in the end, once everything heals', () => {
    fc.assert(
      fc.property(weather, (differs) => {
        // What waits for silence of half a minute is not told within the time that is simulated.
        const { verifiers } = simulate({ ...SMALL, ...differs, silenceMs: 3_000, bufferBytes: 1_048_576 });
        expect(verifiers.unheard).toBe(0);
      }),
      { numRuns: 60, examples: [[CUT_ABOVE_AND_BELOW]] },
    );
  }, 60_000);

  it('bounds the lag by what the way is made of, while nothing is cut', () => {
    const sizes = fc.record({
      seed: fc.nat(1_000_000),
      nodes: fc.integer({ min: 1, max: 5 }),
      verifiers: fc.integer({ min: 1, max: 60 }),
      fanOut: fc.integer({ min: 2, max: 8 }),
      hinted: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(sizes, (differs) => {
        const scenario = { ...SMALL, ...differs, revocationsPerSecond: 1 };
        const { verifiers, nodes, relays } = simulate(scenario);
        const { database, relay, verifier } = scenario.delays;
        const { readMs, readAtNodeMs, sendMs, eventMs, heartbeatMs } = scenario.costs;
        // At each hop a heartbeat and all revocations may be sent first. A poll may have just begun; the next one sees it.
        const queue = scenario.fanOut * (heartbeatMs + scenario.seconds * (sendMs + eventMs));
        const reading = 2 * database.mostMs + 2 * scenario.nodes * readMs + readAtNodeMs + queue;
        const read = 2 * reading + scenario.pollMs;
        expect(nodes.max).toBeLessThanOrEqual(read);
        const hops = queue + verifier.mostMs + relays.length * (queue + relay.mostMs);
        expect(verifiers.max).toBeLessThanOrEqual(read + hops);
        expect(verifiers.stale.share).toBe(0);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('gives the same for the same seed, and something else for another', () => {
    const scenario = { ...SMALL, failing: { ...SMALL.failing, relays: { everyMs: 5_000, forMs: 3_000 } } };
    expect(simulate(scenario)).toEqual(simulate(scenario));
    expect(simulate({ ...scenario, seed: 2 })).not.toEqual(simulate(scenario));
  });

  it('says that the promise is broken where it is: clocks that have run wrong for a day', () => {
    const wrong: Scenario = {
      ...SMALL,
      seconds: 40,
      driftPpm: 200,
      marginPpm: 0,
      connectedForMs: 86_400_000,
      cuts: [
        { whose: 'node', which: 0, fromMs: 5_000, toMs: 35_000 },
        { whose: 'node', which: 1, fromMs: 5_000, toMs: 10_000 },
      ],
    };
    expect(simulate(wrong).promise.kept).toBe(false);
    expect(simulate({ ...wrong, driftPpm: 0 }).promise.kept).toBe(true);
  });

  it('shows a node that has more to send than it can', () => {
    const costs = { ...ASSUMED, eventMs: 1 };
    const { busy, verifiers } = simulate({ ...SMALL, fanOut: 20, backgroundPerSecond: 500, costs });
    expect(busy.nodes.most).toBeGreaterThan(1);
    expect(verifiers.stale.share).toBeGreaterThan(0.3);
  });
});
