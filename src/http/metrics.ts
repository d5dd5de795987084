/**
 * Metrics in the Prometheus text format. Labels come from closed sets only: no user, no address, no path of a client's
 * choosing. What other rooms know is read when somebody asks.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ProcessFigures } from '../entities/figures.js';
import type { VerdictObserver } from '../session/contract.js';
import { Tally } from './tally.js';

/** Figures of other rooms; read at each scrape. */
export interface Watched {
  readonly argon2: () => { running: number; waiting: number; limit: number; refused: number };
  readonly revocations: () => { entries: number; stalenessMs: number };
  readonly feed: () => { readers: number; sent: number; dropped: number };
  readonly push: () => { listeners: number; watched: number; sent: number; dropped: number };
  /** Connections to the database; null where there is no pool. */
  readonly pool: () => { limit: number; open: number; idle: number; waiting: number } | null;
  /** What went wrong with the database since the start; null where it is a file. */
  readonly troubles: () => { conflicts: number; losses: number; timeouts: number; reconnects: number } | null;
  /** Ages of the signing keys by state, in milliseconds. */
  readonly keyAges: () => readonly { state: string; algorithm: string; ageMs: number }[];
}

export interface Metrics {
  readonly observer: VerdictObserver;
  request(route: string, method: string, status: number, milliseconds: number): void;
  breach(kind: string): void;
  choreFailed(chore: 'keys' | 'sweep'): void;
  /** A revocation, whoever wrote it, is known to this process. */
  felt(lagMs: number): void;
  watch(watched: Watched): void;
  /** For operators who ask the API. Throws before `watch`. */
  figures(): ProcessFigures;
  text(): Promise<string>;
  readonly contentType: string;
}

/** `process` names this one among others. */
export function createMetrics(process: string): Metrics {
  const registers = [new Registry()];
  const registry = registers[0] as Registry;
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'counterfoil_http_request_duration_seconds',
    help: 'Requests by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers,
  });
  const verdicts = new Counter({
    name: 'counterfoil_refresh_verdicts_total',
    help: 'Verdicts on refresh tokens, by kind; for "ended", by cause.',
    labelNames: ['verdict', 'because'],
    registers,
  });
  const breaches = new Counter({
    name: 'counterfoil_document_breaches_total',
    help: 'GraphQL documents refused for breaking a limit, by limit.',
    labelNames: ['limit'],
    registers,
  });
  const chores = new Counter({
    name: 'counterfoil_chore_failures_total',
    help: 'Chores that failed and will be tried again, by chore.',
    labelNames: ['chore'],
    registers,
  });
  const lag = new Histogram({
    name: 'counterfoil_revocation_lag_seconds',
    help: 'From the writing of a revocation, by whatever process, to its being felt by this one.',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 5],
    registers,
  });
  const tally = new Tally();
  let watched: Watched | null = null;
  return {
    observer: {
      verdict: (kind, because) => {
        verdicts.inc({ verdict: kind, because: because ?? '' });
        tally.verdict(kind, because);
      },
    },
    request: (route, method, status, milliseconds) =>
      requests.observe({ route, method, status }, milliseconds / 1000),
    breach: (limit) => breaches.inc({ limit }),
    choreFailed: (chore) => chores.inc({ chore }),
    felt: (lagMs) => {
      lag.observe(lagMs / 1000);
      tally.felt(lagMs);
    },
    watch: (given) => {
      watched = given;
      watch(given, registers);
    },
    figures: () => {
      if (watched === null) throw new Error('nothing is watched yet');
      return figuresOf(process, watched, tally);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function figuresOf(process: string, watched: Watched, tally: Tally): ProcessFigures {
  const { entries, stalenessMs } = watched.revocations();
  const { watched: connections, listeners, sent, dropped } = watched.push();
  return {
    process,
    verdicts: tally.verdicts(),
    revocations: {
      remembered: entries,
      stalenessMs: Number.isFinite(stalenessMs) ? stalenessMs : null,
      ...tally.revocations(),
    },
    hashing: watched.argon2(),
    push: { connections, subscriptions: listeners, sent, dropped },
  };
}

type Figure = [name: string, help: string, read: () => number];
const NO_POOL = { limit: 0, open: 0, idle: 0, waiting: 0 };

function poolFigures(pool: () => typeof NO_POOL): Figure[] {
  return [
    ['counterfoil_database_pool_limit', 'Connections that this process may hold.', () => pool().limit],
    ['counterfoil_database_pool_open', 'Connections to the database, idle ones included.', () => pool().open],
    ['counterfoil_database_pool_idle', 'Connections that wait for work.', () => pool().idle],
    ['counterfoil_database_pool_waiting', 'Work that waits for a connection.', () => pool().waiting],
  ];
}

/** Each a count since the start, kept by the store. */
function countTroubles(troubles: Watched['troubles'], registers: Registry[]): void {
  const read = () => troubles() ?? { conflicts: 0, losses: 0, timeouts: 0, reconnects: 0 };
  new Counter({
    name: 'counterfoil_database_repeats_total',
    help: 'Work done again: another transaction was in its way, or its connection was lost.',
    labelNames: ['cause'],
    registers,
    collect() {
      this.reset();
      this.inc({ cause: 'conflict' }, read().conflicts);
      this.inc({ cause: 'connection-lost' }, read().losses);
    },
  });
  new Counter({
    name: 'counterfoil_database_timeouts_total',
    help: 'Work given up because the database took too long.',
    registers,
    collect() {
      this.reset();
      this.inc(read().timeouts);
    },
  });
  new Counter({
    name: 'counterfoil_database_log_reconnects_total',
    help: 'New connections over which the revocation log had to be read.',
    registers,
    collect() {
      this.reset();
      this.inc(read().reconnects);
    },
  });
}

function watch(
  { argon2, revocations, feed, push, pool, troubles, keyAges }: Watched,
  registers: Registry[],
): void {
  if (troubles() !== null) countTroubles(troubles, registers);
  const figures: Figure[] = [
    ['counterfoil_argon2_running', 'Password hashes being computed.', () => argon2().running],
    ['counterfoil_argon2_waiting', 'Password hashes waiting for their turn.', () => argon2().waiting],
    ['counterfoil_argon2_queue_limit', 'How many may wait.', () => argon2().limit],
    [
      'counterfoil_argon2_refused',
      'Password hashes refused because the queue was full.',
      () => argon2().refused,
    ],
    ['counterfoil_revocation_entries', 'Revocations that this node remembers.', () => revocations().entries],
    [
      'counterfoil_revocation_staleness_seconds',
      'Age of what this node knows of the revocation log.',
      () => revocations().stalenessMs / 1000,
    ],
    ['counterfoil_feed_readers', 'Readers of the revocation feed.', () => feed().readers],
    ['counterfoil_feed_events', 'Events given to readers of the feed since the start.', () => feed().sent],
    [
      'counterfoil_feed_dropped',
      'Readers let go since the start because they did not take what they were sent.',
      () => feed().dropped,
    ],
    ['counterfoil_push_connections', 'Clients that are connected to be told.', () => push().watched],
    ['counterfoil_push_listeners', 'Subscriptions of such clients.', () => push().listeners],
    ['counterfoil_push_events', 'Events given to subscriptions since the start.', () => push().sent],
    [
      'counterfoil_push_dropped',
      'Subscriptions ended since the start because their client did not take what it was sent.',
      () => push().dropped,
    ],
    ...(pool() === null ? [] : poolFigures(() => pool() ?? NO_POOL)),
  ];
  for (const [name, help, read] of figures) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
  new Gauge({
    name: 'counterfoil_signing_key_age_seconds',
    help: 'Age of the oldest signing key in each state.',
    labelNames: ['state', 'algorithm'],
    registers,
    collect() {
      this.reset();
      for (const { state, algorithm, ageMs } of keyAges()) this.set({ state, algorithm }, ageMs / 1000);
    },
  });
}
