/**
 * The answer to a commit is lost on its way, so that nobody knows whether the transaction happened. It did, and what is
 * repeatable is done again: to the same effect, and with an answer that is true.
 */

import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/entities/unavailable.js';
import type { Store } from '../../../src/store/ports/store.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  newSession,
  newUser,
  rotation,
  userEnding,
  wholeLog,
} from './fixtures.js';
import { type OpenedPostgres, onPostgres, storeAt } from './postgres.js';

const MISCOUNTED = `select u.session_count, count(s.id) as counted from users u
  left join sessions s on s.user_id = u.id and s.epoch = u.epoch and s.ended_at is null
  group by u.id, u.session_count having u.session_count <> count(s.id)`;

let opened: OpenedPostgres;
let proxy: Server;
let store: Store;
/** How many answers to commits, or to single statements of that text, are still to be lost. */
let losses = 0;
let losing = 'commit\0';

beforeEach(async () => {
  opened = await onPostgres.open();
  losses = 0;
  losing = 'commit\0';
  const { hostname, port } = new URL(opened.url);
  proxy = createServer((client) => {
    const server = connect({ host: hostname, port: Number(port) });
    let isLost = false;
    client.on('data', (bytes) => {
      if (losses > 0 && bytes.includes(losing)) {
        losses -= 1;
        isLost = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (isLost) client.destroy();
      else client.write(bytes);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, 'localhost', resolve));
  const url = new URL(opened.url);
  url.port = String((proxy.address() as { port: number }).port);
  store = storeAt(url.href, 4).store;
});

afterEach(async () => {
  await store.close();
  await new Promise((resolve) => proxy.close(resolve));
  await opened.close();
});

describe('the answer to a commit that is lost', () => {
  it('makes one user, one session, and one audit event of each', async () => {
    losses = 1;
    const user = newUser();
    const created = await store.users.create(user, audited('user.registered'));
    expect(created).toMatchObject({ kind: 'created', user: { id: user.id } });
    losses = 1;
    const session = newSession({ id: user.id, epoch: 0 });
    expect(await store.sessions.begin(session, audited('login.succeeded'))).toEqual({ kind: 'begun' });
    expect(losses).toBe(0);
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
    expect(await opened.probe.rows('select kind from audit_log order by sequence')).toEqual([
      { kind: 'user.registered' },
      { kind: 'login.succeeded' },
    ]);
  });

  it('ends a session once, and says that it is over', async () => {
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    losses = 1;
    expect((await store.sessions.end(ending(session.id))).kind).toBe('not-found');
    expect((await store.sessions.find(session.id))?.session.life.kind).toBe('ended');
    expect(await wholeLog(store)).toHaveLength(1);
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
  });

  it('logs out all devices but the survivor', async () => {
    const user = await createdUser(store);
    const [survivor, other] = [await begunSession(store, user), await begunSession(store, user)];
    losses = 1;
    const ended = await store.sessions.endAll(endingAll(user.id, { survivor: survivor.id }));
    expect(ended).toMatchObject({ kind: 'ended', survivor: { id: survivor.id } });
    const found = await store.sessions.find(survivor.id);
    expect(found?.session.epoch).toBe(found?.user.epoch);
    expect((await store.sessions.find(other.id))?.session.epoch).not.toBe(found?.user.epoch);
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
  });

  it('makes a rotation lose against itself', async () => {
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    losing = 'rotate\0';
    losses = 1;
    expect(await store.sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
    expect((await store.sessions.find(session.id))?.session.generation).toBe(1);
  });

  it('is no answer where doing it again would say the wrong thing', async () => {
    const user = await createdUser(store);
    losses = 1;
    const changed = store.users.changePassword({
      ...userEnding(user.id),
      from: 'hash-1',
      to: 'hash-2',
      survivor: null,
    });
    await expect(changed).rejects.toBeInstanceOf(Unavailable);
    expect((await store.users.credentialsById(user.id))?.passwordHash).toBe('hash-2');
  });

  it('is asked for three times, and then there is none', async () => {
    losses = 3;
    await expect(store.users.create(newUser(), audited('user.registered'))).rejects.toBeInstanceOf(
      Unavailable,
    );
    expect(losses).toBe(0);
  });
});
