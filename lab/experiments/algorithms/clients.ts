/**
 * Clients at work: each asks who it is, again and again, with the token it holds, and renews it now and then, as clients
 * do: not because a key has changed, which they cannot see. Whatever is not answered with the right user is refused.
 */

import { randomUUID } from 'node:crypto';
import { mutate, whoIs } from '../../harness/client.js';
import type { Model, Observation } from '../../harness/observation.js';
import type { Credential } from '../../harness/population.js';

/** Renewals are staggered, so that at each change some clients hold new tokens and some old ones. */
const RENEW_EVERY = 12;

interface Tally {
  requests: number;
  renewals: number;
  refused: number;
}

export interface Party {
  /** Of the time since it was asked last. */
  count(): Pick<Observation, 'metric' | 'unit' | 'value'>[];
  /** What each client holds now. */
  tokens(): readonly string[];
  /** Resolves to the sum of all, once every client has stopped. */
  stop(): Promise<Readonly<Tally>>;
}

interface Client extends Credential {
  readonly bearer: string;
  readonly refreshToken: string | null;
}

export function startClients(url: string, model: Model, credentials: readonly Credential[]): Party {
  const all: Tally = { requests: 0, renewals: 0, refused: 0 };
  let counted: Readonly<Tally> = { ...all };
  let countedAt = performance.now();
  let slowest = 0;
  let working = true;
  const held: Client[] = [...credentials];
  const done = Promise.all(held.map((_, n) => work(n)));

  async function work(n: number): Promise<void> {
    for (let turn = n; working; turn += 1) {
      const client = held[n];
      if (client === undefined) return;
      const renews = turn % RENEW_EVERY === RENEW_EVERY - 1;
      const began = performance.now();
      const next = await (renews ? renew(client) : ask(client)).catch(() => null);
      slowest = Math.max(slowest, performance.now() - began);
      all.requests += 1;
      if (next === null) all.refused += 1;
      else held[n] = next;
      if (renews && next !== null) all.renewals += 1;
    }
  }

  async function ask(client: Client): Promise<Client | null> {
    return (await whoIs(url, { bearer: client.bearer })) === client.userId ? client : null;
  }

  async function renew(client: Client): Promise<Client | null> {
    const { bearer, refreshToken } = client;
    const input = { idempotencyKey: randomUUID(), ...(refreshToken === null ? {} : { refreshToken }) };
    const { tokens } = await mutate(url, 'refresh', input, model === 'hybrid' ? {} : { bearer });
    if (!tokens?.accessToken) return null;
    return { ...client, bearer: tokens.accessToken, refreshToken: tokens.refreshToken };
  }

  return {
    count: () => {
      const now = performance.now();
      const since = (name: keyof Tally) => all[name] - counted[name];
      const rate = (since('requests') / (now - countedAt)) * 1000;
      const seen = [
        { metric: 'requests', unit: '', value: since('requests') },
        { metric: 'renewals', unit: '', value: since('renewals') },
        { metric: 'refused', unit: '', value: since('refused') },
        { metric: 'throughput', unit: 'requests/s', value: rate },
        { metric: 'slowest', unit: 'ms', value: slowest },
      ];
      counted = { ...all };
      countedAt = now;
      slowest = 0;
      return seen;
    },
    tokens: () => held.map(({ bearer }) => bearer),
    stop: async () => {
      working = false;
      await done;
      return all;
    },
  };
}

/** What the header of a JWT names. */
export function algorithmOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()).alg;
}
