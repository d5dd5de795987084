/**
 * What only a database of many writers can do to the revocation log: rows that become visible in another order than that
 * of their numbers, connections that break, ids that go back. A reader that goes on from position to position misses
 * nothing.
 */

import fc from 'fast-check';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/entities/unavailable.js';
import type { LogNews } from '../../../src/store/ports/revocations.js';
import type { Store } from '../../../src/store/ports/store.js';
import { createdUser, endingAll, NOW, REMEMBER_MS, wholeLog } from './fixtures.js';
import { type OpenedPostgres, onPostgres, storeAt } from './postgres.js';

let opened: OpenedPostgres;
const clients: pg.Client[] = [];

beforeEach(async () => {
  opened = await onPostgres.open();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await opened.close();
});

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: opened.url });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

/** A transaction that has written its row, and has not ended. */
async function holding(subject: string): Promise<pg.Client> {
  const client = await connected();
  await client.query('begin');
  await client.query(
    `insert into revocations (at, until, kind, subject, number) values ($1, $2, 'session-ended', $3, 0)`,
    [NOW, NOW + REMEMBER_MS, subject],
  );
  return client;
}

/** A reader that polls, and remembers the subjects it has been given. */
function readerOf(store: Store) {
  let position: string | null = null;
  const seen = new Set<string>();
  return {
    seen,
    read: async () => {
      const reading = await store.revocations.read(position, NOW);
      position = reading.position;
      for (const { revocation } of reading.entries)
        if (revocation.kind === 'session-ended') seen.add(revocation.sessionId);
      return reading.entries;
    },
  };
}

describe('the revocation log, while transactions commit in another order than that of their numbers', () => {
  it('misses nothing of one that is held open while a later one commits, however often it is read in between', async () => {
    const reader = readerOf(opened.store);
    await reader.read();
    const early = await holding('early');
    const late = await holding('late');
    await late.query('commit');
    for (let n = 0; n < 3; n += 1) await reader.read();
    expect([...reader.seen]).toEqual(['late']);
    await early.query('commit');
    await reader.read();
    expect(reader.seen).toEqual(new Set(['late', 'early']));
    // By numbers, it would have been passed over: it lies before what had been read.
    const [first, second] = await wholeLog(opened.store);
    expect(first).toMatchObject({ revocation: { sessionId: 'early' } });
    expect(first?.sequence).toBeLessThan(second?.sequence ?? 0);
  });

  it('gives nothing again once everything that was open has ended', async () => {
    const reader = readerOf(opened.store);
    const [one, other] = [await holding('one'), await holding('other')];
    await one.query('rollback');
    await other.query('commit');
    // Other databases of the server count, too: what is open there may be older.
    await expect.poll(() => reader.read()).toEqual([]);
    expect([...reader.seen]).toEqual(['other']);
  });

  it('misses nothing in any order of beginning, committing, rolling back and reading', async () => {
    const moves = fc.array(
      fc.record({
        what: fc.constantFrom('begin' as const, 'commit' as const, 'rollback' as const, 'read' as const),
        which: fc.nat({ max: 5 }),
      }),
      { minLength: 3, maxLength: 25 },
    );
    const reader = readerOf(opened.store);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(moves, async (path) => {
        const open: { readonly client: pg.Client; readonly subject: string }[] = [];
        const committed: string[] = [];
        const finish = async (index: number, how: 'commit' | 'rollback') => {
          const [one] = open.splice(index % Math.max(1, open.length), 1);
          if (one === undefined) return;
          await one.client.query(how);
          await one.client.end();
          clients.splice(clients.indexOf(one.client), 1);
          if (how === 'commit') committed.push(one.subject);
        };
        for (const { what, which } of path) {
          if (what === 'read') await reader.read();
          else if (what === 'begin') {
            made += 1;
            open.push({ client: await holding(`row ${made}`), subject: `row ${made}` });
          } else await finish(which, what);
        }
        while (open.length > 0) await finish(0, 'rollback');
        await reader.read();
        for (const subject of committed) expect(reader.seen).toContain(subject);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the connection to the revocation log', () => {
  const breakLog = async () => {
    const admin = await connected();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'counterfoil log' and datname = current_database()`,
    );
  };

  it('is made anew after it was broken, and then the whole live log is read', async () => {
    const user = await createdUser(opened.store);
    await opened.store.sessions.endAll(endingAll(user.id));
    const { revocations } = opened.store;
    const before = await revocations.read(null, NOW);
    expect(before.entries).toHaveLength(1);
    await breakLog();
    // Whatever was written meanwhile by a server whose ids had gone back would lie before the position.
    await expect
      .poll(async () => (await revocations.read(before.position, NOW).catch(() => null))?.entries)
      .toEqual(before.entries);
  });

  it('says while it is away that the log is out of reach, and nothing else', async () => {
    await opened.store.revocations.read(null, NOW);
    await breakLog();
    await expect
      .poll(async () => {
        try {
          await opened.store.revocations.read(null, NOW);
          return 'read';
        } catch (fault) {
          expect(fault).toBeInstanceOf(Unavailable);
          return 'out of reach';
        }
      })
      .toBe('read');
  });

  it('brings a hint of what another process has written, also after it was broken', async () => {
    const neighbour = storeAt(opened.url, 2);
    const heard: LogNews[] = [];
    opened.store.revocations.subscribe((news) => heard.push(news));
    try {
      await opened.store.revocations.read(null, NOW);
      const user = await createdUser(neighbour.store);
      await neighbour.store.sessions.endAll(endingAll(user.id));
      await expect.poll(() => heard).toEqual([{ kind: 'look' }]);
      await breakLog();
      await expect
        .poll(() =>
          opened.store.revocations.read(null, NOW).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      await neighbour.store.sessions.endAll(endingAll(user.id));
      await expect.poll(() => heard.length).toBeGreaterThan(1);
    } finally {
      await neighbour.store.close();
    }
  });

  it('gives its own writer no hint: that one has heard already', async () => {
    const heard: LogNews[] = [];
    await opened.store.revocations.read(null, NOW);
    opened.store.revocations.subscribe((news) => heard.push(news));
    const user = await createdUser(opened.store);
    await opened.store.sessions.endAll(endingAll(user.id));
    // A hint of somebody else comes behind it on the same connection.
    const admin = await connected();
    await admin.query(`select pg_notify('counterfoil_revocations', 'somebody else')`);
    await expect.poll(() => heard.at(-1)).toEqual({ kind: 'look' });
    expect(heard.map(({ kind }) => kind)).toEqual(['entries', 'look']);
  });
});
