/**
 * On PostgreSQL: what a request costs in the hybrid model against the stateful one, two real servers on one database
 * server; and how long after a logout verifiers behind two nodes have heard of it.
 */

import { load, viewerRequests } from '../../lab/harness/load.js';
import type { Model } from '../../lab/harness/observation.js';
import type { Bench, Figure, Measure } from '../measure.js';
import { type Cluster, startCluster } from '../postgres/cluster.js';
import { feedLag } from '../postgres/lag.js';
import { credentials, folderOf, startNodeOn } from '../postgres/nodes.js';
import { whileWatching } from '../processes.js';
import { registerMany, type SignedIn } from '../signed-in.js';

const CONNECTIONS = 32;
const ACCESS_TTL_SECONDS = 3600;

interface Side {
  readonly name: Model;
  readonly url: string;
  readonly pid: number;
  readonly clients: readonly SignedIn[];
}

export const postgres: Measure = {
  name: 'postgres',
  async run(bench) {
    const { say, later } = bench;
    say('PostgreSQL starts');
    const cluster = await startCluster();
    later(() => cluster.end());
    return [...(await viewers(bench, cluster)), ...(await lags(bench, cluster))];
  },
};

async function viewers(bench: Bench, cluster: Cluster): Promise<Figure[]> {
  const { plan, say } = bench;
  say('users sign in');
  const [hybrid, stateful] = [await side(bench, cluster, 'hybrid'), await side(bench, cluster, 'stateful')];
  say('warm-up');
  for (const each of [hybrid, stateful]) await rate(each, plan.quick ? 0.5 : 3);
  const figures: Figure[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    say(`round ${round + 1}`);
    const ours = await rate(hybrid, plan.quick ? 1 : 4);
    const theirs = await rate(stateful, plan.quick ? 1 : 4);
    figures.push({
      budget: 'viewer-postgres',
      round,
      value: ours.rate / theirs.rate,
      parts: [
        { what: 'stateful, on PostgreSQL', value: theirs.rate, unit: 'requests/s' },
        { what: 'its core busy, with the database on it', value: theirs.busy * 100, unit: '%' },
        { what: 'hybrid, on PostgreSQL', value: ours.rate, unit: 'requests/s' },
        { what: 'hybrid: its core busy', value: ours.busy * 100, unit: '%' },
      ],
    });
  }
  return figures;
}

async function side({ folder, plan, later }: Bench, cluster: Cluster, name: Model): Promise<Side> {
  const environment = { COUNTERFOIL_ACCESS_TTL: String(ACCESS_TTL_SECONDS) };
  const url = await cluster.create(name);
  const server = await startNodeOn({ url, model: name, folder: folderOf(folder, name), environment });
  later(() => server.end());
  const clients = await registerMany(server.url, plan.quick ? 16 : 200);
  return { name, url: server.url, pid: server.pid, clients };
}

async function rate({ name, url, pid, clients }: Side, seconds: number) {
  const requests = viewerRequests(clients.map(({ accessToken }) => ({ bearer: accessToken })));
  const { result, busySeconds } = await whileWatching(pid, () =>
    load({ url, requests, connections: CONNECTIONS, seconds, expect: '"email"' }),
  );
  if (result.bad > 0) throw new Error(`${name} gave ${result.bad} bad answers`);
  return { rate: result.requestsPerSecond, busy: busySeconds / seconds };
}

async function lags({ plan, folder, say, later }: Bench, cluster: Cluster): Promise<Figure[]> {
  const url = await cluster.create('lag');
  const home = folderOf(folder, 'lag');
  const nodes: string[] = [];
  for (let count = 0; count < 2; count++) {
    const node = await startNodeOn({ url, model: 'hybrid', folder: home });
    later(() => node.end());
    nodes.push(node.url);
  }
  const [credential = ''] = await credentials(url, home, 1);
  const figures: Figure[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    say(`round ${round + 1}: logouts`);
    const lag = await feedLag({ nodes, verifiersEach: 10, credential, logouts: plan.quick ? 10 : 50 });
    figures.push({
      budget: 'revocation-verifier',
      round,
      value: lag.p99,
      parts: [
        { what: 'logouts', value: lag.revocations, unit: '' },
        { what: 'verifiers that heard of each', value: lag.verifiers, unit: '' },
        { what: 'lag, median', value: lag.p50, unit: 'ms' },
        { what: 'lag, longest', value: lag.max, unit: 'ms' },
      ],
    });
  }
  return figures;
}
