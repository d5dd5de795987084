/**
 * What a session costs on disk, indexes included: at most 400 bytes. A test of size alone. The sessions are copies, made
 * by SQL, of ones that began and rotated through the store, under random ids as real ones have; the file is never
 * vacuumed, and its growth is what counts.
 */

import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientDescription } from '../../../src/entities/session.js';
import { begunSession, createdUser, NOW, rotation } from './fixtures.js';
import { type OpenedSqlite, onFile } from './sqlite.js';

const SESSIONS = 20_000;
const BUDGET_BYTES = 400;
const CLIENTS: readonly [ClientDescription, ...ClientDescription[]] = [
  { deviceName: 'Ada’s MacBook Pro', clientLabel: 'Safari on macOS', ipAddress: '203.0.113.154' },
  {
    deviceName: 'Pixel 9 Pro',
    clientLabel: 'Chrome on Android',
    ipAddress: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  },
  { deviceName: null, clientLabel: 'Firefox on Linux', ipAddress: '198.51.100.23' },
  { deviceName: 'Office workstation 4', clientLabel: 'Edge on Windows', ipAddress: '192.0.2.77' },
];

describe('storage on SQLite', () => {
  let opened: OpenedSqlite;
  beforeAll(async () => {
    opened = await onFile.open();
  });
  afterAll(async () => {
    await opened.close();
  });

  /** The size of the file with everything in it and nothing in the WAL. */
  function fileBytes(): number {
    opened.connection.raw.pragma('wal_checkpoint(TRUNCATE)');
    return statSync(opened.file).size;
  }

  it(`keeps a session in at most ${BUDGET_BYTES} bytes, before and after all of them have rotated`, async () => {
    const { store, probe } = opened;
    const user = await createdUser(store);
    for (const client of CLIENTS) {
      const session = await begunSession(store, user, { client, delivery: 'cookie' });
      await store.sessions.rotate(rotation(session, 0, { keyHash: randomBytes(16) }));
    }
    const columns = (await probe.rows("select name from pragma_table_info('sessions')")).map(
      (row) => row['name'],
    );
    const fresh = new Map<unknown, string>([
      ['id', 'randomblob(16)'],
      ['user_id', 'owner'],
      ['salt', 'randomblob(16)'],
      ['rotation_key_hash', 'null'],
      ['generation', '0'],
    ]);
    const before = fileBytes();
    await probe.execute(`insert into sessions (${columns.join(', ')})
      with recursive owners(n, owner) as (
        select 1, randomblob(16) union all select n + 1, randomblob(16) from owners where n < ${SESSIONS / CLIENTS.length}
      )
      select ${columns.map((name) => fresh.get(name) ?? `s.${name}`).join(', ')}
      from owners, (select * from sessions) s`);
    const [count] = await probe.rows('select count(*) as n from sessions');
    expect(count).toEqual({ n: SESSIONS + CLIENTS.length });
    const begun = (fileBytes() - before) / SESSIONS;

    // Each rotation writes the row a little longer than it began, in no order.
    await probe.execute(`update sessions set generation = 1000 + abs(random() % 100000),
      rotation_key_hash = randomblob(16), last_seen_at = ${NOW + 86_400_000}, keyed = 1`);
    const rotated = (fileBytes() - before) / SESSIONS;
    process.stdout.write(
      `bytes a session on disk: ${begun.toFixed(0)} begun, ${rotated.toFixed(0)} rotated\n`,
    );
    expect(begun).toBeLessThanOrEqual(BUDGET_BYTES);
    expect(rotated).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  it('does not grow by rotating', async () => {
    const { store } = opened;
    const user = await createdUser(store);
    const session = await begunSession(store, user, { client: CLIENTS[0] });
    await store.sessions.rotate(rotation(session, 0, { keyHash: randomBytes(16) }));
    const before = fileBytes();
    for (let from = 1; from <= 2_000; from++) {
      await store.sessions.rotate(rotation(session, from, { keyHash: randomBytes(16) }));
    }
    expect(fileBytes()).toBe(before);
  });
});
