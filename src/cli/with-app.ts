/** Runs work on the configured database: beside a running server, which hears of changes through the revocation log. */

import { type App, createApp } from '../app.js';
import { type Config, databaseName } from '../config/config.js';
import { statusOfDatabase } from '../database.js';
import { createLog } from '../system/log.js';
import { type Console, EXIT } from './console.js';

/** Work on a database that lasts. One in memory would be gone with this process, and what was done to it, too. */
export async function onLastingDatabase(
  config: Config,
  console: Console,
  work: (config: Config) => Promise<number>,
): Promise<number> {
  const { database } = config;
  if (database.kind !== 'sqlite' || database.file !== ':memory:') return work(config);
  console.err('counterfoil: COUNTERFOIL_DATABASE is in memory, so there is nothing that would last\n');
  return EXIT.misused;
}

/** Work on a database that is there. One that is absent is not made: a mistyped path should not look like no users. */
export async function withApp(
  config: Config,
  console: Console,
  work: (app: App) => Promise<number>,
): Promise<number> {
  const status = await statusOfDatabase(config);
  if (status.kind === 'absent') {
    const name = databaseName(config);
    const missing =
      config.database.kind === 'sqlite'
        ? `there is no database at ${name}; "counterfoil migrate" makes one`
        : `there are no tables in ${name} yet; "counterfoil migrate" makes them`;
    console.err(`counterfoil: ${missing}\n`);
    return EXIT.failed;
  }
  if (status.kind === 'unreadable') {
    console.err(`counterfoil: ${databaseName(config)} cannot be used: ${status.reason}\n`);
    return EXIT.failed;
  }
  if (status.kind === 'closed') {
    console.err(`counterfoil: ${status.reason}\n`);
    return EXIT.failed;
  }
  return withNewApp(config, work);
}

/**
 * The same, making the database where there is none. The operator of the environment is made by servers alone: a command
 * that lists or ends something makes nobody.
 */
export async function withNewApp<Result>(
  config: Config,
  work: (app: App) => Promise<Result>,
): Promise<Result> {
  const app = await createApp({ ...config, operator: null }, { log: createLog('silent') });
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}

/** Who acts at the command line: nobody who is signed in, and from no address. */
export const HERE = { userId: null, caller: { ipAddress: null, clientLabel: null } } as const;
