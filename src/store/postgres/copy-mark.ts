/**
 * The mark that a PostgreSQL database bears while it is an unfinished copy of a SQLite file: a function, whose comment
 * names the file, and triggers that let nobody write but the copy. `store/copy` puts it there and takes it away; whoever
 * opens the database asks, and refuses to run on it.
 */

import type { ClientBase } from 'pg';

export const COPY_GUARD = 'counterfoil_copy_guard';

/** What to say to whoever would run on it. */
export const UNFINISHED =
  'this database is an unfinished copy of a SQLite file: "counterfoil copy --cut-over" finishes it';

/** The name of the file that the database is an unfinished copy of; null for a database that is none. */
export async function unfinishedCopyOf(client: Pick<ClientBase, 'query'>): Promise<string | null> {
  const { rows } = await client.query<{ source: string | null }>(
    `select obj_description(oid, 'pg_proc') as source from pg_proc
     where proname = $1 and pronamespace = 'public'::regnamespace`,
    [COPY_GUARD],
  );
  return rows[0]?.source ?? null;
}
