/**
 * The scenarios that `docs/scaling.md` shows, each the defaults but for what it is about. Their outcomes are recorded,
 * and the same code and costs give the same ones anywhere.
 */

import type { Costs } from './costs.js';
import { defaults, type Failing, type Scenario } from './scenario.js';

export interface Published {
  readonly name: string;
  /** One line of the page's table. Markdown. */
  readonly words: string;
  readonly scenario: Scenario;
}

const SECOND = 1_000;
const failing = (everySeconds: number, forSeconds: number): Failing => ({
  everyMs: everySeconds * SECOND,
  forMs: forSeconds * SECOND,
});
const FAR = { medianMs: 90, spread: 0.3, mostMs: 400 };

/** How many verifiers the curves of lag go through. */
export const SIZES = [100, 300, 1_000, 3_000, 10_000, 30_000] as const;
/** Mean length of a cut, in seconds, of the curves of staleness. */
export const OUTAGES = [0.5, 1, 2, 4, 8, 16] as const;

export function scenarios(costs: Costs): Published[] {
  const base = defaults(costs);
  const one = (name: string, words: string, differs: Partial<Scenario>): Published => ({
    name,
    words,
    scenario: { ...base, ...differs },
  });
  const everythingFails: Partial<Scenario> = {
    verifiers: 2_000,
    seconds: 120,
    failing: { nodes: failing(60, 4), relays: failing(60, 6), verifiers: failing(60, 6) },
    slow: { ...failing(30, 5), share: 0.05 },
  };
  return [
    one('small', '2 nodes, 20 verifiers', { nodes: 2, verifiers: 20, seconds: 60 }),
    one('direct', '16 nodes, 800 verifiers, no relay', { verifiers: 800 }),
    one('polling', 'the same, and no node hears a notification', { verifiers: 800, hinted: 0 }),
    one('one-level', '16 nodes, 10,000 verifiers behind relays', {}),
    one('two-levels', '16 nodes, 100,000 verifiers behind two levels of relays', {
      verifiers: 100_000,
      seconds: 5,
    }),
    one('world', '3,000 verifiers behind two levels of relays on other continents', {
      verifiers: 3_000,
      fanOut: 10,
      delays: { ...base.delays, relay: FAR },
    }),
    one(
      'failing',
      'everything fails now and then: links of nodes, relays, verifiers; slow verifiers',
      everythingFails,
    ),
    one('failing-same', 'the same, but readers come back to the one they lost', {
      ...everythingFails,
      reconnect: 'same',
    }),
    one('own-timers', '3,000 verifiers, two levels of relays with heartbeats of their own', {
      verifiers: 3_000,
      nodes: 2,
      fanOut: 12,
      relayHeartbeats: 'own timer',
    }),
    one('passed-on', 'the same, heartbeats passed on', { verifiers: 3_000, nodes: 2, fanOut: 12 }),
    one('paused', 'the database answers nobody for 15 seconds', {
      verifiers: 800,
      seconds: 40,
      pauses: [{ fromMs: 10 * SECOND, toMs: 25 * SECOND }],
    }),
    one('busy', '500 revocations a second, 50 consumers each', {
      verifiers: 2_000,
      nodes: 4,
      backgroundPerSecond: 500,
    }),
    one('resync', 'the same, and a quarter of the relays are cut off for 6 seconds', {
      verifiers: 2_000,
      nodes: 4,
      backgroundPerSecond: 500,
      seconds: 40,
      cuts: Array.from({ length: 10 }, (_, which) => ({
        whose: 'relay' as const,
        which,
        fromMs: 5 * SECOND,
        toMs: 11 * SECOND,
      })),
    }),
    one('wide', '500 revocations a second, 1,000 consumers on each of 2 nodes, no relay', {
      verifiers: 2_000,
      nodes: 2,
      fanOut: 1_000,
      backgroundPerSecond: 500,
    }),
    one(
      'clocks',
      'clocks wrong by up to 100 ppm, connections ten minutes old; each node is cut off in turn',
      clocks(600),
    ),
    one('clocks-trusted', 'the same, and readers take nothing off for their clocks', {
      ...clocks(600),
      marginPpm: 0,
    }),
    one('clocks-day', 'nothing taken off, and connections a day old', { ...clocks(86_400), marginPpm: 0 }),
    ...SIZES.flatMap((verifiers) =>
      [1, 0].map((hinted) =>
        one(`lag-${verifiers}-${hinted === 1 ? 'hinted' : 'polling'}`, '', {
          verifiers,
          hinted,
          revocationsPerSecond: 5,
          seconds: verifiers > 5_000 ? 5 : 20,
        }),
      ),
    ),
    ...OUTAGES.flatMap((forSeconds) =>
      (['any', 'same'] as const).map((reconnect) =>
        one(`outage-${forSeconds}-${reconnect}`, '', {
          verifiers: 1_000,
          nodes: 4,
          seconds: 120,
          reconnect,
          failing: { ...base.failing, relays: failing(60, forSeconds) },
        }),
      ),
    ),
  ];

  function clocks(connectedForSeconds: number): Partial<Scenario> {
    return {
      nodes: 8,
      verifiers: 200,
      seconds: 90,
      revocationsPerSecond: 10,
      driftPpm: 100,
      connectedForMs: connectedForSeconds * SECOND,
      cuts: Array.from({ length: 8 }, (_, which) => ({
        whose: 'node' as const,
        which,
        fromMs: (2 + 10 * which) * SECOND,
        toMs: (11 + 10 * which) * SECOND,
      })),
    };
  }
}
