/** A server in recovery: what it says was true once, so a store asks it nothing, and serves when it has been promoted. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, type PostgresStandby, startPostgres } from '../../../lab/harness/postgres.js';
import { Unavailable } from '../../../src/entities/unavailable.js';
import { migratePostgres } from '../../../src/store/postgres/migrate.js';
import { MIGRATIONS } from '../../support/postgres.js';
import { begunSession, createdUser, ending, NOW } from './fixtures.js';
import { storeAt } from './postgres.js';

const PATIENCE_MS = 15_000;

let primary: PostgresServer;
let standby: PostgresStandby;

beforeAll(async () => {
  primary = await startPostgres();
  await migratePostgres(primary.url(), MIGRATIONS);
  standby = await primary.standby();
}, 120_000);
afterAll(async () => {
  await standby?.stop();
  await primary?.stop();
});

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (fault: unknown) => fault,
  );

it('a session that was ended at the primary is no live one to a store that was led to a standby', async () => {
  const { store } = storeAt(primary.url(), 2);
  const session = await begunSession(store, await createdUser(store));
  await standby.caughtUpWith(primary);
  await standby.ask('postgres', 'select pg_wal_replay_pause()');
  await store.sessions.end(ending(session.id));
  expect((await store.sessions.find(session.id))?.session.life.kind).toBe('ended');

  const astray = storeAt(standby.url(), 2);
  for (const asked of [
    () => astray.store.sessions.find(session.id),
    () => astray.store.keys.inForce('any'),
    () => astray.store.revocations.read(null, NOW),
    () => astray.store.ping(),
  ]) {
    expect(await faultOf(asked())).toBeInstanceOf(Unavailable);
  }

  await standby.ask('postgres', 'select pg_wal_replay_resume()');
  await standby.caughtUpWith(primary);
  await primary.kill();
  await standby.promote();
  await expect.poll(() => faultOf(astray.store.ping()), { timeout: PATIENCE_MS }).toBeNull();
  expect((await astray.store.sessions.find(session.id))?.session.life.kind).toBe('ended');
  await astray.store.close();
  await store.close();
});
