/** All that is measured on one PostgreSQL, in the order in which it is: operations, rows, the feed, the work of a node. */

import pg from 'pg';
import type { Progress } from '../../lab/harness/progress.js';
import { registerMany } from '../signed-in.js';
import type { Cluster } from './cluster.js';
import { operationCosts } from './costs.js';
import { feedCosts } from './feed.js';
import { feedLag } from './lag.js';
import { credentials, folderOf, startNodeOn } from './nodes.js';
import type { PostgresResults, WorkCost } from './results.js';
import { sizesOf } from './sizes.js';
import { staleCosts } from './stale.js';
import { hashing, requests, signatures } from './work.js';

export type Figures = Pick<
  PostgresResults,
  'operations' | 'sizes' | 'hotRotations' | 'feed' | 'lag' | 'work'
>;

export interface Sizes {
  readonly rounds: number;
  readonly users: number;
  /** Of each operation; those that wait for the disk, a quarter. */
  readonly times: number;
  /** Of a table whose bytes are counted. */
  readonly rows: number;
  /** Of one node's feed. */
  readonly consumers: number;
  /** Of each load. */
  readonly seconds: number;
  readonly logouts: number;
}

const SESSIONS_EACH = 4;

export async function measure(
  cluster: Cluster,
  folder: string,
  plan: Sizes,
  progress: Progress,
): Promise<Figures> {
  const { rounds } = plan;
  const say = (what: string) => progress.doing(what);
  progress.begin('bench', 0, 4);
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const began = performance.now();
    say(name);
    const result = await work();
    progress.stepped(name, (performance.now() - began) / 1_000);
    return result;
  };
  const operations = await step('operations', async () => [
    ...(await operationCosts(cluster, folderOf(folder, 'costs'), {
      users: plan.users,
      sessionsEach: SESSIONS_EACH,
      times: plan.times,
      rounds,
      say,
    })),
    ...(await staleCosts(cluster, folderOf(folder, 'stale'), { times: plan.times, rounds })),
  ]);
  const sizes = await step('bytes on disk', () => sizesOf(cluster, 'costs', plan.rows));
  const { feed, lag } = await step('the feed', () => feedFigures(cluster, folder, plan, say));
  const work = await step('work of a node', () => nodeWork(cluster, folder, plan, say));
  progress.end();
  return { operations, ...sizes, feed, lag, work };
}

async function feedFigures(cluster: Cluster, folder: string, plan: Sizes, say: (what: string) => void) {
  const url = await cluster.create('feed');
  const home = folderOf(folder, 'feed');
  const other = { url, model: 'hybrid', folder: home, side: 'anywhere' } as const;
  const nodes = [await startNodeOn({ url, model: 'hybrid', folder: home }), await startNodeOn(other)];
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Each may hold a hundred connections.
    const secrets = await credentials(url, home, 1 + Math.ceil(plan.consumers / 50));
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    say('the lag to verifiers');
    const lag = await feedLag({
      nodes: nodes.map((node) => node.url),
      verifiersEach: 10,
      credential: secrets[0] ?? '',
      logouts: plan.logouts,
    });
    const subject = { url: first.url, pid: first.pid, credentials: secrets.slice(1), client };
    const { consumers, seconds, rounds } = plan;
    return { lag, feed: await feedCosts(subject, { consumers, seconds, rounds, say }) };
  } finally {
    await client.end();
    for (const node of nodes) await node.end();
  }
}

async function nodeWork(cluster: Cluster, folder: string, plan: Sizes, say: (what: string) => void) {
  const url = await cluster.create('work');
  const server = await startNodeOn({ url, model: 'hybrid', folder: folderOf(folder, 'work') });
  try {
    say('users sign in');
    let clients = await registerMany(server.url, 32);
    const work: WorkCost[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}: hashing, signing, requests`);
      work.push(...signatures(round, plan.times), await hashing(round, Math.min(2, plan.seconds)));
      const { costs, refreshTokens } = await requests(server, clients, round, plan.seconds);
      work.push(...costs);
      clients = clients.map((client, index) => ({ ...client, refreshToken: refreshTokens[index] ?? null }));
    }
    return work;
  } finally {
    await server.end();
  }
}
