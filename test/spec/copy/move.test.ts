/** The mark that a SQLite file bears while its deployment moves: a hold that lapses, and a seal that does not. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/entities/unavailable.js';
import type { Store } from '../../../src/store/ports/store.js';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { sqliteStatus } from '../../../src/store/sqlite/inspect.js';
import { migrateSqlite } from '../../../src/store/sqlite/migrate.js';
import { type Hold, hold, markSource, moveOf, unseal } from '../../../src/store/sqlite/move.js';
import { openSqlite, storeOver } from '../../../src/store/sqlite/open.js';
import {
  begunSession,
  createdUser,
  ending,
  endingAll,
  NOW,
  rotation,
} from '../../contract/store/fixtures.js';
import { MIGRATIONS } from '../../contract/store/sqlite.js';
import { runCommand } from './command.js';

const TARGET = 'postgres://db.example.test/auth';
const TABLES = ['users', 'sessions', 'revocations', 'signing_keys', 'refresh_secrets', 'key_ring'];
const MORE = ['audit_log', 'rate_limits', 'verifiers'];
const LONG_MS = 60_000;
const RULE = { name: 'rule', points: 5, windowSeconds: 60 };

let folder: string;
let file: string;
/** The server's, and that of the copy. */
let connection: Connection;
let mover: Connection;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-move-'));
  file = join(folder, 'counterfoil.db');
  connection = new Connection(file);
  await migrateSqlite(connection, MIGRATIONS);
  store = storeOver(connection);
  mover = new Connection(file);
  markSource(mover.raw);
});
afterEach(async () => {
  mover.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function held(ttlMs = LONG_MS): Hold {
  return hold(mover.raw, [...TABLES, ...MORE], { target: TARGET, ttlMs });
}

/** Each way of writing, by the ports. */
async function writers(): Promise<Record<string, () => Promise<unknown>>> {
  const user = await createdUser(store);
  const session = await begunSession(store, user);
  await store.attempts.spend(RULE, 'known');
  return {
    'a registration': () => createdUser(store),
    'a login': () => begunSession(store, user),
    'a rotation': () => store.sessions.rotate(rotation(session, 0)),
    'a logout': () => store.sessions.end(ending(session.id)),
    'a logout of all devices': () => store.sessions.endAll(endingAll(user.id)),
    'an attempt that is counted': () => store.attempts.spend(RULE, 'new'),
    'a counter that is there': () => store.attempts.spend(RULE, 'known'),
  };
}

const refusalOf = (write: () => Promise<unknown>) =>
  write().then(
    () => null,
    (fault: unknown) => fault,
  );

describe('a SQLite file that is held', () => {
  it('refuses every write at once, with something to retry, and says where the deployment goes', async () => {
    const writes = await writers();
    const holding = held();
    for (const [name, write] of Object.entries(writes)) {
      const fault = await refusalOf(write);
      expect(fault, name).toBeInstanceOf(Unavailable);
      expect((fault as Unavailable).message).toContain(TARGET);
    }
    holding.release();
    for (const [name, write] of Object.entries(writes)) expect(await refusalOf(write), name).toBeNull();
  });

  it('goes on answering what is read, and gives no lease to anybody, without an error', async () => {
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    held();
    expect(await store.sessions.find(session.id)).toMatchObject({ user, session: { id: session.id } });
    expect((await store.revocations.read(null, NOW)).entries).toEqual([]);
    expect(await store.leases.hold('sweep', 'a', LONG_MS)).toBe(false);
    await expect(store.ping()).resolves.toBeUndefined();
    expect(sqliteStatus(file, MIGRATIONS).kind).toBe('present');
  });

  it('writes again by itself when whoever held it is gone', async () => {
    const user = await createdUser(store);
    held(0);
    await expect(begunSession(store, user)).resolves.toBeDefined();
    expect(moveOf(connection.raw)).toMatchObject({ sealedFor: null, held: false });
  });

  it('is not sealed if anybody has written since, whatever the hold said', async () => {
    const lapsed = held(0);
    await createdUser(store);
    lapsed.extend(LONG_MS);
    expect(lapsed.seal(NOW)).toBe(false);
    expect(moveOf(mover.raw)).toMatchObject({ sealedFor: null });
  });
});

describe('a SQLite file that is sealed', () => {
  it('refuses to write, and to say of a credential that it is good, once the process has looked', async () => {
    const writes = await writers();
    const session = await begunSession(store, await createdUser(store));
    expect(held().seal(NOW)).toBe(true);
    for (const [name, write] of Object.entries(writes))
      expect(await refusalOf(write), name).toBeInstanceOf(Unavailable);
    await expect(store.revocations.read(null, NOW)).rejects.toThrow(Unavailable);
    const questions = [
      () => store.sessions.find(session.id),
      () => store.keys.load(),
      () => store.keys.inForce('kid'),
      () => store.verifiers.list(),
      () => store.ping(),
    ];
    for (const question of questions) {
      const fault = await refusalOf(question);
      expect(fault).toBeInstanceOf(Unavailable);
      expect((fault as Unavailable).message).toContain(`moved to ${TARGET}`);
    }
  });

  it('lets nobody start on it, and says where to go', async () => {
    held().seal(NOW);
    const opened = openSqlite(file, MIGRATIONS);
    await expect(opened.migrate()).rejects.toThrow(`moved to ${TARGET}`);
    await opened.close();
    expect(sqliteStatus(file, MIGRATIONS)).toMatchObject({ kind: 'closed' });
    for (const line of [
      ['migrate'],
      ['migrate', '--status'],
      ['users', 'list'],
      ['keys', 'rotate'],
      ['doctor'],
    ]) {
      const { code, err, out } = await runCommand(file, line);
      expect({ line, code }).toEqual({ line, code: 1 });
      expect(err + out).toContain(`moved to ${TARGET}`);
    }
  });

  it('serves again when the seal is taken off, in the same process, too', async () => {
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    held().seal(NOW);
    await expect(store.revocations.read(null, NOW)).rejects.toThrow(Unavailable);
    expect(unseal(mover.raw)).toBe(TARGET);
    expect(unseal(mover.raw)).toBeNull();
    await store.revocations.read(null, NOW);
    expect(await store.sessions.find(session.id)).not.toBeNull();
    expect(await store.sessions.rotate(rotation(session, 0))).toEqual({ kind: 'rotated' });
  });
});
