/**
 * `logoutAllDevices`: how long the request takes for a user with 10 sessions and for one with 100,000, in turn. Between
 * two requests the sessions are made live again, in the file, and the file's log is emptied, so that no request pays
 * for it.
 */

import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { mutate } from '../../lab/harness/client.js';
import { databaseFile, startServer } from '../../lab/harness/server.js';
import { summarise } from '../../lab/harness/statistics.js';
import { addSessions } from '../bulk-sessions.js';
import type { Bench, Figure, Measure } from '../measure.js';
import { login, register } from '../signed-in.js';

const FEW = 10;
const MANY = 100_000;
const SETTLE_MS = 100;

interface Owner {
  readonly email: string;
  readonly userId: Buffer;
  readonly sessions: number;
}

export const logoutAll: Measure = {
  name: 'logout-all',
  async run(bench) {
    const { plan, folder, say, later } = bench;
    const { few, many } = await prepare(bench);
    const server = await startServer({ model: 'hybrid', folder });
    later(() => server.end());
    const database = new Database(databaseFile(folder), { timeout: 10_000 });
    later(async () => void database.close());

    const once = async (owner: Owner): Promise<number> => {
      // Both, whoever is asked: so that either request finds the same file, just written and with nobody's dead in it.
      for (const each of [few, many]) revive(database, each);
      await pause(SETTLE_MS);
      const { accessToken } = await login(server.url, owner.email);
      const began = performance.now();
      const ended = await mutate(server.url, 'logoutAllDevices', {}, { bearer: accessToken });
      const took = performance.now() - began;
      const expected = owner.sessions + 1;
      if (ended.sessionsEnded !== expected)
        throw new Error(`${ended.sessionsEnded} sessions ended, not ${expected}: ${ended.message}`);
      return took;
    };
    say('warm-up');
    for (let times = 0; times < 2; times++) await once(few);

    const figures: Figure[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1}`);
      const took = { few: [] as number[], many: [] as number[] };
      for (let times = 0; times < (plan.quick ? 2 : 7); times++) {
        took.few.push(await once(few));
        took.many.push(await once(many));
      }
      const [ofFew, ofMany] = [summarise(took.few).median, summarise(took.many).median];
      figures.push({
        budget: 'logout-all',
        round,
        value: ofMany / ofFew,
        parts: [
          { what: `logout-all of ${FEW} sessions`, value: ofFew, unit: 'ms' },
          { what: `logout-all of ${MANY.toLocaleString('en')} sessions`, value: ofMany, unit: 'ms' },
        ],
      });
    }
    return figures;
  },
};

async function prepare({ folder, say }: Bench): Promise<{ few: Owner; many: Owner }> {
  say('sessions are written');
  const server = await startServer({ model: 'hybrid', folder });
  const emails = { few: 'few@example.test', many: 'many@example.test' };
  for (const email of Object.values(emails)) await register(server.url, email);
  await server.end();
  const few = ownerOf(folder, emails.few, FEW);
  const many = ownerOf(folder, emails.many, MANY);
  for (const { userId, sessions } of [few, many]) {
    addSessions(databaseFile(folder), { count: sessions - 1, owner: userId });
  }
  return { few, many };
}

function ownerOf(folder: string, email: string, sessions: number): Owner {
  const database = new Database(databaseFile(folder), { readonly: true });
  try {
    const { id } = database.prepare('select id from users where email = ?').get(email) as { id: Buffer };
    return { email, userId: id, sessions };
  } finally {
    database.close();
  }
}

/**
 * Exactly the owner's number of live sessions, of the present epoch; what the server's sweep took in between is replaced.
 * They have been seen again, or a sweep that found them dead just before, and waits for us, would still remove them.
 */
function revive(database: Database.Database, { userId, sessions }: Owner): void {
  database.pragma('synchronous = OFF');
  database
    .transaction(() => {
      const rows = database.prepare('select count(*) from sessions where user_id = ?').pluck().get(userId);
      const surplus = Number(rows) - sessions;
      database
        .prepare(
          'delete from sessions where rowid in (select rowid from sessions where user_id = ? limit max(0, ?))',
        )
        .run(userId, surplus);
      if (surplus < 0) copyRows(database, userId, -surplus);
      database
        .prepare(
          `update sessions set ended_at = null, end_reason = null, last_seen_at = last_seen_at + 1,
            epoch = (select epoch from users where id = @userId) where user_id = @userId`,
        )
        .run({ userId });
      database.prepare('update users set session_count = ? where id = ?').run(sessions, userId);
    })
    .immediate();
  // Waits for the disk, or the next request that does would wait for these pages, too.
  database.pragma('synchronous = FULL');
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function copyRows(database: Database.Database, userId: Buffer, count: number): void {
  const columns = (database.pragma('table_info(sessions)') as { name: string }[]).map(({ name }) => name);
  const values = columns.map((name) => (name === 'id' ? 'randomblob(16)' : name));
  database
    .prepare(
      `insert into sessions (${columns.join(', ')})
        select ${values.join(', ')} from (select * from sessions where user_id = ? limit ?)`,
    )
    .run(userId, count);
}
