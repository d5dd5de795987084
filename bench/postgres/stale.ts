/**
 * What it costs to say who calls while a node is stale: the model is asked as by a request, on an app that was never
 * started, whose knowledge of the log is therefore older than any bound, so that it asks the store each time.
 */

import { environmentOf } from '../../lab/harness/server.js';
import { createUser } from '../../src/account/register.js';
import { createApp } from '../../src/app.js';
import { readEnvironment } from '../../src/config/environment.js';
import { auditEvent } from '../../src/entities/audit.js';
import type { Cluster } from './cluster.js';
import { startProxy } from './counting-proxy.js';
import type { OperationCost } from './results.js';

export interface StalePlan {
  readonly times: number;
  readonly rounds: number;
}

const CLIENT = { deviceName: null, clientLabel: 'Chrome on Android', ipAddress: '2001:db8::7348' };

export async function staleCosts(
  cluster: Cluster,
  folder: string,
  plan: StalePlan,
): Promise<OperationCost[]> {
  const url = await cluster.create('stale');
  const proxy = await startProxy(cluster.port);
  const apps = {
    postgres: await asker(folder, url),
    through: await asker(folder, cluster.urlOf('stale', proxy.port)),
    sqlite: await asker(folder, null),
  };
  try {
    const costs: OperationCost[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const times = Math.min(20, plan.times);
      await apps.through.ask(1);
      const before = proxy.counted();
      await apps.through.ask(times);
      const after = proxy.counted();
      const passed = {
        statements: (after.statements - before.statements) / times,
        roundTrips: (after.roundTrips - before.roundTrips) / times,
      };
      costs.push(await timed(cluster, 'postgres', apps.postgres, { round, ...plan }, passed));
      const none = { statements: null, roundTrips: null };
      costs.push(await timed(null, 'sqlite', apps.sqlite, { round, ...plan }, none));
    }
    return costs;
  } finally {
    for (const { stop } of Object.values(apps)) await stop();
    await proxy.close();
  }
}

interface Asker {
  ask(times: number): Promise<void>;
  stop(): Promise<void>;
}

async function asker(folder: string, url: string | null): Promise<Asker> {
  const environment = {
    COUNTERFOIL_MASTER_KEY: 'a0'.repeat(32),
    ...(url === null ? {} : { COUNTERFOIL_DATABASE: url }),
  };
  const read = readEnvironment(environmentOf({ model: 'hybrid', folder, environment }));
  if (read.kind === 'bad') throw new Error(JSON.stringify(read.problems));
  const app = await createApp(read.config);
  const { parts } = app;
  const caller = { ipAddress: CLIENT.ipAddress, clientLabel: CLIENT.clientLabel };
  const account = {
    email: `ada${Math.random()}@example.test`,
    password: 'orchid kettle granite 41',
    name: 'Ada',
  };
  const created = await createUser(parts, account, { roles: ['USER'], as: 'user.registered', caller });
  if (created.kind !== 'created') throw new Error(`no user: ${created.kind}`);
  const audit = auditEvent('login.succeeded', parts.clock.now(), { userId: created.user.id });
  const begun = await parts.model.begin(created.user, { delivery: 'body', client: CLIENT, audit });
  if (begun === null) throw new Error('no session');
  const presented = { bearer: begun.tokens.accessToken, cookie: null };
  return {
    ask: async (times) => {
      for (let count = 0; count < times; count++) {
        const { kind } = await parts.model.authenticate(presented);
        if (kind !== 'authenticated') throw new Error(`the session was ${kind}`);
      }
    },
    stop: () => app.stop(),
  };
}

async function timed(
  cluster: Cluster | null,
  store: OperationCost['store'],
  { ask }: Asker,
  { round, times }: StalePlan & { readonly round: number },
  passed: Pick<OperationCost, 'statements' | 'roundTrips'>,
): Promise<OperationCost> {
  const before = { server: cluster?.processorNanoseconds() ?? Number.NaN, client: process.cpuUsage() };
  const began = performance.now();
  await ask(times);
  const elapsed = (performance.now() - began) * 1_000;
  const { user, system } = process.cpuUsage(before.client);
  const server = (cluster?.processorNanoseconds() ?? Number.NaN) - before.server;
  return {
    operation: 'authenticate, stale',
    store,
    round,
    times,
    microseconds: elapsed / times,
    clientMicroseconds: (user + system) / times,
    serverMicroseconds: Number.isFinite(server) ? server / 1_000 / times : null,
    walBytes: null,
    ...passed,
  };
}
