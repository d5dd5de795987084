/** Operations on both stores, in turns: round by round, and within a round operation by operation. */

import { join } from 'node:path';
import { databaseFile, REPOSITORY } from '../../lab/harness/server.js';
import { openDatabase } from '../../src/store/open.js';
import type { Store } from '../../src/store/ports/store.js';
import type { Cluster } from './cluster.js';
import { startProxy } from './counting-proxy.js';
import { counted, measured, operations, type Side, type Watching } from './operations.js';
import type { OperationCost } from './results.js';
import { populate } from './subjects.js';

export interface CostPlan {
  readonly users: number;
  readonly sessionsEach: number;
  readonly times: number;
  readonly rounds: number;
  say(what: string): void;
}

const MIGRATIONS = join(REPOSITORY, 'schema/migrations');
/** Connections of a store of its own: one would do, since operations come one after the other. */
const POOL = 2;

export async function operationCosts(
  cluster: Cluster,
  folder: string,
  plan: CostPlan,
): Promise<OperationCost[]> {
  const database = 'costs';
  const url = await cluster.create(database);
  const proxy = await startProxy(cluster.port);
  const direct = await postgresStore(url);
  const through = await postgresStore(cluster.urlOf(database, proxy.port));
  const file = await openDatabase({ kind: 'sqlite', file: databaseFile(folder) }, MIGRATIONS, Math.random);
  await file.migrate();
  const sqlite = file.store();
  try {
    plan.say('users and their sessions');
    const subjects = await populate(direct, plan.users, plan.sessionsEach);
    const ours: Side = { kind: 'postgres', store: direct, subjects };
    const theirs: Side = {
      kind: 'sqlite',
      store: sqlite,
      subjects: await populate(sqlite, plan.users, plan.sessionsEach),
    };
    const watching: Watching = { cluster, database };
    const costs: OperationCost[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      for (const operation of operations(plan.times)) {
        plan.say(`round ${round + 1}: ${operation.name}`);
        const passed = await counted(operation, { ...ours, store: through }, proxy);
        costs.push({ ...(await measured(operation, ours, round, watching)), ...passed });
        const none = { statements: null, roundTrips: null };
        costs.push({ ...(await measured(operation, theirs, round, null)), ...none });
      }
      // The last operation ended all sessions of some users; they sign in again.
      for (const side of [ours, theirs]) await refill(side, plan.sessionsEach);
    }
    return costs;
  } finally {
    for (const store of [direct, through, sqlite]) await store.close();
    await proxy.close();
  }
}

async function postgresStore(url: string): Promise<Store> {
  const database = await openDatabase({ kind: 'postgres', url, poolSize: POOL }, MIGRATIONS, Math.random);
  await database.migrate();
  return database.store();
}

async function refill({ store, subjects }: Side, each: number): Promise<void> {
  const begin = operations(1).find(({ name }) => name === 'begin');
  for (const [at, { sessions }] of subjects.entries())
    while (sessions.length < each) await begin?.run(store, subjects, at);
}
