/** What may be asked of the simulator, and the scenario that follows from it. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { PUBLISHED_POSTGRES } from '../../bench/postgres/results.js';
import type { Costs } from './costs.js';
import { defaults, type Failing, type Scenario } from './scenario.js';

export interface Options
  extends Partial<Record<'seed' | 'seconds' | 'nodes' | 'verifiers' | 'fanOut', number>> {
  readonly revocations?: number;
  readonly background?: number;
  readonly poll?: number;
  readonly heartbeat?: number;
  readonly maxStaleness?: number;
  readonly hinted?: number;
  readonly relayHeartbeats?: Scenario['relayHeartbeats'];
  readonly reconnect?: Scenario['reconnect'];
  readonly delay?: number;
  readonly relayDelay?: number;
  readonly databaseDelay?: number;
  readonly nodesFail?: Failing;
  readonly relaysFail?: Failing;
  readonly verifiersFail?: Failing;
  readonly slow?: number;
  readonly drift?: number;
  readonly margin?: number;
  readonly connectedFor?: number;
  readonly sendUs?: number;
  readonly readUs?: number;
  readonly costs: string;
  readonly json?: boolean;
  readonly published?: boolean;
  readonly report?: boolean;
}

const HELP = `
Everything is simulated: no server, no database, no timer. The same options and the same seed give the same result.
Costs of work come from bench/results-postgres.json, where "npm run bench:postgres" has measured them.

Examples:
  npm run simulate -- --verifiers 100000 --nodes 16 --fan-out 50
  npm run simulate -- --verifiers 2000 --relays-fail 60:6 --verifiers-fail 60:6 --seconds 120
  npm run simulate -- --drift 100 --margin 0 --connected-for 86400 --nodes-fail 30:20
  npm run simulate -- --published && npm run simulate -- --report

Exit codes: 0 done and the promise kept, 1 the promise broken or something could not be read, 2 asked wrongly.`;

/** Writes help and complaints to the console; throws where the line is not understood. */
export function commandLine(console: { out(text: string): void; err(text: string): void }): Command {
  return new Command('npm run simulate --')
    .description(
      'Simulates how revocations reach verifiers through nodes and relays, and whether the promise holds.',
    )
    .option('--verifiers <number>', 'who check tokens (10,000)', number)
    .option('--nodes <number>', 'servers on one database (16)', number)
    .option('--fan-out <number>', 'consumers of one node or relay, at most (50)', number)
    .option('--seconds <number>', 'how long is simulated (20)', number)
    .option('--seed <number>', 'of all that is random (1)', number)
    .option('--revocations <number>', 'a second, followed to every verifier (1)', number)
    .option('--background <number>', 'more of them a second, as work only (0)', number)
    .option('--poll <ms>', 'between readings of the log (50)', number)
    .option('--heartbeat <ms>', 'between heartbeats of the feed (1000)', number)
    .option('--max-staleness <ms>', 'of knowledge that is acted on (5000)', number)
    .option('--hinted <share>', 'of the nodes that hear notifications, 0 to 1 (1)', number)
    .addOption(
      new Option('--relay-heartbeats <how>', 'of relays (passed on)').choices(['passed on', 'own timer']),
    )
    .addOption(
      new Option('--reconnect <whom>', 'whom a reader goes to afterwards (any)').choices(['any', 'same']),
    )
    .option('--delay <ms>', 'median, to verifiers (1)', number)
    .option('--relay-delay <ms>', 'median, to relays (1)', number)
    .option('--database-delay <ms>', 'median, between nodes and database (0.3)', number)
    .option(
      '--nodes-fail <every:for>',
      'seconds: links of nodes to the database are cut, on average',
      failing,
    )
    .option('--relays-fail <every:for>', 'seconds: the same for links above relays', failing)
    .option('--verifiers-fail <every:for>', 'seconds: the same for links above verifiers', failing)
    .option('--slow <share>', 'of verifiers that read nothing for 5 s, every 30 s on average (0)', number)
    .option('--drift <ppm>', 'clocks run wrong by up to that (0)', number)
    .option('--margin <ppm>', 'what readers take off for it, of the age of their connection (500)', number)
    .option('--connected-for <seconds>', 'age of the connections at the beginning (0)', number)
    .option('--send-us <µs>', 'cost of one event to one consumer, in place of the measured one', number)
    .option('--read-us <µs>', 'cost of one reading of the log, in place of the measured one', number)
    .option('--costs <file>', 'measured costs', PUBLISHED_POSTGRES)
    .option('--json', 'scenario and outcome as JSON')
    .option('--published', 'simulate the scenarios of docs/scaling.md and record their outcomes')
    .option('--report', 'write what is recorded into docs/scaling.md, and simulate nothing')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text) })
    .exitOverride();
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number.');
  return value;
}

function failing(text: string): Failing {
  const [, every, lasting] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (every === undefined || lasting === undefined)
    throw new InvalidArgumentError('must be two numbers of seconds, such as 60:5.');
  return { everyMs: Number(every) * 1_000, forMs: Number(lasting) * 1_000 };
}

export function scenarioFrom(options: Options, measured: Costs): Scenario {
  const inMs = (microseconds: number | undefined, known: number) =>
    microseconds === undefined ? known : microseconds / 1_000;
  const base = defaults({
    ...measured,
    sendMs: inMs(options.sendUs, measured.sendMs),
    heartbeatMs: inMs(options.sendUs, measured.heartbeatMs),
    readMs: inMs(options.readUs, measured.readMs),
  });
  const { delays, failing: fails } = base;
  const around = (delay: typeof delays.relay, medianMs = delay.medianMs) => ({
    ...delay,
    medianMs,
    mostMs: Math.max(delay.mostMs, 5 * medianMs),
  });
  return {
    ...base,
    seed: options.seed ?? base.seed,
    seconds: options.seconds ?? base.seconds,
    nodes: options.nodes ?? base.nodes,
    verifiers: options.verifiers ?? base.verifiers,
    fanOut: options.fanOut ?? base.fanOut,
    revocationsPerSecond: options.revocations ?? base.revocationsPerSecond,
    backgroundPerSecond: options.background ?? base.backgroundPerSecond,
    pollMs: options.poll ?? base.pollMs,
    heartbeatMs: options.heartbeat ?? base.heartbeatMs,
    maxStalenessMs: options.maxStaleness ?? base.maxStalenessMs,
    hinted: options.hinted ?? base.hinted,
    relayHeartbeats: options.relayHeartbeats ?? base.relayHeartbeats,
    reconnect: options.reconnect ?? base.reconnect,
    delays: {
      database: around(delays.database, options.databaseDelay),
      relay: around(delays.relay, options.relayDelay),
      verifier: around(delays.verifier, options.delay),
    },
    failing: {
      nodes: options.nodesFail ?? fails.nodes,
      relays: options.relaysFail ?? fails.relays,
      verifiers: options.verifiersFail ?? fails.verifiers,
    },
    slow: { share: options.slow ?? 0, everyMs: 30_000, forMs: 5_000 },
    driftPpm: options.drift ?? base.driftPpm,
    marginPpm: options.margin ?? base.marginPpm,
    connectedForMs: (options.connectedFor ?? 0) * 1_000,
  };
}
