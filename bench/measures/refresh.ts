/**
 * `refresh`: rotations a second over HTTP, with everything that belongs to one (the row is read, judged and swapped, an
 * access token signed), against the rate at which better-sqlite3 alone swaps such rows, a transaction each. Both work on
 * files with the same number of sessions, and rotate as many of them.
 */

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile, startServer } from '../../lab/harness/server.js';
import { addSessions } from '../bulk-sessions.js';
import type { Bench, Figure, Measure } from '../measure.js';
import { answerOf, whileWatching, yardstick } from '../processes.js';
import type { RefreshFigures, RefreshLoad } from '../refresh-worker.js';
import { registerMany, type SignedIn } from '../signed-in.js';
import type { RotationFigures } from '../yardsticks/rotation-loop.js';

const CLIENTS = 64;
const SESSIONS = 10_000;

export const refresh: Measure = {
  name: 'refresh',
  async run(bench) {
    const { plan, folder, say, later } = bench;
    const seconds = plan.quick ? 1 : 4;
    const { clients, copy } = await prepare(bench);
    const server = await startServer({ model: 'hybrid', folder });
    later(() => server.end());
    const constant = await yardstick('constant-server.ts', { body: canned(clients) });
    later(() => constant.end());

    let held = clients.map(({ refreshToken }) => refreshToken ?? '');
    const refreshAll = async (url: string, forSeconds: number) => {
      const load: RefreshLoad = { url, refreshTokens: held, seconds: forSeconds };
      return answerOf<RefreshFigures>('refresh-worker.ts', 'load', load);
    };
    const overHttp = async (forSeconds: number) => {
      const { result, busySeconds } = await whileWatching(server.pid, () =>
        refreshAll(server.url, forSeconds),
      );
      held = [...result.refreshTokens];
      return { rate: result.refreshes / result.seconds, busy: busySeconds / result.seconds };
    };
    say('warm-up');
    await overHttp(plan.quick ? 0.5 : 3);

    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}: better-sqlite3 alone`);
      const raw = await answerOf<RotationFigures>('yardsticks/rotation-loop.ts', 'server', {
        file: copy,
        sessions: clients.map(({ sessionId }) => sessionId),
        seconds,
      });
      const rawRate = raw.rotations / raw.seconds;
      say(`round ${round + 1}: refresh over HTTP`);
      const ours = await overHttp(seconds);
      say(`round ${round + 1}: the load’s own ceiling`);
      const ceiling = await refreshAll(constant.url, plan.quick ? 0.5 : 2);
      figures.push({
        budget: 'refresh',
        round,
        value: ours.rate / rawRate,
        parts: [
          { what: 'better-sqlite3 alone', value: rawRate, unit: 'rotations/s' },
          { what: '`refresh` over HTTP', value: ours.rate, unit: 'requests/s' },
          { what: 'its core busy', value: ours.busy * 100, unit: '%' },
          {
            what: 'the most this load can ask for',
            value: ceiling.refreshes / ceiling.seconds,
            unit: 'requests/s',
          },
        ],
      });
    }
    return figures;
  },
};

/** Signs the clients in, fills the file with other sessions, and copies it for the yardstick while no server has it. */
async function prepare({ folder, say }: Bench): Promise<{ clients: SignedIn[]; copy: string }> {
  say('users sign in');
  const server = await startServer({ model: 'hybrid', folder });
  const clients = await registerMany(server.url, CLIENTS);
  await server.end();
  addSessions(databaseFile(folder), { count: SESSIONS - CLIENTS, owner: null });
  mkdirSync(join(folder, 'yardstick'));
  const copy = databaseFile(join(folder, 'yardstick'));
  copyFileSync(databaseFile(folder), copy);
  return { clients, copy };
}

/** An answer of the size of a real one. */
function canned([client]: readonly SignedIn[]): string {
  const { accessToken, refreshToken } = client ?? { accessToken: '', refreshToken: '' };
  const tokens = { accessToken, refreshToken };
  return `${JSON.stringify({ data: { refresh: { __typename: 'RefreshSuccess', tokens } } })}\n`;
}
