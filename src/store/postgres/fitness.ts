/**
 * Whether a server and a database can be used at all: what cannot be seen from an error, since it would come late or never.
 * Called by `migrate.ts` and `inspect.ts`.
 */

import { getTableName, is, Table } from 'drizzle-orm';
import type { ClientBase } from 'pg';
import * as schema from '../../../schema/postgres.js';
import { reasonByCode } from './reasons.js';

type Asked = Pick<ClientBase, 'query'>;

/** Transaction ids of 64 bits (`xid8`), by which the revocation log is read, came with this one. */
const OLDEST_VERSION = 13;
const READ_ONLY = '25006';
const NO_RIGHT = '42501';

interface Server {
  readonly number: number;
  readonly version: string;
  readonly encoding: string;
  readonly recovering: boolean;
  readonly read_only: boolean;
}

/** Why nobody could run on it; null where nothing is in the way. */
export async function whyUnfit(client: Asked): Promise<string | null> {
  const { rows } = await client.query<Server>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
       current_setting('server_encoding') as encoding, pg_is_in_recovery() as recovering,
       current_setting('transaction_read_only')::boolean as read_only`,
  );
  return rows[0] === undefined ? null : whyUnfitServer(rows[0]);
}

export function whyUnfitServer({ number, version, encoding, recovering, read_only }: Server): string | null {
  if (number < OLDEST_VERSION * 10_000)
    return `PostgreSQL ${version} is too old: ${OLDEST_VERSION} or later is needed`;
  if (encoding !== 'UTF8')
    return `the encoding of the database is ${encoding}, and names need UTF8; make another: create database NAME encoding 'UTF8' template template0`;
  return recovering || read_only ? reasonByCode(READ_ONLY) : null;
}

/** Why the tables could not be made in a database that has none of our migrations; null where they could. */
export async function whyUnmigratable(client: Asked): Promise<string | null> {
  const ours = Object.values(schema).flatMap((table) => (is(table, Table) ? [getTableName(table)] : []));
  const { rows } = await client.query<{ may: boolean; taken: string | null }>(
    `select has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as may,
       (select string_agg(relname, ', ' order by relname) from pg_class
        where relname = any($1) and relnamespace = 'public'::regnamespace) as taken`,
    [ours],
  );
  if (rows[0]?.may === false) return reasonByCode(NO_RIGHT);
  const taken = rows[0]?.taken ?? null;
  return taken === null
    ? null
    : `the schema public has tables of somebody else: ${taken}. Name another database`;
}
