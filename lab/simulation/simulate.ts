/**
 * One simulation: a mutation commits at one of the nodes, the others learn of it by a hint or a poll, and each tells its
 * consumers, down the tree. The same scenario gives the same outcome, to the last digit.
 */

import { Database } from './database.js';
import { Events } from './events.js';
import { cutsOf } from './failing.js';
import { Link } from './link.js';
import { Node } from './node.js';
import type { Outcome } from './outcome.js';
import { Random } from './random.js';
import { Reader } from './reader.js';
import type { Scenario } from './scenario.js';
import { Source } from './source.js';
import { Tally } from './tally.js';
import { parentOf, treeOf } from './tree.js';

const WARM_UP_MS = 2_000;
/** Long enough for whoever was cut off to notice, to connect again and to be told. */
const AFTERWARDS_MS = 8_000;
/** Clocks measure maxStaleness with what they run wrong. */
const TOLERANCE_MS = 1;

/** `progress` is told how much is done, from 0 to 1. */
export function simulate(scenario: Scenario, progress: (done: number) => void = () => {}): Outcome {
  const events = new Events(-WARM_UP_MS);
  const endMs = scenario.seconds * 1_000;
  const count = Math.round(scenario.revocationsPerSecond * scenario.seconds);
  const returnedAt = new Float64Array(count).fill(Number.NaN);
  const clocks = new Random(scenario.seed, 'clocks');
  const rate = () => 1 + (clocks.between(-1, 1) * scenario.driftPpm) / 1e6;

  const database = new Database({
    events,
    pauses: scenario.pauses,
    cores: scenario.costs.databaseCores,
    readMs: scenario.costs.readMs,
    commitMs: scenario.costs.commitMs,
    timeoutMs: scenario.queryTimeoutMs,
  });
  const nodeTally = new Tally(scenario.nodes, returnedAt, () => scenario.maxStalenessMs);
  const nodes = nodesOf(scenario, { events, database, tally: nodeTally, rate });
  const tree = treeOf(scenario);
  const relays = relaysOf(scenario, tree.relays, { events, nodes, rate });
  const rates = Float64Array.from({ length: scenario.verifiers }, rate);
  const tally = new Tally(
    scenario.verifiers,
    returnedAt,
    (who) => scenario.maxStalenessMs / (rates[who] ?? 1),
  );
  const readers = verifiersOf(scenario, {
    events,
    tally,
    rates,
    above: relays.sources.at(-1) ?? nodes.map(({ source }) => source),
  });
  mutate(scenario, events, nodes, returnedAt);

  events.runUntil(0);
  const sources = [...nodes.map(({ source }) => source), ...relays.sources.flat()];
  const before = { reads: database.readings, busy: database.worker.busyMs, each: sources.map(busyMs) };
  const last = Math.max(
    endMs,
    ...scenario.cuts.map(({ toMs }) => toMs),
    ...scenario.pauses.map(({ toMs }) => toMs),
  );
  step(events, 0, endMs, (at) => progress(at / (last + AFTERWARDS_MS)));
  const busy = sources.map((source, at) => (busyMs(source) - (before.each[at] ?? 0)) / endMs);
  const database_ = {
    readingsPerSecond: (database.readings - before.reads) / scenario.seconds,
    busy: (database.worker.busyMs - before.busy) / endMs / scenario.costs.databaseCores,
  };
  step(events, endMs, last + AFTERWARDS_MS, (at) => progress(at / (last + AFTERWARDS_MS)));

  const all = [...relays.readers, ...readers];
  const verifiers = { ...tally.lags(tally.finish(events.now)), stale: tally.staleness(endMs) };
  const ofNodes = { ...nodeTally.lags(nodeTally.finish(events.now)), stale: nodeTally.staleness(endMs) };
  const latestMs = Math.max(verifiers.max, ofNodes.max);
  return {
    relays: tree.relays,
    revocations: count,
    verifiers,
    nodes: ofNodes,
    promise: { kept: latestMs <= scenario.maxStalenessMs + TOLERANCE_MS, latestMs },
    database: database_,
    busy: { nodes: spread(busy.slice(0, nodes.length)), relays: spread(busy.slice(nodes.length)) },
    introspectionsPerSecond: verifiers.stale.atOnce * scenario.requestsPerSecond,
    reconnections: all.reduce((sum, { connections }) => sum + Math.max(0, connections - 1), 0),
    drops: sources.reduce((sum, { drops }) => sum + drops, 0),
    events: events.ran,
  };
}

interface World {
  readonly events: Events;
  readonly rate: () => number;
}

function nodesOf(
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

function relaysOf(
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

function verifiersOf(
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

function mutate(scenario: Scenario, events: Events, nodes: readonly Node[], returnedAt: Float64Array): void {
  const random = new Random(scenario.seed, 'mutations');
  const hinted = nodes.map((_, which) => which < scenario.hinted * nodes.length);
  for (let number = 0; number < returnedAt.length; number++) {
    const node = nodes[random.below(nodes.length)];
    const hint = () => {
      for (const [which, other] of nodes.entries())
        if (other !== node && hinted[which]) events.at(other.link.arrival(events.now), () => other.hint());
    };
    events.at(random.between(0, scenario.seconds * 1_000), () =>
      node?.write(
        { number },
        () => {
          returnedAt[number] = events.now;
        },
        hint,
      ),
    );
  }
}

/** Revocations that nobody follows are hinted at all the same, and each hint is a reading. */
function hintAtRandom({ backgroundPerSecond }: Scenario, events: Events, node: Node, random: Random): void {
  if (backgroundPerSecond === 0) return;
  const next = () =>
    events.after(random.exponential(1_000 / backgroundPerSecond), () => {
      node.hint();
      next();
    });
  next();
}

function every(events: Events, ms: number, phaseMs: number, run: () => void): void {
  const tick = () => {
    run();
    events.after(ms, tick);
  };
  events.after(phaseMs, tick);
}

function step(events: Events, from: number, to: number, progress: (at: number) => void): void {
  for (let at = from; at < to; ) {
    at = Math.min(to, at + 250);
    events.runUntil(at);
    progress(at);
  }
}

function busyMs({ worker }: Source): number {
  return worker.busyMs;
}

function spread(shares: readonly number[]): { mean: number; most: number } {
  if (shares.length === 0) return { mean: 0, most: 0 };
  return { mean: shares.reduce((sum, share) => sum + share, 0) / shares.length, most: Math.max(...shares) };
}
