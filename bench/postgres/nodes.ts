/** Nodes of ours on one PostgreSQL, and credentials for those who follow their feeds. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../lab/harness/observation.js';
import type { Side } from '../../lab/harness/pinned.js';
import { environmentOf, type Server, startServer } from '../../lab/harness/server.js';
import { createVerifier } from '../../src/account/verifiers.js';
import { createApp } from '../../src/app.js';
import { readEnvironment } from '../../src/config/environment.js';

/** The same for all nodes of a database. Seals nothing that anybody needs. */
const MASTER_KEY = 'a0'.repeat(32);

interface NodeOptions {
  readonly url: string;
  readonly model: Model;
  /** Where it may put files; need not exist. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The servers' core, unless several are not to wait for one another. */
  readonly side?: Side;
}

export function startNodeOn({
  url,
  model,
  folder,
  environment = {},
  side = 'server',
}: NodeOptions): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  return startServer({ model, folder, side, environment: { ...on(url), ...environment } });
}

/** So many credentials: one may hold a hundred connections. */
export async function credentials(url: string, folder: string, count: number): Promise<string[]> {
  const read = readEnvironment(environmentOf({ model: 'hybrid', folder, environment: on(url) }));
  if (read.kind === 'bad') throw new Error(JSON.stringify(read.problems));
  const app = await createApp(read.config);
  try {
    const made: string[] = [];
    for (let index = 0; index < count; index++) {
      const outcome = await createVerifier(
        app.parts,
        { name: `reader ${index}` },
        { userId: null, caller: { ipAddress: null, clientLabel: null } },
      );
      if (outcome.kind !== 'created') throw new Error('no verifier was made');
      made.push(outcome.credential);
    }
    return made;
  } finally {
    await app.stop();
  }
}

export function folderOf(home: string, name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function on(url: string): Record<string, string> {
  return { COUNTERFOIL_DATABASE: url, COUNTERFOIL_MASTER_KEY: MASTER_KEY };
}
