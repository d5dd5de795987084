/**
 * The PostgreSQL side: what is in the target, and how it is brought to what the source has. One connection, which holds
 * a lock, so that two copies never write at once. Of the tables it knows what the plan says and nothing else.
 */

import pg from 'pg';
import { clientSettings, PINNED } from '../postgres/connection-settings.js';
import { COPY_GUARD, UNFINISHED, unfinishedCopyOf } from '../postgres/copy-mark.js';
import { onPostgres } from './canonical.js';
import { type Column, LEFT_OUT, TABLES, type Table } from './plan.js';
import type { Selection, SourceRow, Summary } from './source.js';

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 120_000;
/** A batch that is lost is sent again, so only the end waits for the disk. Plans are for ranges of a key, never scans. */
const SETTINGS = [
  PINNED,
  'set synchronous_commit = off',
  'set enable_seqscan = off',
  'set jit = off',
  'set standard_conforming_strings = on',
];
/** Of an advisory lock: any number that nobody else takes. */
const LOCK = 0x636f_7079;

export interface TargetRow {
  /** The canonical text of the key. */
  readonly name: string;
  readonly key: unknown;
  readonly hash: string;
}

export class Target {
  readonly #client: pg.Client;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Rejects where there is nobody, or nobody who lets us in. */
  static async connect(url: string): Promise<Target> {
    const client = new pg.Client({
      ...clientSettings(url),
      application_name: 'counterfoil copy',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    });
    // A connection that breaks between two queries fails the next one; without a listener it would end the process.
    client.on('error', () => {});
    await client.connect();
    for (const setting of SETTINGS) await client.query(setting);
    return new Target(client);
  }

  /** One after the other: callers may ask ahead. */
  #query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    const result = this.#last.then(() => this.#client.query<Row>(text, values));
    this.#last = result.catch(() => {});
    return result;
  }

  /** False while another copy runs. */
  async lock(): Promise<boolean> {
    const { rows } = await this.#query('select pg_try_advisory_lock($1) as got', [LOCK]);
    return rows[0]?.['got'] === true;
  }

  async encoding(): Promise<string> {
    const { rows } = await this.#query('show server_encoding');
    return rows[0]?.['server_encoding'];
  }

  /** Names of the tables that are there, ours or not, but for those that belong to an extension. */
  async tables(): Promise<string[]> {
    const { rows } = await this.#query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f')
       and c.relnamespace = 'public'::regnamespace
       and not exists (select 1 from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** A table of ours that has rows, or null where all are empty. */
  async firstInhabited(): Promise<string | null> {
    for (const name of [...TABLES.map((table) => table.name), ...LEFT_OUT]) {
      const { rowCount } = await this.#query(`select 1 from "${name}" limit 1`);
      if (rowCount !== 0) return name;
    }
    return null;
  }

  async unfinishedCopyOf(): Promise<string | null> {
    await this.#last;
    return unfinishedCopyOf(this.#client);
  }

  /** From now on nobody may write but copies of this source. Rejects, and marks nothing, where somebody has written. */
  async mark(source: string): Promise<void> {
    const names = [...TABLES.map(({ name }) => name), ...LEFT_OUT];
    await this.#transaction([
      `create function ${COPY_GUARD}() returns trigger language plpgsql as $$ begin
         if current_setting('counterfoil.copy', true) is distinct from '${source}' then
           raise exception '${UNFINISHED}' using errcode = 'cannot_connect_now';
         end if;
         return null;
       end $$`,
      `comment on function ${COPY_GUARD}() is '${source}'`,
      ...names.map(
        (name) =>
          `create trigger ${COPY_GUARD} before insert or update or delete or truncate on "${name}"
           for each statement execute function ${COPY_GUARD}()`,
      ),
      // Only now, with the triggers' locks on all tables: a server may have started on it since we looked.
      `do $$ begin if ${names.map((name) => `exists (select from "${name}")`).join(' or ')} then
         raise exception 'a server has begun to use the target since it was looked at; nothing was copied';
       end if; end $$`,
    ]);
  }

  /** Passes the guard, as a copy of that source. */
  async writeAs(source: string): Promise<void> {
    await this.#query(`select set_config('counterfoil.copy', $1, false)`, [source]);
  }

  async count({ name }: Table): Promise<number> {
    return Number((await this.#query(`select count(*) as count from "${name}"`)).rows[0]?.['count']);
  }

  async summary(table: Table, selection: Selection): Promise<Summary> {
    const [key] = table.columns;
    const { where, values } = selected(key, selection);
    const { rows } = await this.#query<Summary>(
      `select count(*)::int as count, encode(sha256(convert_to(coalesce(
         string_agg(${onPostgres(table.columns)}, chr(10) order by ${ordered(key)}), ''), 'UTF8')), 'hex') as digest
       from "${table.name}" where ${where}`,
      values,
    );
    return rows[0] as Summary;
  }

  async rows(table: Table, selection: Selection): Promise<TargetRow[]> {
    const [key] = table.columns;
    const { where, values } = selected(key, selection);
    const { rows } = await this.#query<TargetRow>(
      `select ${onPostgres([key])} as name, "${key.name}" as key,
         encode(sha256(convert_to(${onPostgres(table.columns)}, 'UTF8')), 'hex') as hash
       from "${table.name}" where ${where}`,
      values,
    );
    return rows;
  }

  /**
   * Removes and adds rows, all or nothing. Rows of other keys that have what must be unique make way: at the source they
   * are gone, or were it when these came. Returns how many did.
   */
  async apply(table: Table, removed: readonly unknown[], added: readonly SourceRow[]): Promise<number> {
    if (removed.length === 0 && added.length > 0 && table.unique.length === 0) {
      await this.#insert(table, added);
      return 0;
    }
    let displaced = 0;
    await this.#query('begin');
    try {
      if (removed.length > 0) await this.#remove(table, table.columns[0], removed);
      for (const column of table.unique) {
        const values = added.map(({ values }) => values[table.columns.indexOf(column)]);
        displaced += await this.#remove(table, column, values);
      }
      if (added.length > 0) await this.#insert(table, added);
      await this.#query('commit');
    } catch (fault) {
      await this.#query('rollback').catch(() => {});
      throw fault;
    }
    return displaced;
  }

  async #remove({ name }: Table, column: Column, values: readonly unknown[]): Promise<number> {
    const text = `delete from "${name}" where "${column.name}" = any($1::${column.type}[])`;
    return (await this.#query(text, [values])).rowCount ?? 0;
  }

  async #insert({ name, columns }: Table, rows: readonly SourceRow[]): Promise<void> {
    const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
    await this.#query(
      `insert into "${name}" (${columns.map((column) => `"${column.name}"`).join(', ')})
       select * from unnest(${arrays})`,
      columns.map((_, index) => rows.map(({ values }) => values[index])),
    );
  }

  /** For the planner: tables that were filled at once have no figures yet. */
  async analyze(): Promise<void> {
    for (const { name } of TABLES) await this.#query(`analyze "${name}"`);
  }

  /**
   * Numbers go on after the last that was given at the source. When this resolves, all that was written here before it
   * has reached the disk, and the synchronous standby where there is one.
   */
  async settle(source: string, last: ReadonlyMap<Table, number>): Promise<void> {
    await this.#transaction([
      'set local synchronous_commit = on',
      ...[...last].map(
        ([{ name, numbered }, number]) =>
          `select setval(pg_get_serial_sequence('"${name}"', '${numbered?.name}'), ${Math.max(number, 1)}, ${number > 0})`,
      ),
      // A transaction that changes no row may not wait for the disk.
      `comment on function ${COPY_GUARD}() is '${source}'`,
    ]);
  }

  /** The copy is finished: whoever can reach it may run on it. */
  async open(): Promise<void> {
    await this.#transaction(['set local synchronous_commit = on', `drop function ${COPY_GUARD}() cascade`]);
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => {});
  }

  async #transaction(statements: readonly string[]): Promise<void> {
    await this.#query(['begin', ...statements, 'commit'].join(';\n')).catch(async (fault) => {
      await this.#query('rollback').catch(() => {});
      throw fault;
    });
  }
}

/** Byte by byte, as SQLite does. */
function ordered({ name, kind }: Column): string {
  return kind === 'text' ? `"${name}" collate "C"` : `"${name}"`;
}

function selected(key: Column, selection: Selection): { where: string; values: unknown[] } {
  if ('keys' in selection)
    return { where: `"${key.name}" = any($1::${key.type}[])`, values: [selection.keys] };
  const { after, upTo } = selection;
  const from = after === null ? 'true' : `${ordered(key)} > $1::${key.type}`;
  const values = [after, upTo].filter((bound) => bound !== null);
  return {
    where: upTo === null ? from : `${from} and ${ordered(key)} <= $${values.length}::${key.type}`,
    values,
  };
}
