/**
 * Memory: what the server holds for each session that lives, whether anybody uses it or not. The same server on a file
 * with few sessions and on one with many more, after the same start and the same few hundred requests.
 */

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { whoIs } from '../../lab/harness/client.js';
import { databaseFile, startServer } from '../../lab/harness/server.js';
import { addSessions } from '../bulk-sessions.js';
import type { Bench, Figure, Measure } from '../measure.js';
import { registerMany, type SignedIn } from '../signed-in.js';

const USERS = 50;
const REQUESTS = 300;
/** What a start leaves behind is mostly collected by then. */
const SETTLE_MS = 500;
const ACCESS_TTL = { COUNTERFOIL_ACCESS_TTL: '3600' };

export const memory: Measure = {
  name: 'memory',
  async run(bench) {
    const { plan, say } = bench;
    const more = plan.quick ? 200_000 : 1_000_000;
    const { few, many, clients } = await prepare(bench, more);
    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      const ofFew = await resident(few, clients);
      const ofMany = await resident(many, clients);
      figures.push({
        budget: 'memory',
        round,
        value: (ofMany - ofFew) / more,
        parts: [
          { what: `resident with ${USERS} sessions`, value: ofFew / 1e6, unit: 'MB' },
          {
            what: `resident with ${(USERS + more).toLocaleString('en')} sessions`,
            value: ofMany / 1e6,
            unit: 'MB',
          },
        ],
      });
    }
    return figures;
  },
};

async function prepare(
  { folder, say }: Bench,
  more: number,
): Promise<{ few: string; many: string; clients: SignedIn[] }> {
  say('sessions are written');
  const few = join(folder, 'few');
  const many = join(folder, 'many');
  mkdirSync(few);
  const server = await startServer({ model: 'hybrid', folder: few, environment: ACCESS_TTL });
  const clients = await registerMany(server.url, USERS);
  await server.end();
  cpSync(few, many, { recursive: true });
  addSessions(databaseFile(many), { count: more, owner: null });
  return { few, many, clients };
}

async function resident(folder: string, clients: readonly SignedIn[]): Promise<number> {
  const server = await startServer({ model: 'hybrid', folder, environment: ACCESS_TTL });
  try {
    for (let sent = 0; sent < REQUESTS; sent++) {
      const answer = await whoIs(server.url, { bearer: clients[sent % clients.length]?.accessToken ?? '' });
      if (answer.length !== 22) throw new Error(`a request was answered ${answer}`);
    }
    await pause(SETTLE_MS);
    return server.residentBytes();
  } finally {
    await server.end();
  }
}
