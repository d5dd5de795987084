/**
 * Which commits wait for the disk on SQLite. A temporary trigger notes, inside each transaction, the `synchronous`
 * setting that its commit will run under; SQLite does not let it change before the transaction is over.
 */

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import type { Store } from '../../../src/store/ports/store.js';
import { openSqlite } from '../../../src/store/sqlite/open.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  NOW,
  rotation,
  userEnding,
} from './fixtures.js';
import { MIGRATIONS, type OpenedSqlite, onFile } from './sqlite.js';

const [NORMAL, FULL] = [1, 2];
const WATCHED = ['users', 'sessions', 'signing_keys', 'key_ring', 'revocations', 'audit_log'];

type Deed = (store: Store, user: User, session: Session) => Promise<unknown>;

const WAITING: Readonly<Record<string, Deed>> = {
  register: (store) => createdUser(store),
  login: (store, user) => begunSession(store, user),
  logout: (store, _user, session) => store.sessions.end(ending(session.id)),
  'logout of all devices': (store, user, { id }) =>
    store.sessions.endAll(endingAll(user.id, { survivor: id })),
  'a password change': (store, user) =>
    store.users.changePassword({ ...userEnding(user.id), from: 'hash-1', to: 'hash-2', survivor: null }),
  suspension: (store, user) => store.users.suspend({ ...userEnding(user.id), reason: 'x' }),
  reinstatement: (store, user) => store.users.reinstate(user.id, audited('user.reinstated')),
  deletion: (store, user) => store.users.remove(userEnding(user.id)),
  rehashing: (store, user) => store.users.rehash(user.id, 'hash-1', 'hash-2'),
  'a change of keys': (store) =>
    store.keys.change({
      from: 0,
      put: [
        {
          kid: 'a',
          algorithm: 'ES256',
          publishedAt: NOW,
          state: { kind: 'active', activatedAt: NOW },
          publicJwk: {},
          sealedPrivateKey: null,
        },
      ],
      drop: [],
      secrets: [],
      at: NOW,
      revocations: [],
      audit: null,
    }),
};

const LOOSE: Readonly<Record<string, Deed>> = {
  rotation: (store, _user, session) => store.sessions.rotate(rotation(session, 0)),
  'a note in the audit log alone': (store) => store.audit.append(auditEvent('login.failed', NOW)),
};

describe('durability on SQLite', () => {
  let opened: OpenedSqlite;
  beforeEach(async () => {
    opened = await onFile.open();
  });
  afterEach(async () => {
    await opened.close();
  });

  async function settingsDuring(deed: Deed): Promise<readonly number[]> {
    const { store, probe } = opened;
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    await probe.execute('create temp table noted (synchronous integer)');
    for (const table of WATCHED) {
      for (const event of ['insert', 'update', 'delete']) {
        await probe.execute(`create temp trigger note_${event}_${table} after ${event} on main.${table}
          begin insert into noted select synchronous from pragma_synchronous; end`);
      }
    }
    await deed(store, user, session);
    return (await probe.rows('select distinct synchronous from noted')).map((row) =>
      Number(row['synchronous']),
    );
  }

  for (const [name, deed] of Object.entries(WAITING)) {
    it(`${name} waits for the disk`, async () => {
      expect(await settingsDuring(deed)).toEqual([FULL]);
    });
  }

  for (const [name, deed] of Object.entries(LOOSE)) {
    it(`${name} does not wait for the disk`, async () => {
      expect(await settingsDuring(deed)).toEqual([NORMAL]);
    });
  }

  it('a deed that fails leaves the next rotation as quick as before', async () => {
    const user = await createdUser(opened.store);
    const { id } = await begunSession(opened.store, user);
    const mend = await opened.probe.breakInserts('revocations');
    await expect(opened.store.sessions.end(ending(id))).rejects.toThrow('broken');
    await mend();
    expect(await opened.probe.rows('select synchronous from pragma_synchronous')).toEqual([
      { synchronous: NORMAL },
    ]);
  });

  it('runs in WAL mode, with foreign keys and without trust in the schema', async () => {
    const [mode] = await opened.probe.rows('select journal_mode from pragma_journal_mode');
    expect(mode).toEqual({ journal_mode: 'wal' });
    expect(opened.connection.raw.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(opened.connection.raw.pragma('trusted_schema', { simple: true })).toBe(0);
  });

  it('keeps its files for the owner alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-store-'));
    const file = `${folder}/deep/counterfoil.db`;
    const database = openSqlite(file, MIGRATIONS);
    await database.migrate();
    await createdUser(database.store());
    for (const path of [file, `${file}-wal`, `${file}-shm`]) {
      expect(((await stat(path)).mode & 0o777).toString(8), path).toBe('600');
    }
    expect(((await stat(`${folder}/deep`)).mode & 0o777).toString(8)).toBe('700');
    await database.close();
    await rm(folder, { recursive: true });
  });
});
