/** Processor time of a node's own work, in which no database helps: hashing, signing, verifying, and whole requests. */

import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { load, viewerRequests } from '../../lab/harness/load.js';
import type { Server } from '../../lab/harness/server.js';
import { answerOf, whileWatching } from '../processes.js';
import type { RefreshFigures, RefreshLoad } from '../refresh-worker.js';
import type { SignedIn } from '../signed-in.js';
import { PASSWORD } from '../signed-in.js';
import type { Argon2Figures } from '../yardsticks/argon2-loop.js';
import type { WorkCost } from './results.js';

/** Of ES256 without anything around it, on this core. */
export function signatures(round: number, times: number): WorkCost[] {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = Buffer.alloc(400, 'a');
  const dsaEncoding = 'ieee-p1363' as const;
  let signature = Buffer.alloc(0);
  const timed = (run: () => void) => {
    for (let warm = 0; warm < times / 10; warm++) run();
    const began = process.cpuUsage();
    for (let count = 0; count < times; count++) run();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / times;
  };
  const signing = timed(() => {
    signature = sign('sha256', data, { key: privateKey, dsaEncoding });
  });
  const verifying = timed(() => {
    if (!verify('sha256', data, { key: publicKey, dsaEncoding }, signature)) throw new Error('not verified');
  });
  return [
    { work: 'ES256 signature', round, microseconds: signing },
    { work: 'ES256 verification', round, microseconds: verifying },
  ];
}

export async function hashing(round: number, seconds: number): Promise<WorkCost> {
  const figures = await answerOf<Argon2Figures>('yardsticks/argon2-loop.ts', 'server', {
    seconds,
    password: PASSWORD,
  });
  // It keeps as many cores busy as it hashes at once.
  const busy = figures.seconds * figures.parallelism;
  return { work: 'argon2id', round, microseconds: (busy * 1e6) / figures.verifications };
}

/** Whole requests at a node on PostgreSQL: processor time of the node, for one of them. */
export async function requests(
  server: Server,
  clients: readonly SignedIn[],
  round: number,
  seconds: number,
): Promise<{ costs: WorkCost[]; refreshTokens: string[] }> {
  const bearers = viewerRequests(clients.map(({ accessToken }) => ({ bearer: accessToken })));
  const viewer = await whileWatching(server.pid, () =>
    load({ url: server.url, requests: bearers, connections: 32, seconds, expect: '"email"' }),
  );
  const refreshLoad: RefreshLoad = {
    url: server.url,
    refreshTokens: clients.map(({ refreshToken }) => refreshToken ?? ''),
    seconds,
  };
  const refresh = await whileWatching(server.pid, () =>
    answerOf<RefreshFigures>('refresh-worker.ts', 'load', refreshLoad),
  );
  return {
    costs: [
      { work: 'viewer', round, microseconds: (viewer.busySeconds * 1e6) / viewer.result.answers },
      { work: 'refresh', round, microseconds: (refresh.busySeconds * 1e6) / refresh.result.refreshes },
    ],
    refreshTokens: [...refresh.result.refreshTokens],
  };
}
