/**
 * A process of its own for `test/contract/store/sqlite-processes.test.ts`: at appointed times it opens one new file after
 * the other, as its siblings do, migrates it, and writes what they all write. Prints one line of JSON for each file.
 *
 *     tsx store-worker.ts FOLDER FILES STARTS_AT EVERY_MS
 */

import { join } from 'node:path';
import { openSqlite } from '../../src/store/sqlite/open.js';
import { systemClock } from '../../src/system/clock.js';
import { REPOSITORY } from './sandbox.js';

const [folder = '', files = '0', startsAt = '0', everyMs = '0'] = process.argv.slice(2);
const RULE = { name: 'race', points: 10, windowSeconds: 3600 };
const ATTEMPTS = 10;

for (let file = 0; file < Number(files); file++) {
  const appointed = Number(startsAt) + file * Number(everyMs);
  while (systemClock.now() < appointed);
  const database = openSqlite(join(folder, `${file}.db`), join(REPOSITORY, 'schema/migrations/sqlite'));
  const { applied, known } = await database.migrate();
  const store = database.store();
  const spent = await Promise.all(Array.from({ length: ATTEMPTS }, () => store.attempts.spend(RULE, 'key')));
  const change = { put: [], drop: [], secrets: [], at: 0, revocations: [], audit: null };
  const changed = await store.keys.change({ from: 0, ...change });
  process.stdout.write(
    `${JSON.stringify({
      migrated: applied === known,
      within: spent.filter(({ kind }) => kind === 'within').length,
      changed: changed.kind === 'changed',
    })}\n`,
  );
  await store.close();
}
