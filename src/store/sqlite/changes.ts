/**
 * Which rows of a SQLite file have changed since somebody began to watch, whoever changed them: kept by triggers, in a
 * table that is there for as long as they are. Called by `store/copy`, so that the last pass need not look at all rows.
 *
 * A watch lapses when it is not extended, since the one who watched may be gone. What changes after that is not kept,
 * but it is kept that something was missed.
 */

import type Database from 'better-sqlite3';

const NOW = `cast(unixepoch('subsec') * 1000 as integer)`;

export interface Watched {
  readonly name: string;
  /** The column that is the key. */
  readonly key: string;
}

export interface Watch {
  /** Goes on for another `ttlMs`. */
  extend(ttlMs: number): void;
  /** Keys of rows that have changed. */
  count(): number;
  /** Takes the keys of a table: a row that changes afterwards is among the changed again. */
  take(table: string): (Buffer | string | number)[];
  /** Whether anything may have changed unseen: the watch had lapsed, or another one has taken its place. */
  missed(): boolean;
  stop(): void;
}

export function watchChanges(raw: Database.Database, tables: readonly Watched[], ttlMs: number): Watch {
  let id: unknown = null;
  raw
    .transaction(() => {
      stop(raw);
      raw.exec(
        'create table counterfoil_watch (id text not null, until integer not null, missed integer not null)',
      );
      id = raw
        .prepare(`insert into counterfoil_watch values (hex(randomblob(8)), ${NOW} + ?, 0) returning id`)
        .pluck()
        .get(ttlMs);
      raw.exec(
        'create table counterfoil_changes (name text, key blob, primary key (name, key)) without rowid',
      );
      for (const table of tables) {
        for (const [event, row] of [
          ['insert', 'new'],
          ['update', 'new'],
          ['delete', 'old'],
        ] as const) {
          // Without a conflict clause: where the outer statement has one, it would rule in here, too.
          raw.exec(
            `create trigger counterfoil_watch_${table.name}_${event} after ${event} on ${table.name} begin
               insert into counterfoil_changes
                 select '${table.name}', ${row}.${table.key} from counterfoil_watch where until > ${NOW}
                 and not exists (select 1 from counterfoil_changes
                   where name = '${table.name}' and key = ${row}.${table.key});
               update counterfoil_watch set missed = 1 where missed = 0 and until <= ${NOW};
             end`,
          );
        }
      }
    })
    .immediate();

  const take = raw.prepare('delete from counterfoil_changes where name = ? returning key');
  return {
    extend: (milliseconds) => {
      raw.prepare(`update counterfoil_watch set until = ${NOW} + ?`).run(milliseconds);
    },
    count: () => raw.prepare('select count(*) from counterfoil_changes').pluck().get() as number,
    take: (table) => take.pluck().all(table) as (Buffer | string | number)[],
    missed: () => raw.prepare('select missed from counterfoil_watch where id = ?').pluck().get(id) !== 0,
    stop: () => raw.transaction(() => stop(raw)).immediate(),
  };
}

function stop(raw: Database.Database): void {
  const names = raw
    .prepare(
      `select name from sqlite_master where type = 'trigger' and name like 'counterfoil\\_watch\\_%' escape '\\'`,
    )
    .pluck()
    .all() as string[];
  for (const name of names) raw.exec(`drop trigger ${name}`);
  raw.exec('drop table if exists counterfoil_changes');
  raw.exec('drop table if exists counterfoil_watch');
}
