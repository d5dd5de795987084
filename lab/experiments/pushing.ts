/**
 * Whether a server reaches its clients: each model with n signed-in clients, a WebSocket each. How many hear a message to
 * everybody and how soon, what a connection costs in memory, what is heard while some do not read, and who still hears
 * after a logout. Full mode: 2 steps of some 2 minutes. Quick mode: 1 step of about 10 seconds.
 */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { logout, mutate } from '../harness/client.js';
import { type Bench, type Experiment, modelsOf, type Plan, type Step } from '../harness/experiment.js';
import type { Observation } from '../harness/observation.js';
import {
  addSessions,
  addUsers,
  type Credential,
  credentialsOf,
  makeDatabase,
} from '../harness/population.js';
import { OPERATOR, type Server, startServer } from '../harness/server.js';
import { quantile } from '../harness/statistics.js';
import { type Client, listen, say } from './pushing/listener.js';
import { besideStalled } from './pushing/stalled.js';

const SIZES = { quick: [50], full: [500, 2_000] } as const;
const MESSAGES = { quick: 1, full: 5 } as const;
const LEAVING = 10;
const STALLING = 10;
/** Below what one address may open without having shown a token. */
const AT_ONCE = 50;
/** For a message, where it may be that nobody should hear it: several times as long as any takes that comes. */
const SHORT_PATIENCE_MS = 1_500;
/** Tokens must outlive the step; nothing else depends on it. */
const ENVIRONMENT = { COUNTERFOIL_ACCESS_TTL: '7200' };

export const experiment: Experiment = {
  name: 'pushing',
  title: 'Whether the server reaches its clients',
  steps: ({ mode }: Plan): readonly Step[] =>
    SIZES[mode].map((clients) => ({
      id: `clients-${clients}`,
      label: `${clients.toLocaleString('en')} clients that listen`,
      run: (bench) => measure(clients, bench),
    })),
};

async function measure(clients: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  const observations: Observation[] = [];
  const models = modelsOf(plan);
  const users = clients + LEAVING * models.length * plan.rounds;
  say('filling the database');
  await makeDatabase({ model: 'hybrid', folder });
  addUsers(folder, users);
  addSessions(folder, users);
  // Who has logged out in one round does not come back in another.
  let gone = 0;
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const model of models) {
      say(`${model}, round ${round + 1}`);
      const options = { model, folder, environment: ENVIRONMENT };
      const credentials = (await credentialsOf(options, users, users)).slice(gone, gone + clients);
      gone += LEAVING;
      const server = await startServer(options);
      try {
        const seen = await push(server, credentials, MESSAGES[plan.mode]);
        observations.push(...seen.map((each) => ({ ...each, model, factors: { clients }, round })));
      } finally {
        await server.end();
      }
    }
  }
  return observations;
}

type Seen = Pick<Observation, 'metric' | 'unit' | 'value'>;

async function push(server: Server, credentials: readonly Credential[], messages: number): Promise<Seen[]> {
  await pause(300);
  const before = server.residentBytes();
  const clients: Client[] = [];
  for (let from = 0; from < credentials.length; from += AT_ONCE)
    clients.push(
      ...(await Promise.all(credentials.slice(from, from + AT_ONCE).map((each) => listen(server, each)))),
    );
  await pause(500);
  const perConnection = (server.residentBytes() - before) / clients.length;

  const operator = (await mutate(server.url, 'login', OPERATOR)).tokens?.accessToken ?? null;
  const lags: number[] = [];
  let reached = 0;
  for (let n = 0; n < messages; n += 1) {
    const heard = await say(server, operator, `message ${n}`, clients);
    reached += heard.length;
    lags.push(...heard);
  }
  const [reading, stalled] = [clients.slice(0, -STALLING), clients.slice(-STALLING)];
  const beside = await besideStalled(server, operator, reading, stalled);
  const after = await afterLogout(server, operator, credentials, clients);
  for (const { socket } of clients) socket.terminate();
  return [
    { metric: 'reached', unit: 'share', value: reached / (messages * clients.length) },
    ...lagsOf('', lags),
    { metric: 'memory per connection', unit: 'bytes', value: perConnection },
    {
      metric: 'reached beside stalled',
      unit: 'share',
      value: beside.lags.length / (beside.messages * reading.length),
    },
    ...lagsOf(' beside stalled', beside.lags),
    { metric: 'stalled and dropped', unit: 'share', value: beside.dropped / stalled.length },
    ...after,
  ];
}

function lagsOf(when: string, lags: readonly number[]): Seen[] {
  const sorted = [...lags].sort((a, b) => a - b);
  return [
    { metric: `lag p50${when}`, unit: 'ms', value: quantile(sorted, 0.5) },
    { metric: `lag p99${when}`, unit: 'ms', value: quantile(sorted, 0.99) },
    { metric: `lag most${when}`, unit: 'ms', value: sorted.at(-1) ?? Number.NaN },
  ];
}

/** Some log out, as their users would; then who of them still hears. */
async function afterLogout(
  server: Server,
  operator: string | null,
  credentials: readonly Credential[],
  clients: readonly Client[],
): Promise<Seen[]> {
  const leaving = clients.slice(0, LEAVING);
  const began = performance.now();
  const closed = leaving.map(({ socket }) => once(socket, 'close').then(() => performance.now() - began));
  for (const { bearer } of credentials.slice(0, LEAVING)) await logout(server.url, { bearer });
  const told = performance.now() - began;
  const all = Promise.all(closed);
  await Promise.race([all, pause(2_000)]);
  const still = (await say(server, operator, 'after the logout', leaving, SHORT_PATIENCE_MS)).length;
  const over = still === 0 ? Math.max(...(await all)) - told : Number.NaN;
  return [
    { metric: 'reached after logout', unit: 'share', value: still / leaving.length },
    ...(Number.isNaN(over) ? [] : [{ metric: 'closed after logout', unit: 'ms', value: Math.max(0, over) }]),
  ];
}
