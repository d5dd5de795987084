/**
 * Where the server's time goes: a V8 profile of `dist/main.js` under one of the loads, cut to the time of the load, and
 * summed by package of node_modules, by file of ours (through the source map) and by function. Time is self time: what
 * was spent in a function itself and not in what it called.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, viewerRequests } from '../lab/harness/load.js';
import { environmentOf, REPOSITORY } from '../lab/harness/server.js';
import { answerOf, serving } from './processes.js';
import { type CpuProfile, placeOf, selfTimes, sumBy } from './profile-reading.js';
import type { RefreshFigures, RefreshLoad } from './refresh-worker.js';
import { registerMany, type SignedIn } from './signed-in.js';
import { asMarkdown, shown } from './table.js';

export const PROFILES = ['viewer', 'refresh'] as const;
export type ProfileName = (typeof PROFILES)[number];

const PLACES = 14;
const FUNCTIONS = 22;
const CLIENTS = 64;
const WARM_UP_SECONDS = 3;

/** Two tables in Markdown. */
export async function profile(name: ProfileName, seconds: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  try {
    const { profile: recorded, from, to, requests } = await record(name, seconds, folder);
    const times = selfTimes(recorded, from, to);
    const total = times.reduce((sum, { microseconds }) => sum + microseconds, 0);
    const idle = sumBy(times, ({ frame }) => frame.functionName).get('(idle)') ?? 0;
    const busy = times.filter(({ frame }) => frame.functionName !== '(idle)');
    const share = (most: Map<string, number>, count: number) =>
      [...most]
        .sort(([, a], [, b]) => b - a)
        .slice(0, count)
        .map(([what, microseconds]) => [
          what,
          `${shown((microseconds / (total - idle)) * 100)} %`,
          `${shown(microseconds / requests)} µs`,
        ]);
    const head = ['share', 'a request'];
    const places = share(
      sumBy(busy, ({ frame }) => placeOf(frame, REPOSITORY).place),
      PLACES,
    );
    const functions = share(
      sumBy(busy, ({ frame }) => {
        const { place, name: called } = placeOf(frame, REPOSITORY);
        return `\`${called}\` (${place})`;
      }),
      FUNCTIONS,
    );
    return [
      `Of ${shown(requests)} \`${name}\` requests in ${shown((to - from) / 1e6)} s, ${shown((idle / total) * 100)} % idle.`,
      asMarkdown({ head: ['where', ...head], rows: places }),
      asMarkdown({ head: ['function', ...head], rows: functions }),
    ].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Recorded {
  readonly profile: CpuProfile;
  /** Microseconds by the clock of the profile. */
  readonly from: number;
  readonly to: number;
  readonly requests: number;
}

async function record(name: ProfileName, seconds: number, folder: string): Promise<Recorded> {
  const server = await serving({
    line: [
      ...['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder],
      ...[join(REPOSITORY, 'dist/main.js'), 'serve'],
    ],
    folder,
    environment: environmentOf({ model: 'hybrid', folder }),
  });
  let window: Omit<Recorded, 'profile'>;
  try {
    const clients = await registerMany(server.url, CLIENTS);
    const under = name === 'viewer' ? viewers(server.url, clients) : refreshes(server.url, clients);
    await under(WARM_UP_SECONDS);
    const from = Number(process.hrtime.bigint() / 1000n);
    const requests = await under(seconds);
    window = { from, to: Number(process.hrtime.bigint() / 1000n), requests };
  } finally {
    await server.end();
  }
  const [file] = readdirSync(folder).filter((each) => each.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the server left no profile');
  return { profile: JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile, ...window };
}

function viewers(url: string, clients: readonly SignedIn[]) {
  const requests = viewerRequests(clients.map(({ accessToken }) => ({ bearer: accessToken })));
  return async (seconds: number) =>
    (await load({ url, requests, connections: 32, seconds, expect: '"email"' })).answers;
}

function refreshes(url: string, clients: readonly SignedIn[]) {
  let held = clients.map(({ refreshToken }) => refreshToken ?? '');
  return async (seconds: number) => {
    const options: RefreshLoad = { url, refreshTokens: held, seconds };
    const figures = await answerOf<RefreshFigures>('refresh-worker.ts', 'load', options);
    held = [...figures.refreshTokens];
    return figures.refreshes;
  };
}
