/** A server that hangs, goes away or is told not to wait: what a store says then, and what a commit is worth. */

import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../lab/harness/postgres.js';
import { Unavailable } from '../../../src/entities/unavailable.js';
import { migratePostgres } from '../../../src/store/postgres/migrate.js';
import { MIGRATIONS } from '../../support/postgres.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  NOW,
  newUser,
  rotation,
  userEnding,
} from './fixtures.js';
import { storeAt } from './postgres.js';

const DEADLINE_MS = 15_000;
const SECRET = 'a password that nobody may read';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  await migratePostgres(server.url(), MIGRATIONS);
});
afterAll(() => server.stop());

function opened(url = server.url()) {
  return storeAt(url, 4);
}

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (fault: unknown) => fault,
  );
}

/** All that a log could tell of a fault: what it says, its properties, its stack, and the same of its cause. */
function toldBy(fault: unknown): string {
  return inspect(fault, { depth: null, showHidden: true });
}

describe('a server that hangs', () => {
  it('is given up within a bound by every method, and served again when it goes on', async () => {
    const { store } = opened();
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    await store.revocations.read(null, NOW);
    server.pause();
    try {
      const faults = await Promise.all([
        faultOf(store.sessions.find(session.id)),
        faultOf(store.sessions.rotate(rotation(session, 0))),
        faultOf(store.sessions.end(ending(session.id))),
        faultOf(store.users.find(user.id)),
        faultOf(store.revocations.read(null, NOW)),
        faultOf(store.keys.load()),
        faultOf(store.leases.hold('sweep', 'me', 1_000)),
        faultOf(store.ping()),
      ]);
      for (const fault of faults) expect(fault).toBeInstanceOf(Unavailable);
    } finally {
      server.resume();
    }
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'serves',
            () => 'does not',
          ),
        { timeout: DEADLINE_MS },
      )
      .toBe('serves');
    expect((await store.sessions.find(session.id))?.user.id).toBe(user.id);
    await expect
      .poll(
        () =>
          store.revocations.read(null, NOW).then(
            () => 'reads',
            () => 'does not',
          ),
        { timeout: DEADLINE_MS },
      )
      .toBe('reads');
    await store.close();
    // The bound is this test's own: a method that waits for ever never gets here.
  }, 60_000);
});

describe('connections that the server ends', () => {
  it('are made up for, so that nobody notices', async () => {
    const { store } = opened();
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    for (let generation = 0; generation < 5; generation += 1) {
      await server.ask(
        'postgres',
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'counterfoil'`,
      );
      expect(await store.sessions.rotate(rotation(session, generation))).toEqual({ kind: 'rotated' });
      expect((await store.sessions.find(session.id))?.session.generation).toBe(generation + 1);
    }
    await server.ask(
      'postgres',
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'counterfoil'`,
    );
    expect((await store.sessions.end(ending(session.id))).kind).toBe('ended');
    await store.close();
  });
});

describe('an address where no server is', () => {
  it('is named by no error, nor is the password that goes with it', async () => {
    const url = new URL(server.url());
    url.port = '1';
    url.password = encodeURIComponent(SECRET);
    const { store } = opened(url.href);
    const fault = await faultOf(store.users.find(newUser().id));
    expect(fault).toBeInstanceOf(Unavailable);
    expect(toldBy(fault)).not.toContain(SECRET);
    expect(toldBy(fault)).not.toContain(encodeURIComponent(SECRET));
    const wrong = new URL(server.url());
    wrong.password = encodeURIComponent(SECRET);
    const refused = opened(wrong.href);
    const answer = await faultOf(refused.store.users.find(newUser().id));
    expect(answer).toBeInstanceOf(Unavailable);
    expect(toldBy(answer)).not.toContain(SECRET);
    expect(toldBy(answer)).not.toContain(encodeURIComponent(SECRET));
    await Promise.all([store.close(), refused.store.close()]);
  });
});

describe('what a statement of ours breaks', () => {
  it('is told without the values of the row', async () => {
    const { store, connection } = opened();
    const email = 'somebody@private.example';
    await createdUser(store, { email });
    const fault = await faultOf(
      connection.durably({ repeatable: true }, async (tx) =>
        tx.execute(`insert into users select * from users`),
      ),
    );
    const told = await faultOf(store.users.find('not an identifier' as never));
    expect(told).toBeNull();
    expect(fault).toBeInstanceOf(Error);
    const clash = await faultOf(
      store.users.create({ ...newUser(), email: `x\0${email}` }, audited('user.registered')),
    );
    expect(`${String(clash)} ${JSON.stringify(clash)}`).not.toContain('private.example');
    expect(String(clash)).toContain('22021');
    await store.close();
  });
});

describe('the durability of a commit', () => {
  it('is waited for by everything but rotations, also where the default of the database is not to wait', async () => {
    // What the setting is when a transaction that wrote to one of these tables commits.
    await server.ask(
      'postgres',
      'alter database postgres set synchronous_commit = off',
      'create table seen (setting text)',
      `create function see() returns trigger language plpgsql as
       $$ begin insert into seen values (current_setting('synchronous_commit')); return null; end $$`,
      ...['users', 'sessions', 'key_ring', 'verifiers'].map(
        (table) =>
          `create constraint trigger seeing after insert or update or delete on ${table}
           deferrable initially deferred for each row execute function see()`,
      ),
    );
    const { store } = opened();
    const settings = async (work: () => Promise<unknown>) => {
      await server.ask('postgres', 'truncate seen');
      await work();
      const rows = await server.ask<{ setting: string }>('postgres', 'select distinct setting from seen');
      return rows.map(({ setting }) => setting);
    };
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    const change = { from: 0, put: [], drop: [], secrets: [], at: NOW, revocations: [], audit: null };
    const ends = userEnding(user.id);
    const durable: (() => Promise<unknown>)[] = [
      () => createdUser(store),
      () => begunSession(store, user),
      () => store.users.changePassword({ ...ends, from: 'hash-1', to: 'hash-2', survivor: session.id }),
      () => store.sessions.endAll(endingAll(user.id, { survivor: session.id })),
      () => store.sessions.end(ending(session.id)),
      () => store.users.suspend({ ...ends, reason: 'x' }),
      () => store.users.remove(ends),
      () => store.keys.change(change),
    ];
    const rotating = await begunSession(store, await createdUser(store));
    expect(await settings(() => store.sessions.rotate(rotation(rotating, 0)))).toEqual(['off']);
    for (const work of durable) expect(await settings(work), String(work)).toEqual(['on']);
    // The setting is that of one transaction, and does not stay with the connection.
    expect(await settings(() => store.sessions.end(ending(rotating.id)))).toEqual(['on']);
    await server.ask(
      'postgres',
      'drop function see() cascade',
      'alter database postgres reset synchronous_commit',
    );
    await store.close();
  });

  it('is not told while a synchronous standby lacks it, and not even where the wait is cancelled', async () => {
    const { store } = opened();
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    await server.ask(
      'postgres',
      `alter system set synchronous_standby_names = 'nobody'`,
      'select pg_reload_conf()',
    );
    await expect
      .poll(async () => (await server.ask<{ s: string }>('postgres', 'show synchronous_standby_names'))[0])
      .toMatchObject({ synchronous_standby_names: 'nobody' });
    try {
      expect(await store.sessions.rotate(rotation(session, 0))).toEqual({ kind: 'rotated' });
      const ended = faultOf(store.sessions.end(ending(session.id)));
      await expect
        .poll(async () => {
          const rows = await server.ask(
            'postgres',
            `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
          );
          return rows.length;
        })
        .toBeGreaterThan(0);
      expect(await ended).toBeInstanceOf(Unavailable);
    } finally {
      await server.ask('postgres', 'alter system reset synchronous_standby_names', 'select pg_reload_conf()');
    }
    await store.close();
  });
});

describe('several processes that start on a new database', () => {
  it('migrate it once, and each finds it migrated', async () => {
    await server.ask('postgres', 'create database brand_new');
    const statuses = await Promise.all(
      Array.from({ length: 5 }, () => migratePostgres(server.url('brand_new'), MIGRATIONS)),
    );
    for (const { applied, known } of statuses) expect(applied).toBe(known);
    const client = new pg.Client({ connectionString: server.url('brand_new') });
    await client.connect();
    const { rows } = await client.query('select count(*)::int as applied from counterfoil_migrations');
    expect(rows[0].applied).toBe(statuses[0]?.known);
    await client.end();
  });
});
