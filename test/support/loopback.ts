/**
 * The real server on a loopback socket over a database that can be looked into, for tests of what happens below the API:
 * bytes on the wire, headers, and that the tables are untouched.
 */

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { type Api, startApi } from './api.js';
import { type Dump, type SharedDatabase, sharedDatabase, type TestOptions } from './counterfoil.js';

export interface Loopback extends Api {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly database: SharedDatabase;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A GraphQL request by POST. */
  post(query: string, variables?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Every row of every table that holds accounts, sessions, keys or their history. */
  dump(): Promise<Dump>;
}

export async function startLoopback(options: TestOptions = {}): Promise<Loopback> {
  const database = await sharedDatabase();
  const settings = { database: database.setting, databasePool: 4, ...options.settings };
  const api = await startApi({ ...options, settings });
  await api.server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const fetchFrom: Loopback['fetch'] = (path, init) =>
    fetch(`${origin}${path}`, { redirect: 'manual', ...init });
  return {
    ...api,
    port,
    origin,
    database,
    fetch: fetchFrom,
    post: (query, variables = {}, headers = {}) =>
      fetchFrom('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      }),
    dump: async () =>
      Object.fromEntries(Object.entries(await database.dump()).filter(([name]) => !UNRELATED.includes(name))),
    stop: async () => {
      await api.stop();
      await database.drop();
    },
  };
}

const UNRELATED = [
  'sqlite_sequence',
  'rate_limits',
  'leases',
  '__drizzle_migrations',
  'counterfoil_migrations',
];

/** Sends bytes as they are and resolves to everything that came back until the other side closed. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset after the answer is a way to close, too.
    socket.on('error', (fault) => (chunks.length > 0 ? undefined : reject(fault)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.setTimeout(20_000, () => socket.destroy(new Error('The server neither answered nor closed.')));
  });
}

/** Requests sent at once over one connection. Resolves when the first is being answered, to how to break it. */
export async function pipelined(port: number, requests: readonly string[]): Promise<() => Promise<void>> {
  const socket = connect(port, '127.0.0.1', () => socket.write(requests.join('')));
  socket.on('error', () => {});
  await once(socket, 'data');
  return async () => {
    socket.destroy();
    await once(socket, 'close');
  };
}

/** Status codes of the answers in what `sendRaw` got. */
export function statusesOf(answers: string): number[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
