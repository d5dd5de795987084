/**
 * A commit or the answer to it is lost on its way, so that nobody knows whether the transaction happened. Where the log
 * or the rows tell, the caller does not notice: what happened is not done again, what did not is, and the answer is true.
 */

import { randomBytes } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifierFromBytes, type VerifierId } from '../../../src/entities/identifier.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import type { Session } from '../../../src/entities/session.js';
import { Unavailable } from '../../../src/entities/unavailable.js';
import type { User } from '../../../src/entities/user.js';
import type { Store } from '../../../src/store/ports/store.js';
import { fateOf, type LogRow } from '../../../src/store/postgres/doubt.js';
import {
  audited,
  begunSession,
  createdUser,
  ending,
  endingAll,
  heardFrom,
  MISCOUNTED,
  NOW,
  newSession,
  newUser,
  rotation,
  userEnding,
  wholeLog,
} from './fixtures.js';
import { type OpenedPostgres, onPostgres, storeAt } from './postgres.js';

let opened: OpenedPostgres;
let proxy: Server;
let store: Store;
/** How many answers to commits, or to single statements of that text, are still to be lost. */
let losses = 0;
let losing = 'commit\0';
/** Whether the server is asked before, so that only its answer is lost. */
let arrives = true;

beforeEach(async () => {
  opened = await onPostgres.open();
  losses = 0;
  losing = 'commit\0';
  arrives = true;
  const { hostname, port } = new URL(opened.url);
  proxy = createServer((client) => {
    const server = connect({ host: hostname, port: Number(port) });
    let isLost = false;
    client.on('data', (bytes) => {
      if (losses > 0 && bytes.includes(losing)) {
        losses -= 1;
        isLost = true;
        if (!arrives) return void client.destroy();
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

/** Each of these happens once, by whichever attempt; the subscribers hear of it once, and no counter is wrong. */
const ONCE: Readonly<Record<string, (user: User, session: Session) => Promise<unknown>>> = {
  'ends a session': async (_user, session) => {
    expect(await store.sessions.end(ending(session.id))).toMatchObject({ kind: 'ended' });
    expect((await store.sessions.find(session.id))?.session.life.kind).toBe('ended');
  },
  'logs out all devices but the survivor': async (user, session) => {
    const ended = await store.sessions.endAll(endingAll(user.id, { survivor: session.id }));
    expect(ended).toMatchObject({ kind: 'ended', sessionsEnded: 1, survivor: { id: session.id, epoch: 1 } });
    expect(await store.sessions.find(session.id)).toMatchObject({
      session: { epoch: 1 },
      user: { epoch: 1 },
    });
  },
  'changes a password': async (user) => {
    const change = { ...userEnding(user.id), from: 'hash-1', to: 'hash-2', survivor: null };
    expect(await store.users.changePassword(change)).toMatchObject({ kind: 'ended', user: { epoch: 1 } });
    expect((await store.users.credentialsById(user.id))?.passwordHash).toBe('hash-2');
  },
  'suspends a user': async (user) => {
    const suspended = await store.users.suspend({ ...userEnding(user.id), reason: 'x' });
    expect(suspended).toMatchObject({ kind: 'ended', user: { epoch: 1, standing: { kind: 'suspended' } } });
  },
  'removes a user': async (user) => {
    expect(await store.users.remove(userEnding(user.id))).toMatchObject({ kind: 'ended', sessionsEnded: 2 });
    expect(await store.users.find(user.id)).toBeNull();
  },
  'changes the key ring': async () => {
    const change = { from: 0, put: [], drop: [], secrets: [], at: NOW, revocations: [] };
    const audit = audited('key.rotated');
    expect(await store.keys.change({ ...change, audit })).toEqual({ kind: 'changed', revision: 1 });
  },
};

describe.each([
  { what: 'a commit that does not arrive', reaches: false },
  { what: 'an answer to a commit that is lost', reaches: true },
])('$what', ({ reaches }) => {
  it.each(Object.entries(ONCE))('%s, once', async (_name, work) => {
    const user = await createdUser(store);
    const [session] = [await begunSession(store, user), await begunSession(store, user)];
    const heard = heardFrom(store);
    arrives = reaches;
    losses = 1;
    await work(user, session);
    expect(losses).toBe(0);
    const log = await wholeLog(store);
    expect(log).toHaveLength(1);
    expect(heard).toEqual(log);
    expect(await opened.probe.rows(MISCOUNTED)).toEqual([]);
    // A registration, two logins, and this.
    expect(await opened.probe.rows('select count(*) as events from audit_log')).toEqual([{ events: 4 }]);
  });

  it('makes one user, one session, and one audit event of each', async () => {
    arrives = reaches;
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
});

describe('the answer to a rotation that is lost', () => {
  it('makes it lose against itself', async () => {
    const user = await createdUser(store);
    const session = await begunSession(store, user);
    losing = 'rotate\0';
    losses = 1;
    expect(await store.sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
    expect((await store.sessions.find(session.id))?.session.generation).toBe(1);
  });
});

describe('a commit that is never answered', () => {
  it('is no answer where doing it again would say the wrong thing', async () => {
    const id = identifierFromBytes<VerifierId>(randomBytes(16));
    const verifier = { id, name: 'shop', createdAt: NOW, withdrawnAt: null };
    await store.verifiers.create({ verifier, secretHash: randomBytes(32) }, audited('verifier.created'));
    losses = 1;
    const withdrawn = store.verifiers.withdraw(id, NOW, audited('verifier.withdrawn'));
    await expect(withdrawn).rejects.toBeInstanceOf(Unavailable);
    expect((await store.verifiers.find(id))?.verifier.withdrawnAt).toBe(NOW);
  });

  it('is asked for three times, and then there is none', async () => {
    losses = 3;
    await expect(store.users.create(newUser(), audited('user.registered'))).rejects.toBeInstanceOf(
      Unavailable,
    );
    expect(losses).toBe(0);
  });
});

describe('what may be done twice', () => {
  const rule = { name: 'repeated', points: 5, windowSeconds: 60 };
  const WORK: Readonly<Record<string, [losing: string, work: () => Promise<unknown>]>> = {
    'an attempt is counted': [
      'INSERT INTO',
      async () => expect((await store.attempts.spend(rule, 'ada')).kind).toBe('within'),
    ],
    'a wait is looked up': [
      'SELECT points',
      async () => expect(await store.attempts.waitFor(rule, 'ada')).toBe(0),
    ],
    'counters are dropped': [
      'delete from rate_limits',
      async () => expect(await store.attempts.prune(NOW, 10)).toBe(0),
    ],
    'an event is noted': ['insert into audit_log', () => store.audit.append(audited('login.failed'))],
    'the server is asked whether it is there': ['select 1\0', () => store.ping()],
  };

  it.each(Object.entries(WORK))(
    'is done again where its connection is lost: %s',
    async (_name, [text, work]) => {
      losing = text;
      losses = 1;
      arrives = false;
      await work();
      expect(losses).toBe(0);
      expect(store.troubles()).toMatchObject({ losses: 1, conflicts: 0, timeouts: 0 });
    },
  );
});

describe('what became of a transaction', () => {
  const logged = async (): Promise<LogRow> => {
    const user = await createdUser(store);
    await store.sessions.endAll(endingAll(user.id));
    const [row] = await opened.probe.rows('select transaction::text as id from revocations');
    const [entry] = await wholeLog(store);
    return { entry: entry as RevocationEntry, transaction: String(row?.['id']) };
  };
  const fate = (row: LogRow) => opened.connection.db.transaction((tx) => fateOf(tx, row));

  it('is told by its row, and not by its id, which another may have been given after a failover', async () => {
    const row = await logged();
    expect(await fate(row)).toBe('happened');
    expect(await fate({ ...row, entry: { ...row.entry, at: NOW + 1 } })).toBe('did not');
    const elsewhere = {
      kind: 'session-ended',
      sessionId: newSession({ id: newUser().id, epoch: 0 }).id,
    } as const;
    expect(await fate({ ...row, entry: { ...row.entry, revocation: elsewhere } })).toBe('did not');
  });

  it('is that it did not happen where the server has never given out its id', async () => {
    const row = await logged();
    expect(await fate({ ...row, transaction: String(BigInt(row.transaction) + 1_000_000n) })).toBe('did not');
  });

  it('is not known while it runs', async () => {
    const row = await logged();
    await opened.connection.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ id: string }>('select pg_current_xact_id()::text as id');
      expect(await fate({ ...row, transaction: String(rows[0]?.id) })).toBe('still running');
    });
  });
});
