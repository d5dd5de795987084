/** The population of `population.ts` on PostgreSQL: the same users, sessions and credentials, put in by bulk. */

import pg from 'pg';
import { ABSOLUTE_TTL_MS, DEVICE, sessionRow, userRow } from './population.js';

/** Rows of one statement. */
const BATCH = 5_000;

/** Adds users 0 to `count` - 1 with one live session each to a database that `makeDatabase` has made. */
export async function addPopulation(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    for (let from = 0; from < count; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, place) => from + place);
      await addUsers(client, numbers);
      await addSessions(client, numbers);
    }
    await client.query('commit');
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

/** Everybody has the operator's password hash, made by the server's own hasher at the lab's cost. */
async function addUsers(client: pg.Client, numbers: readonly number[]): Promise<void> {
  const rows = numbers.map(userRow);
  await client.query(
    `insert into users (id, email, email_key, name, roles, password_hash, epoch, session_count, created_at)
     select added.id, added.email, added.email, added.name, 'USER', operator.password_hash, 0, 1, $4
     from unnest($1::bytea[], $2::text[], $3::text[]) as added (id, email, name),
       (select password_hash from users where roles <> 'USER' limit 1) as operator`,
    [rows.map(({ id }) => id), rows.map(({ email }) => email), rows.map(({ name }) => name), Date.now()],
  );
}

async function addSessions(client: pg.Client, numbers: readonly number[]): Promise<void> {
  const rows = numbers.map(sessionRow);
  const at = Date.now();
  await client.query(
    `insert into sessions (id, user_id, epoch, generation, salt, cookie, keyed, created_at, last_seen_at,
       expires_at, device_name, client_label, ip_address)
     select added.id, added.user_id, 0, 0, added.salt, false, false, $4, $4, $5, $6, $7, $8
     from unnest($1::bytea[], $2::bytea[], $3::bytea[]) as added (id, user_id, salt)`,
    [
      rows.map(({ id }) => id),
      rows.map(({ userId }) => userId),
      rows.map(({ salt }) => salt),
      at,
      at + ABSOLUTE_TTL_MS,
      DEVICE.deviceName,
      DEVICE.clientLabel,
      DEVICE.ipAddress,
    ],
  );
}
