/**
 * Sessions in bulk, written into a database that no server has open: copies of sessions that really began, under random
 * ids as theirs are. The columns are read from the file, so a copy has whatever a session has.
 */

import Database from 'better-sqlite3';

export interface BulkSessions {
  readonly count: number;
  /** The bytes of the user's id, or null for random owners of four sessions each, who need not exist. */
  readonly owner: Buffer | null;
  /** As rows are once they have been refreshed: with the hash of an idempotency key, and a generation of some digits. */
  readonly rotated?: boolean;
}

const SESSIONS_A_USER = 4;

/** The file must hold a session to copy; afterwards nothing of it is in the WAL. */
export function addSessions(file: string, sessions: BulkSessions): void {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = OFF');
    insert(database, sessions);
    // Now it waits for the disk, so that whoever writes next does not.
    database.pragma('synchronous = FULL');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

function insert(database: Database.Database, { count, owner, rotated = false }: BulkSessions): void {
  const columns = database.pragma('table_info(sessions)') as { name: string }[];
  const fresh: Record<string, string> = {
    id: 'randomblob(16)',
    salt: 'randomblob(16)',
    user_id: owner === null ? 'owner' : '@owner',
    ...(rotated
      ? { rotation_key_hash: 'randomblob(16)', generation: '1000 + abs(random() % 100000)', keyed: '1' }
      : {}),
  };
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => fresh[name] ?? `template.${name}`);
  const statement = database.prepare(`insert into sessions (${names.join(', ')})
    with recursive owners(n, owner) as (
      select 1, randomblob(16) union all select n + 1, randomblob(16) from owners where n <= @count / ${SESSIONS_A_USER}
    ),
    copies(m) as (values (1) union all select m + 1 from copies where m < ${SESSIONS_A_USER})
    select ${values.join(', ')}
    from owners, copies, (select * from sessions ${owner === null ? '' : 'where user_id = @owner'} limit 1) template
    limit @count`);
  const { changes } = statement.run({ count, ...(owner === null ? {} : { owner }) });
  if (changes !== count) throw new Error(`${changes} of ${count} sessions were written: none to copy`);
  if (owner === null) return;
  database
    .prepare(
      `update users set session_count = (select count(*) from sessions s
        where s.user_id = users.id and s.epoch = users.epoch and s.ended_at is null) where id = ?`,
    )
    .run(owner);
}
