/**
 * What is simulated: how many of whom, how far apart, what work costs, and what goes wrong. All of it is plain data, so
 * that a result can name what it is a result of.
 */

import { HEARTBEAT_MS } from '../../src/revocation/feed-events.js';
import type { Costs } from './costs.js';
import type { Delay } from './random.js';

/** Links that fail at random, each by itself. Zero `everyMs`: none does. */
export interface Failing {
  /** Mean time between the end of one cut of a link and the beginning of the next. */
  readonly everyMs: number;
  /** Mean length of a cut. */
  readonly forMs: number;
}

/** A link that is cut for a while: of a node to the database, or of a relay or verifier to whom it follows. */
export interface Cut {
  readonly whose: 'node' | 'relay' | 'verifier';
  /** From 0 among its kind; relays are counted from the top level downwards. */
  readonly which: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Scenario {
  readonly seed: number;
  /** For how long things happen; the first two seconds, in which everybody connects, come before. */
  readonly seconds: number;
  readonly nodes: number;
  readonly verifiers: number;
  /** Consumers of one node or relay, at most. More verifiers than the nodes can feed need relays. */
  readonly fanOut: number;
  /** Revocations that are followed to every verifier. */
  readonly revocationsPerSecond: number;
  /** More of them, that are counted as work and not followed one by one. */
  readonly backgroundPerSecond: number;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly maxStalenessMs: number;
  /** The share of nodes that hear the database's notifications; the others only poll. */
  readonly hinted: number;
  /** Whether a relay passes a heartbeat on when it comes, or sends by a timer of its own. */
  readonly relayHeartbeats: 'passed on' | 'own timer';
  /** Of a reader that has lost its connection: to whom it goes. */
  readonly reconnect: 'same' | 'any';
  /** Whether a reader leaves a connection that has kept it stale, as `counterfoil/verify` does. */
  readonly leavesStale: boolean;
  /** Without a word for so long, a reader gives its connection up. */
  readonly silenceMs: number;
  /** What a sender keeps for a consumer that does not read; more, and the consumer is dropped. */
  readonly bufferBytes: number;
  /** A reading of the log that takes longer has failed. */
  readonly queryTimeoutMs: number;
  readonly delays: { readonly database: Delay; readonly relay: Delay; readonly verifier: Delay };
  readonly failing: { readonly nodes: Failing; readonly relays: Failing; readonly verifiers: Failing };
  /** Verifiers that read nothing for a while, now and then. */
  readonly slow: Failing & { readonly share: number };
  readonly cuts: readonly Cut[];
  /** While the database answers nobody. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Requests that each verifier checks; those of a stale one become introspections, or are refused. */
  readonly requestsPerSecond: number;
  /** Clocks run wrong by up to that many millionths, either way. */
  readonly driftPpm: number;
  /** What a reader takes off for its clock, as `counterfoil/verify` does: millionths of what a heartbeat says. */
  readonly marginPpm: number;
  /** How old connections are when things begin: what a wrong clock has had time to add up. */
  readonly connectedForMs: number;
  readonly costs: Costs;
}

const NEVER: Failing = { everyMs: 0, forMs: 0 };

/** One region, nothing goes wrong. */
export function defaults(costs: Costs): Scenario {
  return {
    seed: 1,
    seconds: 20,
    nodes: 16,
    verifiers: 10_000,
    fanOut: 50,
    revocationsPerSecond: 1,
    backgroundPerSecond: 0,
    pollMs: 50,
    heartbeatMs: HEARTBEAT_MS,
    maxStalenessMs: 5_000,
    hinted: 1,
    relayHeartbeats: 'passed on',
    reconnect: 'any',
    leavesStale: true,
    silenceMs: 3_500,
    bufferBytes: 1_048_576,
    queryTimeoutMs: 2_000,
    delays: {
      database: { medianMs: 0.3, spread: 0.4, mostMs: 20 },
      relay: { medianMs: 1, spread: 0.5, mostMs: 100 },
      verifier: { medianMs: 1, spread: 0.5, mostMs: 100 },
    },
    failing: { nodes: NEVER, relays: NEVER, verifiers: NEVER },
    slow: { ...NEVER, share: 0 },
    cuts: [],
    pauses: [],
    requestsPerSecond: 10,
    driftPpm: 0,
    marginPpm: 500,
    connectedForMs: 0,
    costs,
  };
}

/** All that cannot be simulated, in words; empty where everything can. */
export function problemsOf(scenario: Scenario): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, words: string) => {
    if (!holds) problems.push(words);
  };
  const whole = (name: string, value: number, least: number, most: number) =>
    must(
      Number.isInteger(value) && value >= least && value <= most,
      `${name} must be a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`,
    );
  whole('nodes', scenario.nodes, 1, 10_000);
  whole('verifiers', scenario.verifiers, 1, 2_000_000);
  whole('the fan-out', scenario.fanOut, 2, 100_000);
  whole('the seed', scenario.seed, 0, 2 ** 31 - 1);
  const within = (name: string, value: number, least: number, most: number) =>
    must(value >= least && value <= most, `${name} must be from ${least} to ${most}`);
  within('the simulated seconds', scenario.seconds, 1, 3_600);
  within('revocations a second', scenario.revocationsPerSecond, 0, 1_000);
  within('background revocations a second', scenario.backgroundPerSecond, 0, 1e6);
  within('the poll, in ms,', scenario.pollMs, 1, 60_000);
  within('the heartbeat, in ms,', scenario.heartbeatMs, 10, 60_000);
  within('maxStaleness, in ms,', scenario.maxStalenessMs, 10, 600_000);
  within('the hinted share', scenario.hinted, 0, 1);
  within('the slow share', scenario.slow.share, 0, 1);
  within('the drift, in ppm,', scenario.driftPpm, 0, 10_000);
  within('the margin, in ppm,', scenario.marginPpm, 0, 10_000);
  for (const [name, { medianMs, spread, mostMs }] of Object.entries(scenario.delays))
    must(
      medianMs >= 0 && spread >= 0 && mostMs >= medianMs,
      `the delay to the ${name} must not be negative, nor above its greatest, ${mostMs} ms`,
    );
  for (const { fromMs, toMs } of [...scenario.cuts, ...scenario.pauses])
    must(fromMs >= 0 && toMs > fromMs, `a cut must end after it begins, not from ${fromMs} to ${toMs} ms`);
  return problems;
}
