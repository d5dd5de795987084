/**
 * Reads the SQLite side: rows of a table in the order of their keys, in batches, each beside its canonical text. Changes
 * nothing. A text that PostgreSQL cannot hold (a NUL, a half of a surrogate pair) is read with U+FFFD in its place,
 * which is what clients have been shown for the latter all along.
 */

import { isUtf8 } from 'node:buffer';
import type Sqlite from 'better-sqlite3';
import { digestOf, onSqlite } from './canonical.js';
import type { Column, Table } from './plan.js';

/** A key's value, or null for before the first and after the last. */
export type Bound = Buffer | string | number | null;

export interface Range {
  readonly after: Bound;
  /** Inclusive. */
  readonly upTo: Bound;
}

/** Some rows of a table: those of a range, or those of the keys named. */
export type Selection = Range | { readonly keys: readonly Bound[] };

export interface Summary {
  readonly count: number;
  readonly digest: string;
}

/** A text that had to be changed. */
export interface Mended {
  readonly table: string;
  readonly column: string;
  /** In hex for bytes. */
  readonly key: string;
}

export interface SourceRow {
  /** The canonical text of the whole row; up to the first `|`, of its key. */
  readonly text: string;
  /** In the order of the table's columns. */
  readonly values: readonly unknown[];
}

/** Before every key there is. */
const FIRST = { bytes: Buffer.alloc(0), text: '', integer: Number.MIN_SAFE_INTEGER } as const;

export class Source {
  readonly #raw: Sqlite.Database;

  constructor(raw: Sqlite.Database) {
    this.#raw = raw;
  }

  count({ name }: Table): number {
    return this.#raw.prepare(`select count(*) from "${name}"`).pluck().get() as number;
  }

  /** The last number that was given in a table; 0 where none was. */
  lastNumber({ name, numbered }: Table): number {
    const given = this.#raw.prepare('select seq from sqlite_sequence where name = ?').pluck().get(name);
    const highest = this.#raw.prepare(`select max(${numbered?.source}) from "${name}"`).pluck().get();
    return Math.max(Number(given ?? 0), Number(highest ?? 0));
  }

  /** The next `limit` rows after a key, summed up. The last range of a table is open at its end. */
  next(table: Table, after: Bound, limit: number): { range: Range; summary: Summary } {
    const [key] = table.columns;
    const rows = this.#raw
      .prepare(
        `select ${onSqlite(table.columns)}, ${key.source} from "${table.name}"
         where ${key.source} > ? order by ${key.source} limit ?`,
      )
      .raw()
      .all(after ?? firstOf(key), limit) as [string, Bound][];
    const upTo = rows.length < limit ? null : (rows.at(-1)?.[1] ?? null);
    return { range: { after, upTo }, summary: summaryOf(rows.map(([text]) => mended(text))) };
  }

  /** The selected rows, as they are now. */
  rows(table: Table, selection: Selection): SourceRow[] {
    const [key] = table.columns;
    const { where, values } = selected(key, selection);
    const rows = this.#raw
      .prepare(
        `select ${onSqlite(table.columns)}, ${table.columns.map(({ source }) => source).join(', ')}
         from "${table.name}" where ${where} order by ${key.source}`,
      )
      .raw()
      .all(...values) as [string, ...unknown[]][];
    return rows.map(([text, ...values]) => ({
      text: mended(text),
      values: table.columns.map((column, index) => asSent(column, values[index])),
    }));
  }

  /** The texts of a row that PostgreSQL cannot hold as they are. */
  mendedIn(table: Table, row: SourceRow): Mended[] {
    const suspects = table.columns.filter(
      ({ kind }, index) => kind === 'text' && String(row.values[index] ?? '').includes('\ufffd'),
    );
    if (suspects.length === 0) return [];
    const [key] = table.columns;
    const bytes = this.#raw
      .prepare(
        `select ${suspects.map(({ source }) => `cast(${source} as blob)`).join(', ')}
         from "${table.name}" where ${key.source} = ?`,
      )
      .raw()
      .get(row.values[0]) as (Buffer | null)[] | undefined;
    const broken = suspects.filter((_, index) => {
      const found = bytes?.[index];
      return found && (!isUtf8(found) || found.includes(0));
    });
    const name = Buffer.isBuffer(row.values[0]) ? row.values[0].toString('hex') : String(row.values[0]);
    return broken.map((column) => ({ table: table.name, column: column.name, key: name }));
  }
}

export function summaryOf(texts: readonly string[]): Summary {
  return { count: texts.length, digest: digestOf(texts) };
}

function selected({ source, kind }: Column, selection: Selection): { where: string; values: unknown[] } {
  if ('keys' in selection) {
    const places = selection.keys.map(() => '?').join(', ');
    return { where: `${source} in (${places})`, values: [...selection.keys] };
  }
  const { after, upTo } = selection;
  const from = { where: `${source} > ?`, values: [after ?? firstOf({ kind })] };
  return upTo === null ? from : { where: `${from.where} and ${source} <= ?`, values: [...from.values, upTo] };
}

function firstOf({ kind }: Pick<Column, 'kind'>): Bound {
  return kind === 'bytes' || kind === 'text' ? FIRST[kind] : FIRST.integer;
}

function asSent({ kind }: Column, value: unknown): unknown {
  if (typeof value === 'string') return mended(value);
  return kind === 'boolean' && value !== null ? value === 1 : value;
}

/** Half a surrogate pair is U+FFFD by the time a string is read; a NUL is not. */
function mended(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
