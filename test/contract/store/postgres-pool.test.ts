/** How many connections to PostgreSQL one process holds under load (ASVS V13.2.6): as many as it was told, and one more. */

import { sql } from 'drizzle-orm';
import pg from 'pg';
import { expect, it } from 'vitest';
import { freshDatabase } from '../../support/postgres.js';
import { NOW } from './fixtures.js';
import { storeAt } from './postgres.js';

const POOL = 3;

it('under more work than it has connections, a process opens no more than its pool and the one for the log, and does all', async () => {
  const database = await freshDatabase();
  const watcher = new pg.Client({ connectionString: database.url });
  await watcher.connect();
  const { connection, store } = storeAt(database.url, POOL);
  await store.revocations.read(null, NOW);
  let done = 0;
  const work = Array.from({ length: 8 * POOL }, async () => {
    await connection.durably({ repeatable: true }, (tx) => tx.execute(sql`select pg_sleep(0.05)`));
    done += 1;
  });
  const seen: number[] = [];
  let waited = 0;
  while (done < work.length) {
    waited = Math.max(waited, store.pool()?.waiting ?? 0);
    const { rows } = await watcher.query<{ open: number }>(
      `select count(*)::int as open from pg_stat_activity
       where datname = current_database() and application_name like 'counterfoil%'`,
    );
    seen.push(rows[0]?.open ?? 0);
  }
  await Promise.all(work);
  expect(waited).toBeGreaterThan(0);
  expect(Math.max(...seen)).toBe(POOL + 1);
  await store.close();
  await watcher.end();
  await database.drop();
});
