/**
 * Several server processes on one database, in turn on one SQLite file and on PostgreSQL near and far (`places.ts`):
 * throughput as the load is spread over 1, 2 and 4 of them, and what one request takes when nobody else asks; whether
 * one knows at once who signed in at another; how long after a logout at one the other still opens (`logouts.ts`); and
 * what a killed process takes with it (`crash.ts`). The servers run on whatever core is free: pinned to one, more of
 * them could gain nothing.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Mode } from '../../harness/experiment.js';
import { load, viewerRequests } from '../../harness/load.js';
import type { Model, Observation } from '../../harness/observation.js';
import type { Credential } from '../../harness/population.js';
import { type PostgresServer, startPostgres } from '../../harness/postgres.js';
import { type Server, startServer } from '../../harness/server.js';
import { measureCrash } from './crash.js';
import { logoutsElsewhere } from './logouts.js';
import { PLACES, type Place, type Prepared, prepare, roundTripSeen } from './places.js';

const SESSIONS = 1_000;
const CONNECTIONS = 32;
const PLANS = {
  quick: { processes: [1, 2], seconds: 0.6, logouts: 3 },
  full: { processes: [1, 2, 4], seconds: 2, logouts: 40 },
} as const;
/** In quick mode each place is tried by some model, and each model on some place. */
const QUICK_PLACES: Readonly<Record<Model, readonly Place[]>> = {
  stateful: ['SQLite', 'PostgreSQL, 1 ms away'],
  stateless: ['SQLite'],
  hybrid: ['SQLite', 'PostgreSQL'],
};
/** The longest that a model promises is 5 s; the stateless one promises nothing that could be waited for. */
const PATIENCE_MS: Readonly<Record<Model, number>> = { stateful: 6_000, stateless: 1_000, hybrid: 6_000 };

interface Cell {
  readonly model: Model;
  readonly place: Place;
  readonly mode: Mode;
  say(what: string): void;
}

export async function measureFarm(
  model: Model,
  round: number,
  { plan, folder, say }: Bench,
): Promise<Observation[]> {
  const { mode } = plan;
  const observations: Observation[] = [];
  let postgres: PostgresServer | null = null;
  try {
    for (const place of mode === 'quick' ? QUICK_PLACES[model] : PLACES) {
      const own = join(folder, place.replaceAll(/\W+/g, '-'));
      mkdirSync(own);
      say(`${place}: filling the database`);
      const startedOnce = async () => {
        postgres ??= await startPostgres();
        return postgres;
      };
      const prepared = await prepare({
        model,
        place,
        folder: own,
        sessions: SESSIONS,
        postgres: startedOnce,
      });
      try {
        const cell: Cell = { model, place, mode, say: (what) => say(`${place}: ${what}`) };
        const seen: Seen[] = [...roundTripSeen(prepared), ...(await measurePlace(cell, prepared))];
        observations.push(
          ...seen.map(({ factors = {}, ...each }) => {
            return { ...each, model, round, factors: { ...factors, database: place } };
          }),
        );
      } finally {
        await prepared.end();
      }
    }
    return observations;
  } finally {
    await (postgres as PostgresServer | null)?.stop();
  }
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'> & Partial<Pick<Observation, 'factors'>>;

/** The proxy without delay is a yardstick for the one with it: of the rest of the farm it says nothing. */
async function measurePlace(cell: Cell, { options, credentials }: Prepared): Promise<Seen[]> {
  const { model, place, mode, say } = cell;
  const isYardstick = place === 'PostgreSQL by proxy';
  const { seconds, logouts, processes } = PLANS[mode];
  const counts = isYardstick ? processes.slice(0, 1) : processes;
  const servers: Server[] = [];
  try {
    say('starting servers');
    const started = await Promise.allSettled(
      Array.from({ length: Math.max(...counts) }, () => startServer(options)),
    );
    for (const one of started) if (one.status === 'fulfilled') servers.push(one.value);
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const seen: Seen[] = [];
    // Each compiles for itself.
    if (mode === 'full') await spreadLoad(servers, credentials, { seconds: 1, connections: CONNECTIONS });
    for (const count of counts) {
      say(`load on ${count}`);
      const some = servers.slice(0, count);
      const { throughput, p99 } = await spreadLoad(some, credentials, { seconds, connections: CONNECTIONS });
      const factors = { processes: count };
      seen.push(
        { metric: 'farm throughput', unit: 'requests/s', value: throughput, factors },
        { metric: 'farm p99', unit: 'ms', value: p99, factors },
      );
    }
    say('one client alone');
    const alone = await spreadLoad(servers.slice(0, 1), credentials, { seconds, connections: 1 });
    seen.push({ metric: 'alone p50', unit: 'ms', value: alone.p50 });
    const [one, other] = servers;
    if (one === undefined || other === undefined) return seen;
    say('logouts');
    seen.push(...(await logoutsElsewhere(one.url, other.url, logouts, PATIENCE_MS[model])));
    say('killing one');
    const crash = await measureCrash({ model, victim: one, survivor: other, credentials, mode });
    return [...seen, ...crash];
  } finally {
    await Promise.all(servers.map((server) => server.end('SIGKILL')));
  }
}

interface Load {
  readonly seconds: number;
  readonly connections: number;
}

/** The load of one process per server, at once. Throughput is their sum; latencies are those of the slowest. */
async function spreadLoad(
  servers: readonly Server[],
  credentials: readonly Credential[],
  { seconds, connections: all }: Load,
) {
  const requests = viewerRequests(credentials.map(({ bearer }) => ({ bearer })));
  const connections = Math.ceil(all / servers.length);
  const loads = await Promise.all(
    servers.map(({ url }) => load({ url, requests, connections, seconds, expect: '"viewer":{"id"' })),
  );
  const bad = loads.reduce((sum, each) => sum + each.bad, 0);
  if (bad > 0) throw new Error(`${bad} answers were bad`);
  if (loads.some(({ answers }) => answers === 0)) throw new Error('a server answered nothing in time');
  return {
    throughput: loads.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    p50: Math.max(...loads.map(({ latency }) => latency.p50)),
    p99: Math.max(...loads.map(({ latency }) => latency.p99)),
  };
}
