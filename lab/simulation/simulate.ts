/**
 * One simulation: a mutation commits at one of the nodes, the others learn of it by a hint or a poll, and each tells its
 * consumers, down the tree. The same scenario gives the same outcome, to the last digit.
 */

import { Database } from './database.js';
import { Events } from './events.js';
import { mutate } from './mutations.js';
import type { Outcome } from './outcome.js';
import { nodesOf, relaysOf, verifiersOf } from './population.js';
import { Random } from './random.js';
import { LONGEST_BACKOFF_MS } from './reader.js';
import type { Scenario } from './scenario.js';
import type { Source } from './source.js';
import { Tally } from './tally.js';
import { treeOf } from './tree.js';

const WARM_UP_MS = 2_000;
/** Long enough for most who were cut off to notice, to connect again and to be told. */
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
  const patientMs = last + longestToHeal(scenario, tree.relays.length);
  while (events.now < patientMs && (tally.isWaiting || nodeTally.isWaiting))
    events.runUntil(events.now + 250);

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

/** Whoever was cut off last may be in its longest wait, and those below it begin theirs only then. */
function longestToHeal({ silenceMs, maxStalenessMs }: Scenario, levels: number): number {
  return (levels + 1) * (Math.max(silenceMs, maxStalenessMs) + LONGEST_BACKOFF_MS);
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
