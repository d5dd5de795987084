/**
 * An upgrade without a pause: two nodes on one PostgreSQL are restarted one after the other, again and again, while
 * clients refresh and ask who they are. Nobody sees anything but success or an answer that says to try again, nobody is
 * signed out, and what was revoked meanwhile stays revoked on nodes that were not there when it was.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../lab/harness/postgres.js';
import { type HttpProxy, startHttpProxy } from '../support/http-proxy.js';
import { mutation, type Payload } from '../support/mutation.js';
import { endAll, mutate, type ServerProcess, startServer, whoIs } from '../support/server-process.js';

const CLIENTS = 12;
const RESTARTS = 6;
const PASSWORD = 'orchid kettle granite 41';

let database: PostgresServer;
let folder: string;
let nodes: ServerProcess[];
let proxy: HttpProxy;

const start = () =>
  startServer(folder, {
    COUNTERFOIL_DATABASE: database.url(),
    COUNTERFOIL_MASTER_KEY: 'c2'.repeat(32),
    COUNTERFOIL_DATABASE_POOL: '4',
  });

beforeAll(async () => {
  database = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-rolling-'));
  nodes = await Promise.all([start(), start()]);
  proxy = await startHttpProxy(() => nodes.map(({ url }) => url));
}, 120_000);

afterAll(async () => {
  await proxy?.close();
  await endAll();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that any client has seen, counted. */
const seen = new Map<string, number>();
const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

type Answer = { readonly kind: 'retry' } | { readonly kind: 'data'; readonly data: Record<string, unknown> };

/** One request. Only what says "not now" counts as an answer to try again after: 502, 503, a broken connection. */
async function request(query: string, variables: object, accessToken: string | null): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
  };
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${proxy.url}/graphql`, { method: 'POST', headers, body }).catch(() => null);
  if (response === null || response.status === 502 || response.status === 503) {
    note(`not now (${response?.status ?? 'no answer'})`);
    return { kind: 'retry' };
  }
  const { data, errors } = (await response.json()) as {
    data?: Record<string, unknown> | null;
    errors?: { extensions: { code: string } }[];
  };
  if (errors !== undefined) note(`error ${errors[0]?.extensions.code}`);
  return { kind: 'data', data: data ?? {} };
}

async function untilAnswered(query: string, variables: object, accessToken: string | null = null) {
  for (;;) {
    const answer = await request(query, variables, accessToken);
    if (answer.kind === 'data') return answer.data;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Held {
  access: string;
  refresh: string;
}

async function signedIn(): Promise<Held & { readonly id: string }> {
  const email = `${randomUUID()}@example.test`;
  const { viewer, tokens } = await mutate(proxy.url, 'register', { email, password: PASSWORD });
  if (!viewer || !tokens?.refreshToken) throw new Error('nobody was registered');
  return { id: viewer.id, access: tokens.accessToken, refresh: tokens.refreshToken };
}

/** Refreshes once, however often it has to ask, with one idempotency key; then asks a few times who it is. */
async function live(held: Held): Promise<void> {
  const input = { refreshToken: held.refresh, idempotencyKey: randomUUID() };
  const { refresh } = (await untilAnswered(mutation('refresh'), { input })) as { refresh?: Payload };
  note(refresh?.__typename ?? 'nothing');
  held.access = refresh?.tokens?.accessToken ?? held.access;
  held.refresh = refresh?.tokens?.refreshToken ?? held.refresh;
  for (let question = 0; question < 5; question++) {
    const { viewer } = await untilAnswered('{ viewer { id } }', {}, held.access);
    note(viewer ? 'viewer' : 'nobody');
  }
}

it(`${RESTARTS} restarts of two nodes by turns: nobody is signed out, and every answer is a success or can be tried again`, async () => {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, signedIn));
  const gone: string[] = [];
  const exits: (number | null)[] = [];
  let restarting = true;

  const loads = clients.map(async (held) => {
    while (restarting) await live(held);
    await live(held);
  });
  for (let restart = 0; restart < RESTARTS; restart++) {
    const leaver = await signedIn();
    await untilAnswered('mutation { logout { __typename } }', {}, leaver.access);
    gone.push(leaver.access);
    const index = restart % nodes.length;
    exits.push((await nodes[index]?.end('SIGTERM')) ?? null);
    nodes[index] = await start();
  }
  restarting = false;
  await Promise.all(loads);

  console.log(Object.fromEntries(seen));
  expect(exits).toEqual(exits.map(() => 0));
  const unwanted = [...seen.keys()].filter((what) => !/^(RefreshSuccess|viewer|not now \(.*\))$/.test(what));
  expect(unwanted).toEqual([]);
  for (const { url } of nodes) {
    for (const [index, { id, access }] of clients.entries())
      expect(await whoIs(url, access), `${index}`).toBe(id);
    for (const access of gone) expect(await whoIs(url, access)).toBe('UNAUTHENTICATED');
  }
}, 180_000);
