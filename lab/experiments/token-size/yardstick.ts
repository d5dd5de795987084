/** The bare servers of `claims-worker.ts`, started, loaded and ended. */

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Mode } from '../../harness/experiment.js';
import { load } from '../../harness/load.js';
import type { Observation } from '../../harness/observation.js';
import { ended, startNode } from '../../harness/pinned.js';
import { REPOSITORY } from '../../harness/server.js';

export const KINDS = ['jwt', 'row'] as const;

interface Open {
  readonly url: string;
  readonly credentials: readonly string[];
}

/** `kind`: whether the claims travel in a JWT, or stay in a row that an opaque id names. */
export async function measureYardstick(
  kind: (typeof KINDS)[number],
  claims: number,
  { folder, round, mode }: { readonly folder: string; readonly round: number; readonly mode: Mode },
): Promise<Observation[]> {
  const child = startNode({
    line: [
      '--import',
      'tsx',
      join(REPOSITORY, 'lab/experiments/token-size/claims-worker.ts'),
      kind,
      `${claims}`,
      folder,
    ],
    side: 'server',
    folder: REPOSITORY,
    environment: {},
  });
  try {
    child.stderr?.resume();
    const said = child.stdout === null ? [] : createInterface({ input: child.stdout });
    let open: Open | null = null;
    for await (const line of said) {
      open = JSON.parse(line) as Open;
      break;
    }
    if (open === null) throw new Error('the yardstick did not start');
    const requests = open.credentials.map((credential) => ({
      body: '',
      headers: { authorization: `Bearer ${credential}` },
    }));
    const options = { url: open.url, path: '/', method: 'GET', requests, expect: '"ok":true' } as const;
    if (mode === 'full') await load({ ...options, connections: 20, seconds: 1 });
    const { requestsPerSecond, bad } = await load({
      ...options,
      connections: 20,
      seconds: mode === 'quick' ? 0.5 : 2,
    });
    if (bad > 0) throw new Error(`${bad} of the yardstick's answers were bad`);
    const about = { model: null, factors: { claims, kind }, round };
    return [
      {
        ...about,
        metric: 'yardstick throughput',
        unit: 'requests/s',
        value: requestsPerSecond,
      },
      { ...about, metric: 'yardstick credential', unit: 'bytes', value: open.credentials[0]?.length ?? 0 },
    ];
  } finally {
    await ended(child, 'SIGKILL');
  }
}
