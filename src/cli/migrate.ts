/** `counterfoil migrate`: brings the database to the tables of this version. */

import { type Config, databaseName } from '../config/config.js';
import { databaseOf, statusOfDatabase } from '../database.js';
import { type Console, EXIT } from './console.js';
import { answer, type Format } from './report.js';

export async function migrate(
  config: Config,
  console: Console,
  options: Format & { status?: boolean },
): Promise<number> {
  const before = await statusOfDatabase(config);
  if (before.kind === 'unreadable') {
    console.err(`counterfoil: ${databaseName(config)} cannot be used: ${before.reason}\n`);
    return EXIT.failed;
  }
  if (before.kind === 'closed') {
    console.err(`counterfoil: ${before.reason}\n`);
    return EXIT.failed;
  }
  const from = before.kind === 'present' ? before.applied : 0;
  if (options.status) {
    const known = before.kind === 'present' ? before.known : null;
    const missing =
      config.database.kind === 'sqlite' ? 'there is no database yet' : 'there are no tables yet';
    const state = before.kind === 'absent' ? missing : `${from} of ${known} migrations applied`;
    answer(console, options, { database: before.kind, applied: from, known }, state);
    return before.kind === 'present' && from === known ? EXIT.done : EXIT.failed;
  }
  const database = await databaseOf(config);
  try {
    const { applied, known } = await database.migrate();
    if (applied > known)
      console.err('counterfoil: warning: a newer version has migrated this database further\n');
    const text =
      applied === from ? `up to date (${applied} migrations)` : `migrated from ${from} to ${applied}`;
    answer(console, options, { from, applied, known }, text);
    return EXIT.done;
  } finally {
    await database.close();
  }
}
