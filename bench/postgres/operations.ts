/**
 * What each operation of the store costs: time, processor time on either side, statements, round trips, WAL. The same
 * calls, one after the other, on PostgreSQL and on SQLite, in turns. Counting passes a proxy and timing does not.
 */

import type { LogPosition } from '../../src/store/ports/revocations.js';
import type { Store } from '../../src/store/ports/store.js';
import type { Cluster } from './cluster.js';
import type { CountingProxy } from './counting-proxy.js';
import type { OperationCost } from './results.js';
import { about, begin, bytes, type Subject } from './subjects.js';

const RULE = { name: 'refresh', points: 1_000_000, windowSeconds: 60 };

interface Operation {
  readonly name: string;
  /** The same number of times whatever it costs, so that two stores do the same. */
  readonly times: number;
  run(store: Store, subjects: readonly Subject[], at: number): Promise<void>;
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
