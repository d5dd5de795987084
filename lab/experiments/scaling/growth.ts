/**
 * Throughput and latency of `viewer` on one server, as live sessions grow. Two kinds of clients: `returning` ones, of
 * whom there are few and who call again and again; and `ever new` ones, of whom there are more than requests, so that
 * neither the database's pages nor the server's memory of verified tokens can help. The latter need many sessions.
 */

import type { Bench, Mode } from '../../harness/experiment.js';
import { load, viewerRequests } from '../../harness/load.js';
import { MODELS, type Model, type Observation } from '../../harness/observation.js';
import {
  addSessions,
  addUsers,
  type Credential,
  credentialsOf,
  makeDatabase,
} from '../../harness/population.js';
import { startServer } from '../../harness/server.js';

export const SIZES = { quick: [500, 2_000], full: [1_000, 10_000, 100_000, 1_000_000] } as const;

const RETURNING = 500;
/** Twice as many tokens as a server remembers, and more than it answers in the time. */
const EVER_NEW = 20_000;
const CONNECTIONS = 20;
/** Tokens must outlive the step; nothing else depends on it. */
const ENVIRONMENT = { COUNTERFOIL_ACCESS_TTL: '7200' };

interface Cell {
  readonly model: Model;
  readonly sessions: number;
  readonly round: number;
}

export async function measureGrowth(sessions: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  say('filling the database');
  await makeDatabase({ model: 'hybrid', folder });
  addUsers(folder, sessions);
  addSessions(folder, sessions);
  const credentials = new Map<Model, readonly Credential[]>();
  for (const model of MODELS) {
    const options = { model, folder, environment: ENVIRONMENT };
    credentials.set(model, await credentialsOf(options, sessions, EVER_NEW));
  }
  const observations: Observation[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const model of MODELS) {
      say(`${model}, round ${round + 1}`);
      const all = credentials.get(model) ?? [];
      observations.push(...(await measure({ model, sessions, round }, folder, all, plan.mode)));
    }
  }
  return observations;
}

async function measure(
  cell: Cell,
  folder: string,
  credentials: readonly Credential[],
  mode: Mode,
): Promise<Observation[]> {
  const { model } = cell;
  const server = await startServer({ model, folder, environment: ENVIRONMENT });
  const kinds = [
    { clients: 'returning', of: spread(credentials, RETURNING) },
    ...(credentials.length < EVER_NEW ? [] : [{ clients: 'ever new', of: credentials }]),
  ];
  const loadOf = (some: readonly Credential[], time: number) =>
    load({
      url: server.url,
      requests: viewerRequests(some.map(({ bearer }) => ({ bearer }))),
      connections: CONNECTIONS,
      seconds: time,
      expect: '"viewer":{"id"',
    });
  try {
    const observations: Observation[] = [];
    // The compiler warms up, and the stateful model writes down the first use of a minute.
    if (mode === 'full') await loadOf(spread(credentials, RETURNING), 1);
    for (const { clients, of } of kinds) {
      const { requestsPerSecond, latency, bad, answers } = await loadOf(of, mode === 'quick' ? 0.5 : 2);
      if (answers === 0) throw new Error(`the ${model} model answered nothing in time`);
      if (bad > 0) throw new Error(`${bad} of the ${model} model's answers were bad`);
      const about = { model, factors: { sessions: cell.sessions, clients }, round: cell.round };
      observations.push(
        { ...about, metric: 'throughput', unit: 'requests/s', value: requestsPerSecond },
        { ...about, metric: 'p50', unit: 'ms', value: latency.p50 },
        { ...about, metric: 'p99', unit: 'ms', value: latency.p99 },
      );
    }
    return observations;
  } finally {
    await server.end();
  }
}

/** Some of all, evenly. */
export function spread<Item>(all: readonly Item[], most: number): Item[] {
  const size = Math.min(all.length, most);
  return Array.from({ length: size }, (_, place) => all[Math.floor((place * all.length) / size)]).filter(
    (item) => item !== undefined,
  );
}
