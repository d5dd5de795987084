/**
 * Which tables and columns go from SQLite to PostgreSQL, read from both schemas: a column that is added to both is
 * copied from then on, and one that is in one of them only fails here, at the first run and in every test.
 */

import { getTableConfig as configOnPostgres, type PgTable } from 'drizzle-orm/pg-core';
import { getTableConfig as configOnSqlite, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as postgres from '../../../schema/postgres.js';
import * as sqlite from '../../../schema/sqlite.js';

export type Kind = 'bytes' | 'integer' | 'boolean' | 'text' | 'json';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** What stands for it in a query of the SQLite table. */
  readonly source: string;
  /** Its type on PostgreSQL. */
  readonly type: string;
}

export interface Table {
  readonly name: string;
  /** The key first, by which both sides are read in one order. */
  readonly columns: readonly [Column, ...Column[]];
  /** Columns besides the key whose values are unique. */
  readonly unique: readonly Column[];
  /** The column that PostgreSQL numbers by itself, if any. */
  readonly numbered: Column | null;
}

const KINDS: Readonly<Record<string, Kind>> = {
  bytea: 'bytes',
  bigint: 'integer',
  integer: 'integer',
  boolean: 'boolean',
  text: 'text',
  'varchar(255)': 'text',
  json: 'json',
};

/** Small ones that others refer to last: whoever reads the target meanwhile finds no session without its user. */
const PAIRS: readonly (readonly [SQLiteTable, PgTable])[] = [
  [sqlite.users, postgres.users],
  [sqlite.sessions, postgres.sessions],
  [sqlite.auditLog, postgres.auditLog],
  [sqlite.revocations, postgres.revocations],
  [sqlite.rateLimits, postgres.rateLimits],
  [sqlite.verifiers, postgres.verifiers],
  [sqlite.refreshSecrets, postgres.refreshSecrets],
  [sqlite.signingKeys, postgres.signingKeys],
  [sqlite.keyRing, postgres.keyRing],
];

/** Not copied: who may do a chore on the one database says nothing about the other. */
export const LEFT_OUT = ['leases'] as const;

export const TABLES: readonly Table[] = PAIRS.map(([from, to]) => tableOf(from, to));

function tableOf(from: SQLiteTable, to: PgTable): Table {
  const source = configOnSqlite(from);
  const target = configOnPostgres(to);
  const known = new Set(source.columns.map(({ name }) => name));
  const lost = [...known].filter((name) => !target.columns.some((column) => column.name === name));
  if (lost.length > 0) throw new Error(`${source.name}: PostgreSQL has no column ${lost.join(', ')}`);

  const columns = target.columns.flatMap((column): (Column & { key: boolean; numbered: boolean })[] => {
    const { name, primary } = column;
    const type = column.getSQLType();
    const numbered = column.generatedIdentity !== undefined;
    // What SQLite orders by rowid is numbered on PostgreSQL. The number of a transaction is that of the copy itself.
    const expression = known.has(name) ? `"${name}"` : numbered ? 'rowid' : null;
    if (expression === null && column.hasDefault) return [];
    const kind = KINDS[type];
    if (expression === null || kind === undefined) throw new Error(`${source.name}.${name} cannot be copied`);
    return [{ name, kind, type, source: expression, key: primary, numbered }];
  });
  const [key, ...others] = columns.filter((column) => column.key);
  if (key === undefined || others.length > 0) throw new Error(`${source.name} has not one key`);
  const unique = source.columns.filter((column) => column.isUnique).map(({ name }) => name);
  return {
    name: source.name,
    columns: [key, ...columns.filter((column) => column !== key)],
    unique: columns.filter(({ name }) => unique.includes(name)),
    numbered: columns.find(({ numbered }) => numbered) ?? null,
  };
}
