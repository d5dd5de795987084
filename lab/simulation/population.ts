/** Who takes part: nodes, levels of relays, and verifiers, each with its links, its clock and its place in the tree. */

import type { Database } from './database.js';
import type { Events } from './events.js';
import { cutsOf } from './failing.js';
import { Link } from './link.js';
import { hintAtRandom } from './mutations.js';
import { Node } from './node.js';
import { Random } from './random.js';
import { Reader } from './reader.js';
import type { Scenario } from './scenario.js';
import { Source } from './source.js';
import type { Tally } from './tally.js';
import { parentOf } from './tree.js';

interface World {
  readonly events: Events;
  readonly rate: () => number;
}

export function nodesOf(
  scenario: Scenario,
  { events, database, tally, rate }: World & { readonly database: Database; readonly tally: Tally },
): Node[] {
  const random = new Random(scenario.seed, 'nodes');
  const delays = new Random(scenario.seed, 'delays to the database');
  const cuts = cutsOf(scenario, 'node');
  return Array.from({ length: scenario.nodes }, (_, which) => {
    const node = new Node({
      events,
      scenario,
      database,
      link: new Link(cuts(which), scenario.delays.database, delays),
      rate: rate(),
      onEntry: ({ number }) => tally.heard(which, number, events.now),
      onFresh: (readAt) => tally.fresh(which, readAt, events.now),
    });
    const phase = random.between(0, scenario.heartbeatMs);
    events.after(random.between(0, scenario.pollMs), () => node.start(phase));
    if (which < scenario.hinted * scenario.nodes) hintAtRandom(scenario, events, node, random);
    return node;
  });
}

export function relaysOf(
  scenario: Scenario,
  levels: readonly number[],
  { events, nodes, rate }: World & { readonly nodes: readonly Node[] },
): { sources: Source[][]; readers: Reader[] } {
  const { seed, delays, heartbeatMs, pollMs, backgroundPerSecond, relayHeartbeats } = scenario;
  // As often as a node sends: at each hint, or at each poll.
  const pieceMs = scenario.hinted > 0 ? Math.max(2, 1_000 / backgroundPerSecond) : pollMs;
  const random = new Random(seed, 'relays');
  const ways = new Random(seed, 'delays to relays');
  const cuts = cutsOf(scenario, 'relay');
  const sources: Source[][] = [];
  const readers: Reader[] = [];
  let above: readonly Source[] = nodes.map(({ source }) => source);
  for (const [level, count] of levels.entries()) {
    const here = Array.from({ length: count }, (_, which) => {
      const ownRate = rate();
      const source = new Source(events, scenario, ownRate);
      const reader = new Reader({
        events,
        scenario,
        link: new Link(cuts(readers.length), delays.relay, ways),
        random,
        rate: ownRate,
        source: chooser(scenario, above, parentOf(which, count, above.length), random),
        onEntry: (entry) => source.apply(entry),
        onFresh: (freshAsOf) => {
          source.knowsUpTo(freshAsOf);
          if (relayHeartbeats === 'passed on') source.heartbeat();
        },
      });
      if (relayHeartbeats === 'own timer')
        every(events, heartbeatMs, random.between(0, heartbeatMs), () => source.heartbeat());
      if (backgroundPerSecond > 0)
        every(events, pieceMs, random.between(0, pieceMs), () =>
          source.background((backgroundPerSecond * pieceMs) / 1_000),
        );
      events.after(200 + 200 * level + random.between(0, 100), () => reader.connect(scenario.connectedForMs));
      readers.push(reader);
      return source;
    });
    sources.push(here);
    above = here;
  }
  return { sources, readers };
}

export function verifiersOf(
  scenario: Scenario,
  world: {
    readonly events: Events;
    readonly tally: Tally;
    readonly rates: Float64Array;
    readonly above: readonly Source[];
  },
): Reader[] {
  const { events, tally, rates, above } = world;
  const random = new Random(scenario.seed, 'verifiers');
  const ways = new Random(scenario.seed, 'delays to verifiers');
  const cuts = cutsOf(scenario, 'verifier');
  return Array.from({ length: scenario.verifiers }, (_, who) => {
    const reader = new Reader({
      events,
      scenario,
      link: new Link(cuts(who), scenario.delays.verifier, ways),
      random,
      rate: rates[who] ?? 1,
      source: chooser(scenario, above, parentOf(who, scenario.verifiers, above.length), random),
      onEntry: ({ number }) => tally.heard(who, number, events.now),
      onFresh: (freshAsOf) => tally.fresh(who, freshAsOf, events.now),
    });
    events.after(1_000 + random.between(0, 500), () => reader.connect(scenario.connectedForMs));
    return reader;
  });
}

/** At first everybody has a place of their own; later whoever a load balancer gives, unless the same is wanted. */
function chooser({ reconnect }: Scenario, above: readonly Source[], own: number, random: Random) {
  return (connections: number): Source => {
    const which = connections === 0 || reconnect === 'same' ? own : random.below(above.length);
    const source = above[which];
    if (source === undefined) throw new Error('there is nobody to follow');
    return source;
  };
}
function every(events: Events, ms: number, phaseMs: number, run: () => void): void {
  const tick = () => {
    run();
    events.after(ms, tick);
  };
  events.after(phaseMs, tick);
}
