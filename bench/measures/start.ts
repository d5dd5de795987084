/**
 * Start: from the start of the process to its first GraphQL answer, for the server on a database that it has migrated
 * before, and for a hello-world on the same parts; and the memory that each then holds.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../../lab/harness/client.js';
import { environmentOf, REPOSITORY, residentBytes } from '../../lab/harness/server.js';
import { bundled } from '../bundle.js';
import type { Figure, Measure } from '../measure.js';
import { type ServerLine, serving } from '../processes.js';

const SETTLE_MS = 500;

export const start: Measure = {
  name: 'start',
  async run({ plan, folder, say }) {
    const home = join(folder, 'server');
    mkdirSync(home);
    const hello: ServerLine = {
      line: [await bundled('yardsticks/hello-world.ts')],
      folder: REPOSITORY,
      environment: {},
    };
    const ours: ServerLine = {
      line: [join(REPOSITORY, 'dist/main.js'), 'serve'],
      folder: home,
      // As without configuration: its own cost of passwords, and no operator to be made.
      environment: {
        ...environmentOf({ model: 'hybrid', folder: home }),
        COUNTERFOIL_ARGON2: '',
        COUNTERFOIL_OPERATOR_EMAIL: '',
        COUNTERFOIL_OPERATOR_PASSWORD: '',
      },
    };
    say('first starts');
    // The first one migrates and makes keys, and fills the system's cache of files.
    const first = await started(ours);
    await started(hello);

    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      const theirs = await started(hello);
      const mine = await started(ours);
      figures.push(
        {
          budget: 'start',
          round,
          value: mine.ms / theirs.ms,
          parts: [
            { what: 'hello-world', value: theirs.ms, unit: 'ms' },
            { what: 'Counterfoil', value: mine.ms, unit: 'ms' },
            { what: 'Counterfoil, its very first start', value: first.ms, unit: 'ms' },
          ],
        },
        {
          budget: 'resident',
          round,
          value: mine.megabytes,
          parts: [
            { what: 'hello-world', value: theirs.megabytes, unit: 'MB' },
            { what: 'Counterfoil', value: mine.megabytes, unit: 'MB' },
          ],
        },
      );
    }
    return figures;
  },
};

async function started(line: ServerLine): Promise<{ ms: number; megabytes: number }> {
  const began = performance.now();
  const server = await serving(line);
  try {
    const { data } = await ask(server.url, '{ __typename }');
    const ms = performance.now() - began;
    if (data?.['__typename'] !== 'Query') throw new Error('the server gave no answer');
    await pause(SETTLE_MS);
    return { ms, megabytes: residentBytes(server.pid) / 1e6 };
  } finally {
    await server.end();
  }
}
