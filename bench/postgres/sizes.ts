/**
 * What rows take on disk in PostgreSQL: tables filled with copies of rows that the store wrote, under random ids as
 * theirs are; as written, and after every row has been rotated once without a vacuum, which is as loose as it gets
 * between two of them. Also how many rotations changed no index (HOT).
 */

import type { Cluster } from './cluster.js';
import type { SizeOnDisk } from './results.js';

const FRESH: Readonly<Record<string, string>> = {
  salt: 'uuid_send(gen_random_uuid())',
  rotation_key_hash: 'uuid_send(gen_random_uuid())',
  email: `'user' || n || '@example.test'`,
  email_key: `'user' || n || '@example.test'`,
};

export async function sizesOf(
  cluster: Cluster,
  database: string,
  rows: number,
): Promise<{ readonly sizes: readonly SizeOnDisk[]; readonly hotRotations: number | null }> {
  const sizes: SizeOnDisk[] = [];
  for (const table of ['sessions', 'users', 'audit_log']) {
    await fill(cluster, database, table, rows);
    sizes.push(await sizeOf(cluster, database, table, 'as written'));
  }
  await cluster.ask(database, 'vacuum sessions');
  const before = await updates(cluster, database);
  for (let half = 0; half < 2; half++)
    await cluster.ask(
      database,
      `update sessions set generation = generation + 1, last_seen_at = last_seen_at + 1 where get_byte(id, 0) % 2 = ${half}`,
    );
  const after = await updates(cluster, database);
  sizes.push(await sizeOf(cluster, database, 'sessions', 'each rotated once since the last vacuum'));
  const all = after.all - before.all;
  return { sizes, hotRotations: all === 0 ? null : (after.hot - before.hot) / all };
}

/** Copies of one row, with what must differ made anew: identifiers, and whatever is random in a real one. */
async function fill(cluster: Cluster, database: string, table: string, rows: number): Promise<void> {
  const columns = await cluster.ask<{ name: string; generated: boolean }>(
    database,
    `select column_name as name, is_identity = 'YES' as generated from information_schema.columns
      where table_name = '${table}' and table_schema = 'public' order by ordinal_position`,
  );
  const names = columns.filter(({ generated }) => !generated).map(({ name }) => name);
  const values = names.map((name) =>
    name === 'id' || name.endsWith('_id')
      ? `case when t.${name} is null then null else uuid_send(gen_random_uuid()) end`
      : (FRESH[name] ?? `t.${name}`),
  );
  const source = table === 'audit_log' ? `where kind = 'login.succeeded'` : '';
  await cluster.ask(
    database,
    `insert into ${table} (${names.join(', ')}) select ${values.join(', ')}
      from (select * from ${table} ${source} limit 1) t, generate_series(1, ${rows}) n`,
  );
}

async function sizeOf(cluster: Cluster, database: string, table: string, state: string): Promise<SizeOnDisk> {
  const [row] = await cluster.ask<{ rows: string; heap: string; indexes: string }>(
    database,
    `select (select count(*) from ${table}) as rows, pg_table_size('${table}') as heap, pg_indexes_size('${table}') as indexes`,
  );
  return {
    table,
    state,
    rows: Number(row?.rows),
    tableBytes: Number(row?.heap),
    indexBytes: Number(row?.indexes),
  };
}

async function updates(cluster: Cluster, database: string): Promise<{ all: number; hot: number }> {
  const [row] = await cluster.ask<{ all: string; hot: string }>(
    database,
    `select pg_stat_force_next_flush(), n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'sessions'`,
  );
  return { all: Number(row?.all ?? 0), hot: Number(row?.hot ?? 0) };
}
