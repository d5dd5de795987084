/**
 * What each operation of the store costs: time, processor time on either side, statements, round trips, WAL. The same
 * calls, one after the other, on PostgreSQL and on SQLite, in turns. Counting passes a proxy and timing does not.
 */

import type { AuditEvent } from '../../src/entities/audit.js';
import { auditEvent } from '../../src/entities/audit.js';
import { identifierFromBytes, type SessionId, type UserId } from '../../src/entities/identifier.js';
import type { Session } from '../../src/entities/session.js';
import type { LogPosition } from '../../src/store/ports/revocations.js';
import type { Store } from '../../src/store/ports/store.js';
import type { Cluster } from './cluster.js';
import type { CountingProxy } from './counting-proxy.js';
import type { OperationCost } from './results.js';

const DAY_MS = 86_400_000;
const RULE = { name: 'refresh', points: 1_000_000, windowSeconds: 60 };

/** A user with sessions of theirs, and what has become of them. */
export interface Subject {
  readonly userId: UserId;
  epoch: number;
  readonly sessions: { readonly id: SessionId; generation: number }[];
}

interface Operation {
  readonly name: string;
  /** The same number of times whatever it costs, so that two stores do the same. */
  readonly times: number;
  run(store: Store, subjects: readonly Subject[], at: number): Promise<void>;
}

function bytes(size: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
}

function sessionOf(userId: UserId, epoch: number): Session {
  const now = Date.now();
  return {
    id: identifierFromBytes<SessionId>(bytes(16)),
    userId,
    epoch,
    generation: 0,
    salt: bytes(16),
    delivery: 'body',
    client: {
      deviceName: 'Ada’s MacBook Pro',
      clientLabel: 'Chrome on Android',
      ipAddress: '2001:db8::7348',
    },
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 90 * DAY_MS,
    rotationKeyHash: null,
    keyed: false,
    life: { kind: 'live' },
  };
}

function about(kind: AuditEvent['kind'], userId: UserId, sessionId: SessionId | null = null): AuditEvent {
  return auditEvent(kind, Date.now(), { userId, sessionId, ipAddress: '2001:db8::7348' });
}

/** Users, with so many sessions each. */
export async function populate(store: Store, users: number, sessions: number): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (let index = 0; index < users; index++) {
    const userId = identifierFromBytes<UserId>(bytes(16));
    const email = `user${index}.${userId}@example.test`;
    const passwordHash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;
    const user = { id: userId, email, name: 'Ada Lovelace', roles: ['USER'] as const, passwordHash };
    await store.users.create({ ...user, createdAt: Date.now() }, about('user.registered', userId));
    const subject: Subject = { userId, epoch: 0, sessions: [] };
    for (let count = 0; count < sessions; count++) await begin(store, subject);
    subjects.push(subject);
  }
  return subjects;
}

async function begin(store: Store, subject: Subject): Promise<void> {
  const session = sessionOf(subject.userId, subject.epoch);
  const begun = await store.sessions.begin(session, about('login.succeeded', subject.userId, session.id));
  if (begun.kind !== 'begun') throw new Error('no session began');
  subject.sessions.push({ id: session.id, generation: 0 });
}

const positions = new WeakMap<Store, LogPosition | null>();

function pick<Item>(items: readonly Item[], at: number): Item {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('there is nobody to do it to');
  return item;
}

export function operations(times: number): Operation[] {
  const few = Math.ceil(times / 4);
  return [
    {
      name: 'find',
      times,
      run: async (store, subjects, at) => {
        const { sessions } = pick(subjects, at);
        if ((await store.sessions.find(pick(sessions, at).id)) === null) throw new Error('not found');
      },
    },
    {
      name: 'rotate',
      times,
      run: async (store, subjects, at) => {
        const { sessions, userId, epoch } = pick(subjects, at);
        const session = pick(sessions, at);
        const [from, to] = [session.generation, session.generation + 1];
        const rotation = {
          sessionId: session.id,
          userId,
          epoch,
          from,
          to,
          at: Date.now(),
          keyHash: bytes(16),
        };
        if ((await store.sessions.rotate(rotation)).kind !== 'rotated')
          throw new Error('a rotation was lost');
        session.generation = to;
      },
    },
    {
      name: 'count an attempt',
      times,
      run: async (store, subjects, at) => {
        await store.attempts.spend(RULE, pick(pick(subjects, at).sessions, at).id);
      },
    },
    {
      name: 'read the log, idle',
      times,
      run: async (store) => {
        const { position } = await store.revocations.read(positions.get(store) ?? null, Date.now());
        positions.set(store, position);
      },
    },
    {
      name: 'begin',
      times: few,
      run: (store, subjects, at) => begin(store, pick(subjects, at)),
    },
    {
      name: 'end',
      times: few,
      run: async (store, subjects, at) => {
        const { userId, sessions } = pick(subjects, at);
        const session = sessions.pop();
        if (session === undefined) throw new Error('there is no session left');
        const now = Date.now();
        const audit = about('session.ended', userId, session.id);
        const ending = { sessionId: session.id, ownerId: userId, reason: 'logout' as const, audit };
        const ended = await store.sessions.end({ ...ending, at: now, until: now + 335_000 });
        if (ended.kind !== 'ended') throw new Error('nothing ended');
      },
    },
    {
      name: 'end all',
      times: few,
      run: async (store, subjects, at) => {
        const subject = pick(subjects, at);
        const now = Date.now();
        const audit = about('sessions.ended', subject.userId);
        const ending = { userId: subject.userId, survivor: null, at: now, until: now + 335_000, audit };
        const ended = await store.sessions.endAll(ending);
        if (ended.kind !== 'ended') throw new Error('nothing ended');
        subject.epoch += 1;
        subject.sessions.length = 0;
      },
    },
  ];
}

export interface Side {
  readonly kind: 'postgres' | 'sqlite';
  readonly store: Store;
  readonly subjects: Subject[];
}

export interface Watching {
  readonly cluster: Cluster;
  readonly database: string;
}

/** Time and processor time, and with a watched cluster the WAL. */
export async function measured(
  operation: Operation,
  { kind, store, subjects }: Side,
  round: number,
  watching: Watching | null,
): Promise<Omit<OperationCost, 'statements' | 'roundTrips'>> {
  const { times } = operation;
  const walBefore = watching === null ? null : await walOf(watching);
  const serverBefore = watching?.cluster.processorNanoseconds() ?? Number.NaN;
  const clientBefore = process.cpuUsage();
  const began = performance.now();
  for (let at = 0; at < times; at++) await operation.run(store, subjects, at);
  const elapsed = (performance.now() - began) * 1_000;
  const { user, system } = process.cpuUsage(clientBefore);
  const server = (watching?.cluster.processorNanoseconds() ?? Number.NaN) - serverBefore;
  const wal = watching === null || walBefore === null ? null : (await walOf(watching)) - walBefore;
  return {
    operation: operation.name,
    store: kind,
    round,
    times,
    microseconds: elapsed / times,
    clientMicroseconds: (user + system) / times,
    serverMicroseconds: Number.isFinite(server) ? server / 1_000 / times : null,
    walBytes: wal === null ? null : wal / times,
  };
}

async function walOf({ cluster, database }: Watching): Promise<number> {
  const [row] = await cluster.ask<{ bytes: string }>(
    database,
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
  );
  return Number(row?.bytes);
}

/** Statements and round trips, through the proxy. */
export async function counted(
  operation: Operation,
  { store, subjects }: Side,
  proxy: CountingProxy,
): Promise<{ readonly statements: number; readonly roundTrips: number }> {
  const times = Math.min(operation.times, 20);
  // A new connection asks for more than the operation does.
  await operation.run(store, subjects, 0);
  const before = proxy.counted();
  for (let at = 1; at <= times; at++) await operation.run(store, subjects, at);
  const after = proxy.counted();
  return {
    statements: (after.statements - before.statements) / times,
    roundTrips: (after.roundTrips - before.roundTrips) / times,
  };
}
