/**
 * `viewer`: how many authenticated requests a second one core serves, by the hybrid model, the stateful model and a bare
 * server that only verifies the token. All get the same requests, from the same clients, by the same load.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../lab/harness/client.js';
import { load, viewerRequests } from '../../lab/harness/load.js';
import type { Model } from '../../lab/harness/observation.js';
import { startServer } from '../../lab/harness/server.js';
import type { Bench, Figure, Measure, Part } from '../measure.js';
import { whileWatching, yardstick } from '../processes.js';
import { registerMany, type SignedIn } from '../signed-in.js';

const CONNECTIONS = 32;
const ACCESS_TTL_SECONDS = 3600;

interface Side {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly clients: readonly SignedIn[];
}

export const viewer: Measure = {
  name: 'viewer',
  async run(bench) {
    const { plan, say } = bench;
    const seconds = plan.quick ? 1 : 4;
    say('users sign in');
    const hybrid = await serverSide(bench, 'hybrid');
    const stateful = await serverSide(bench, 'stateful');
    const bare = await bareSide(bench, hybrid);
    const constant = await constantSide(bench, hybrid);
    say('warm-up');
    for (const side of [bare, hybrid, stateful]) await rate(side, plan.quick ? 0.5 : 3);

    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      const measured = async (side: Side) => {
        say(`round ${round + 1}: ${side.name}`);
        return rate(side, seconds);
      };
      const yardsticks = { bare: await measured(bare) };
      const ours = await measured(hybrid);
      const others = await measured(stateful);
      const ceiling = await measured(constant);
      const common = [
        part('hybrid', ours.rate),
        { what: 'its core busy', value: ours.busy * 100, unit: '%' },
        part('the most this load can ask for', ceiling.rate),
      ];
      figures.push(
        {
          budget: 'viewer',
          round,
          value: ours.rate / yardsticks.bare.rate,
          parts: [part('bare `node:http` + jose', yardsticks.bare.rate), ...common],
        },
        {
          budget: 'viewer-stateful',
          round,
          value: ours.rate / others.rate,
          parts: [part('stateful', others.rate), ...common.slice(0, 1)],
        },
      );
    }
    return figures;
  },
};

function part(what: string, value: number): Part {
  return { what, value, unit: 'requests/s' };
}

async function rate(side: Side, seconds: number): Promise<{ rate: number; busy: number }> {
  const requests = viewerRequests(side.clients.map(({ accessToken }) => ({ bearer: accessToken })));
  const { result, busySeconds } = await whileWatching(side.pid, () =>
    load({ url: side.url, requests, connections: CONNECTIONS, seconds, expect: '"email"' }),
  );
  if (result.bad > 0) throw new Error(`${side.name} gave ${result.bad} bad answers`);
  return { rate: result.requestsPerSecond, busy: busySeconds / seconds };
}

async function serverSide({ plan, folder, later }: Bench, model: Model): Promise<Side> {
  const home = join(folder, model);
  mkdirSync(home);
  const environment = { COUNTERFOIL_ACCESS_TTL: String(ACCESS_TTL_SECONDS) };
  const server = await startServer({ model, folder: home, environment });
  later(() => server.end());
  const clients = await registerMany(server.url, plan.quick ? 16 : 200);
  return { name: model, url: server.url, pid: server.pid, clients };
}

async function bareSide({ later }: Bench, hybrid: Side): Promise<Side> {
  const token = hybrid.clients[0]?.accessToken ?? '';
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  const jwks = (await (await fetch(`${hybrid.url}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  const server = await yardstick('bare-server.ts', {
    jwk: jwks.keys.find(({ kid }) => kid === header.kid),
    algorithm: header.alg,
    issuer: claims.iss,
    audience: claims.aud,
    body: await anAnswer(hybrid),
  });
  later(() => server.end());
  return { ...server, name: 'bare server', clients: hybrid.clients };
}

async function constantSide({ later }: Bench, hybrid: Side): Promise<Side> {
  const server = await yardstick('constant-server.ts', { body: await anAnswer(hybrid) });
  later(() => server.end());
  return { ...server, name: 'the load’s own ceiling', clients: hybrid.clients };
}

/** What the server answers, so that the yardsticks send no less. */
async function anAnswer({ url, clients }: Side): Promise<string> {
  const { data } = await ask(url, '{ viewer { id email } }', {}, { bearer: clients[0]?.accessToken ?? '' });
  return `${JSON.stringify({ data })}\n`;
}
