/** The rows of one session on PostgreSQL, in a database of their own. Called by `database.ts`. */

import pg from 'pg';
import { identifierToBytes } from '../../../src/entities/identifier.js';
import { storeAt } from '../../contract/store/postgres.js';
import { freshDatabase } from '../../support/postgres.js';
import type { RotationDatabase, Row } from './database.js';

/** Numbers as numbers: times in milliseconds fit. */
const READ = {
  name: 'read',
  text: `select generation::float8 as generation, keyed::int as keyed, encode(rotation_key_hash, 'hex') as "keyHash",
    last_seen_at::float8 as "lastSeenAt", expires_at::float8 as "expiresAt", sessions.created_at::float8 as "createdAt",
    ended_at::float8 as "endedAt", end_reason as "endReason", sessions.epoch as epoch, users.epoch as "userEpoch",
    session_count as "sessionCount"
    from sessions join users on users.id = user_id where sessions.id = $1`,
};

const LOAD = {
  name: 'load',
  text: `with owner as (update users set epoch = $1, session_count = $2 where id = $3)
    update sessions set generation = $4, keyed = $5, rotation_key_hash = $6, last_seen_at = $7, expires_at = $8,
    created_at = $9, ended_at = $10, end_reason = $11, epoch = $12 where id = $13`,
};

export async function openOnPostgres(): Promise<RotationDatabase> {
  const { url, drop } = await freshDatabase();
  const { store } = storeAt(url, 2);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    store,
    read: async (id) => {
      const { rows } = await client.query<Row>({ ...READ, values: [identifierToBytes(id)] });
      const [row] = rows;
      if (row === undefined) throw new Error('the session is gone');
      return row;
    },
    load: async ({ id, userId }, row) => {
      const values = [
        ...[row.userEpoch, row.sessionCount, identifierToBytes(userId), row.generation, row.keyed === 1],
        ...[row.keyHash === null ? null : Buffer.from(row.keyHash, 'hex'), row.lastSeenAt, row.expiresAt],
        ...[row.createdAt, row.endedAt, row.endReason, row.epoch, identifierToBytes(id)],
      ];
      await client.query({ ...LOAD, values });
    },
    close: async () => {
      await client.end();
      await store.close();
      await drop();
    },
  };
}
