/**
 * One of two servers is killed while clients of both are at work: they ask who they are and renew their credentials in
 * turn. A client whose request got no whole answer sends it again, the same, to the other server, as any client behind a
 * load balancer would. Counted are the requests that were lost on the way and the clients that ended up signed out.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { mutate, whoIs } from '../../harness/client.js';
import type { Mode } from '../../harness/experiment.js';
import type { Model, Observation } from '../../harness/observation.js';
import type { Credential } from '../../harness/population.js';
import type { Server } from '../../harness/server.js';
import { spread } from './growth.js';

const CLIENTS = 40;
const BEFORE_MS = { quick: 200, full: 500 } as const;
const AFTER_MS = { quick: 300, full: 700 } as const;

type Seen = Pick<Observation, 'metric' | 'unit' | 'value' | 'factors'>;

interface Client {
  readonly userId: string;
  bearer: string;
  refreshToken: string | null;
  /** Where it sends its requests at present. */
  url: string;
  lost: number;
  lostRenewals: number;
  answered: number;
  signedOut: boolean;
}

export interface Crash {
  readonly model: Model;
  readonly victim: Server;
  readonly survivor: Server;
  readonly credentials: readonly Credential[];
  readonly mode: Mode;
}

export async function measureCrash({ model, victim, survivor, credentials, mode }: Crash): Promise<Seen[]> {
  const clients: Client[] = spread(credentials, CLIENTS).map(({ userId, bearer, refreshToken }, n) => ({
    userId,
    bearer,
    refreshToken,
    url: n % 2 === 0 ? victim.url : survivor.url,
    lost: 0,
    lostRenewals: 0,
    answered: 0,
    signedOut: false,
  }));
  const until = performance.now() + BEFORE_MS[mode] + AFTER_MS[mode];
  const working = Promise.all(clients.map((client) => work(client, model, survivor.url, until)));
  await pause(BEFORE_MS[mode]);
  await victim.end('SIGKILL');
  await working;
  const of = (some: readonly Client[], on: string): Seen[] => {
    const sum = (count: (client: Client) => number) =>
      some.reduce((total, client) => total + count(client), 0);
    const about = { unit: '', factors: { on } };
    return [
      { ...about, metric: 'crash clients', value: some.length },
      { ...about, metric: 'crash requests answered', value: sum(({ answered }) => answered) },
      { ...about, metric: 'crash requests lost', value: sum(({ lost }) => lost) },
      { ...about, metric: 'crash renewals lost', value: sum(({ lostRenewals }) => lostRenewals) },
      { ...about, metric: 'crash clients signed out', value: sum(({ signedOut }) => Number(signedOut)) },
    ];
  };
  return [
    ...of(
      clients.filter((_, n) => n % 2 === 0),
      'the killed process',
    ),
    ...of(
      clients.filter((_, n) => n % 2 === 1),
      'the other process',
    ),
  ];
}

/** Three questions, one renewal, and again; after the end a last question, at the survivor. */
async function work(client: Client, model: Model, survivor: string, until: number): Promise<void> {
  for (let turn = 0; performance.now() < until && !client.signedOut; turn += 1) {
    const renews = turn % 4 === 3;
    const lostBefore = client.lost;
    const send = renews ? renewal(client, model) : (url: string) => ask(client, url);
    client.signedOut = !(await again(client, survivor, send));
    if (renews) client.lostRenewals += client.lost - lostBefore;
    client.answered += 1;
  }
  client.signedOut ||= !(await ask(client, survivor));
}

/** Until it is answered. A process that has died answers nothing, and the next try goes to the survivor. */
async function again(
  client: Client,
  survivor: string,
  send: (url: string) => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    try {
      return await send(client.url);
    } catch (fault) {
      // The survivor must answer; and only a lost connection is a lost request.
      if (client.url === survivor || !(fault instanceof TypeError)) throw fault;
      client.lost += 1;
      client.url = survivor;
    }
  }
}

async function ask({ bearer, userId }: Client, url: string): Promise<boolean> {
  return (await whoIs(url, { bearer })) === userId;
}

/** One renewal, however often it is sent: its key is drawn before the first try. */
function renewal(client: Client, model: Model): (url: string) => Promise<boolean> {
  const idempotencyKey = randomUUID();
  return async (url) => {
    const { refreshToken, bearer } = client;
    const sent = model === 'hybrid' ? {} : { bearer };
    const input = { idempotencyKey, ...(refreshToken === null ? {} : { refreshToken }) };
    const { tokens } = await mutate(url, 'refresh', input, sent);
    if (!tokens) return false;
    client.bearer = tokens.accessToken ?? client.bearer;
    client.refreshToken = tokens.refreshToken;
    return true;
  };
}
