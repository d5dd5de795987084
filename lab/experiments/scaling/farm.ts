/**
 * Several server processes on one database: throughput as the load is spread over 1, 2 and 4 of them; whether one knows
 * at once who signed in at another; how long after a logout at one the other still opens; and what a killed process
 * takes with it (`crash.ts`). The servers run on whatever core is free: pinned to one, more of them could gain nothing.
 */

import { logout, mutate, whoIs } from '../../harness/client.js';
import type { Bench } from '../../harness/experiment.js';
import { load, viewerRequests } from '../../harness/load.js';
import type { Model, Observation } from '../../harness/observation.js';
import {
  addSessions,
  addUsers,
  type Credential,
  credentialsOf,
  makeDatabase,
} from '../../harness/population.js';
import { OPERATOR, type Server, startServer } from '../../harness/server.js';
import { measureCrash } from './crash.js';

const SESSIONS = 1_000;
const CONNECTIONS = 32;
const PLANS = {
  quick: { processes: [1, 2], seconds: 0.5, logouts: 3 },
  full: { processes: [1, 2, 4], seconds: 2, logouts: 10 },
} as const;
/** A logout that is not felt by then is not felt. The longest that any model promises is 5 s. */
const PATIENCE_MS = { quick: 500, full: 6_000 } as const;

export async function measureFarm(
  model: Model,
  round: number,
  { plan, folder, say }: Bench,
): Promise<Observation[]> {
  const options = { model, folder, side: 'anywhere' } as const;
  const { processes, seconds, logouts } = PLANS[plan.mode];
  await makeDatabase(options);
  addUsers(folder, SESSIONS);
  addSessions(folder, SESSIONS);
  const credentials = await credentialsOf(options, SESSIONS, SESSIONS);
  const servers: Server[] = [];
  try {
    say('starting servers');
    for (let n = 0; n < Math.max(...processes); n += 1) servers.push(await startServer(options));
    const observations: Observation[] = [];
    // Each compiles for itself.
    if (plan.mode === 'full') await spreadLoad(servers, credentials, 1);
    for (const count of processes) {
      say(`load on ${count}`);
      const { throughput, p99 } = await spreadLoad(servers.slice(0, count), credentials, seconds);
      const about = { model, factors: { processes: count }, round };
      observations.push(
        { ...about, metric: 'farm throughput', unit: 'requests/s', value: throughput },
        { ...about, metric: 'farm p99', unit: 'ms', value: p99 },
      );
    }
    const [one, other] = servers;
    if (one === undefined || other === undefined) throw new Error('This takes two servers.');
    say('logouts');
    for (let n = 0; n < logouts; n += 1) {
      const felt = await logoutElsewhere(one.url, other.url, PATIENCE_MS[plan.mode]);
      observations.push(...felt.map((each) => ({ ...each, model, factors: {}, round })));
      // Of a model that does not feel it, one is enough: each costs all the patience.
      if (felt.some(({ metric, value }) => metric === 'logout felt elsewhere' && value === false)) break;
    }
    say('killing one');
    const crash = await measureCrash(model, { victim: one, survivor: other }, credentials);
    return [...observations, ...crash.map((each) => ({ ...each, model, round }))];
  } finally {
    await Promise.all(servers.map((server) => server.end('SIGKILL')));
  }
}

/** The load of one process per server, at once. Throughput is their sum; p99 is that of the slowest. */
async function spreadLoad(servers: readonly Server[], credentials: readonly Credential[], seconds: number) {
  const requests = viewerRequests(credentials.map(({ bearer }) => ({ bearer })));
  const connections = Math.ceil(CONNECTIONS / servers.length);
  const all = await Promise.all(
    servers.map(({ url }) => load({ url, requests, connections, seconds, expect: '"viewer":{"id"' })),
  );
  const bad = all.reduce((sum, each) => sum + each.bad, 0);
  if (bad > 0) throw new Error(`${bad} answers were bad`);
  if (all.some(({ answers }) => answers === 0)) throw new Error('a server answered nothing in time');
  return {
    throughput: all.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0),
    p99: Math.max(...all.map(({ latency }) => latency.p99)),
  };
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

/** Signs in at one, asks the other, logs out at one, and asks the other until it refuses. */
async function logoutElsewhere(one: string, other: string, patienceMs: number): Promise<Seen[]> {
  const { viewer, tokens } = await mutate(one, 'login', { ...OPERATOR, delivery: 'BODY' });
  const bearer = tokens?.accessToken ?? '';
  const known = (await whoIs(other, { bearer })) === viewer?.id;
  await logout(one, { bearer });
  const from = performance.now();
  let refusedAt: number | null = null;
  while (refusedAt === null && performance.now() - from < patienceMs)
    if ((await whoIs(other, { bearer })) !== viewer?.id) refusedAt = performance.now();
  return [
    { metric: 'login known elsewhere', unit: '', value: known },
    { metric: 'logout felt elsewhere', unit: '', value: refusedAt !== null },
    ...(refusedAt === null
      ? []
      : [{ metric: 'logout felt after', unit: 'ms', value: refusedAt - from } as const]),
  ];
}
