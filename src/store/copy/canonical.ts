/**
 * One row as one text, written by either database itself and equal in both where the row is: what counts and checksums
 * are made of. Columns are separated by `|`, which no column contains: bytes are in hex, text has it escaped. A text
 * begins with `=`, so that it is never taken for a null, which is `-`.
 */

import { createHash } from 'node:crypto';
import type { Column } from './plan.js';

export function onSqlite(columns: readonly Column[]): string {
  return columns.map(({ kind, source }) => coalesced(kind, source, SQLITE)).join(` || '|' || `);
}

export function onPostgres(columns: readonly Column[]): string {
  return columns.map(({ kind, name }) => coalesced(kind, `"${name}"`, POSTGRES)).join(` || '|' || `);
}

/** Of the texts of rows, in the order of their keys. The same as PostgreSQL's `sha256` of them. */
export function digestOf(rows: readonly string[]): string {
  return createHash('sha256').update(rows.join('\n')).digest('hex');
}

type Spelling = Readonly<Record<Column['kind'], (column: string) => string>>;

const escaped = (column: string, newline: string) =>
  `replace(replace(replace(${column}, '\\', '\\\\'), '|', '\\p'), ${newline}, '\\n')`;

const SQLITE: Spelling = {
  bytes: (column) => `lower(hex(${column}))`,
  integer: (column) => `cast(${column} as text)`,
  boolean: (column) => `cast(${column} as text)`,
  text: (column) => `'=' || ${escaped(column, 'char(10)')}`,
  json: (column) => `'=' || ${escaped(column, 'char(10)')}`,
};

const POSTGRES: Spelling = {
  bytes: (column) => `encode(${column}, 'hex')`,
  integer: (column) => `${column}::text`,
  boolean: (column) => `${column}::int::text`,
  text: (column) => `'=' || ${escaped(column, 'chr(10)')}`,
  // Of the type json, not jsonb: it is kept as it was written.
  json: (column) => `'=' || ${escaped(`${column}::text`, 'chr(10)')}`,
};

function coalesced(kind: Column['kind'], column: string, spelling: Spelling): string {
  return `case when ${column} is null then '-' else ${spelling[kind](column)} end`;
}
