/**
 * Whether a server reaches its clients: each model with n signed-in clients, a WebSocket each. How many hear a message to
 * everybody and how soon, what a connection costs in memory, and who still hears after a logout. Full mode: 2 steps of
 * some 50 seconds. Quick mode: 1 step of about 10 seconds.
 */

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ask, logout, mutate } from '../harness/client.js';
import type { Bench, Experiment, Plan, Step } from '../harness/experiment.js';
import { MODELS, type Observation } from '../harness/observation.js';
import {
  addSessions,
  addUsers,
  type Credential,
  credentialsOf,
  makeDatabase,
} from '../harness/population.js';
import { OPERATOR, type Server, startServer } from '../harness/server.js';
import { quantile } from '../harness/statistics.js';

const SIZES = { quick: [50], full: [500, 2_000] } as const;
const MESSAGES = { quick: 1, full: 5 } as const;
const LEAVING = 10;
/** Below what one address may open without having shown a token. */
const AT_ONCE = 50;
/** Of a message: who has not heard it by then is not reached. */
const PATIENCE_MS = 5_000;
/** The same where it may be that nobody should: several times as long as any message takes that comes. */
const SHORT_PATIENCE_MS = 1_500;
/** Tokens must outlive the step; nothing else depends on it. */
const ENVIRONMENT = { COUNTERFOIL_ACCESS_TTL: '7200' };
const EVENTS = 'subscription { sessionEvents { __typename ... on MessageEvent { text } } }';
const NOTIFY = 'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { __typename } }';

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
  const users = clients + LEAVING * MODELS.length * plan.rounds;
  say('filling the database');
  await makeDatabase({ model: 'hybrid', folder });
  addUsers(folder, users);
  addSessions(folder, users);
  // Who has logged out in one round does not come back in another.
  let gone = 0;
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const model of MODELS) {
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

interface Client {
  readonly socket: WebSocket;
  /** When it heard each text. */
  readonly heard: Map<string, number>;
}

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
    const { times, sentAt } = await say(server, operator, `message ${n}`, clients);
    reached += times.length;
    lags.push(...times.map((at) => at - sentAt));
  }
  const after = await afterLogout(server, operator, credentials, clients);
  for (const { socket } of clients) socket.terminate();
  lags.sort((a, b) => a - b);
  return [
    { metric: 'reached', unit: 'share', value: reached / (messages * clients.length) },
    { metric: 'lag p50', unit: 'ms', value: quantile(lags, 0.5) },
    { metric: 'lag p99', unit: 'ms', value: quantile(lags, 0.99) },
    { metric: 'lag most', unit: 'ms', value: lags.at(-1) ?? Number.NaN },
    { metric: 'memory per connection', unit: 'bytes', value: perConnection },
    ...after,
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
  const { times } = await say(server, operator, 'after the logout', leaving, SHORT_PATIENCE_MS);
  const still = times.length;
  const over = still === 0 ? Math.max(...(await all)) - told : Number.NaN;
  return [
    { metric: 'reached after logout', unit: 'share', value: still / leaving.length },
    ...(Number.isNaN(over) ? [] : [{ metric: 'closed after logout', unit: 'ms', value: Math.max(0, over) }]),
  ];
}

async function listen({ url }: Server, { bearer }: Credential): Promise<Client> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  const heard = new Map<string, number>();
  await once(socket, 'open');
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data)) as {
        readonly type: string;
        readonly payload?: { readonly data?: { readonly sessionEvents?: { readonly text?: string } } };
      };
      const text = payload?.data?.sessionEvents?.text;
      if (type === 'connection_ack') resolve();
      if (text !== undefined) heard.set(text, performance.now());
    });
    socket.once('close', (code) => reject(new Error(`a connection was closed with ${code}`)));
  });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken: bearer } }));
  await acknowledged;
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: EVENTS } }));
  return { socket, heard };
}

/** One message to everybody, and when each of `clients` heard it. */
async function say(
  server: Server,
  operator: string | null,
  text: string,
  clients: readonly Client[],
  patienceMs = PATIENCE_MS,
) {
  const sentAt = performance.now();
  const answer = await ask(server.url, NOTIFY, { input: { text } }, { bearer: operator });
  if (answer.code !== null) throw new Error(`a message was refused: ${answer.code}`);
  const times = () => clients.flatMap(({ heard }) => heard.get(text) ?? []);
  while (times().length < clients.length && performance.now() - sentAt < patienceMs) await pause(10);
  return { sentAt, times: times() };
}
