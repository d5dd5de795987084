/**
 * A database with many signed-in users, one session each, put in by bulk: the rows are of the shape that the server
 * writes, and the server cannot tell them from its own. Everything of user number n follows from n, so credentials of
 * any of them can be handed out later: session tokens because their secret is known, JWTs by the app's own keys.
 *
 * Identifiers are hashes, so rows come in no order of their key and the indexes are as loosely filled as real ones. No
 * audit rows are written: a real login adds one, the same in every model, and they are no part of a session.
 */

import { createHash, randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { type App, createApp } from '../../src/app.js';
import { readEnvironment } from '../../src/config/environment.js';
import { identifierFromBytes, identifierToBytes, type UserId } from '../../src/entities/identifier.js';
import type { Session } from '../../src/entities/session.js';
import { issueAccessToken } from '../../src/session/issue.js';
import { writeRefreshToken } from '../../src/tokens/refresh-token.js';
import { digestOf, writeSessionToken } from '../../src/tokens/session-token.js';
import { databaseFile, environmentOf, type ServerOptions } from './server.js';

/** What client number n sends. */
export interface Credential {
  readonly userId: UserId;
  readonly bearer: string;
  /** Null in models that have none. */
  readonly refreshToken: string | null;
}

interface Shared {
  /** Of everybody: the operator's, made by the server's own hasher at the lab's cost. */
  readonly passwordHash: string;
  readonly at: number;
}

export const ABSOLUTE_TTL_MS = 90 * 86_400_000;
/** What every session says of its device. */
export const DEVICE = {
  deviceName: 'Lab device',
  clientLabel: 'Firefox on Linux',
  ipAddress: '127.0.0.1',
} as const;
const CACHE_KIB = 512 * 1024;
/** More of them would wait for a connection longer than a store lets them. */
const AT_ONCE = 20;

/** Makes an empty database with keys and an operator, as the first start of a server does. */
export async function makeDatabase(options: ServerOptions): Promise<void> {
  await withApp(options, async () => undefined);
}

/** Adds users 0 to `count` - 1 to a database without any. */
export function addUsers(folder: string, count: number): void {
  inBulk(folder, (database, { passwordHash, at }) => {
    const insert = database.prepare(
      `insert into users (id, email, email_key, name, roles, password_hash, epoch, session_count, created_at)
       values (?, ?, ?, ?, 'USER', ?, 0, 0, ?)`,
    );
    for (let n = 0; n < count; n += 1) {
      const { id, email, name } = userRow(n);
      insert.run(id, email, email, name, passwordHash, at);
    }
  });
}

/** Adds one live session to each of the users 0 to `count` - 1. */
export function addSessions(folder: string, count: number): void {
  inBulk(folder, (database, { at }) => {
    const insert = database.prepare(
      `insert into sessions (id, user_id, epoch, generation, salt, cookie, keyed, created_at, last_seen_at,
         expires_at, device_name, client_label, ip_address)
       values (?, ?, 0, 0, ?, 0, 0, ?, ?, ?, ?, ?, ?)`,
    );
    const { deviceName, clientLabel, ipAddress } = DEVICE;
    for (let n = 0; n < count; n += 1) {
      const { id, userId, salt } = sessionRow(n);
      insert.run(id, userId, salt, at, at, at + ABSOLUTE_TTL_MS, deviceName, clientLabel, ipAddress);
    }
    database.prepare("update users set session_count = 1 where roles = 'USER'").run();
  });
}

/** Credentials of `sample` of the `count` sessions, spread evenly over them, good from now on for one access lifetime. */
export async function credentialsOf(
  options: ServerOptions,
  count: number,
  sample: number,
): Promise<Credential[]> {
  const size = Math.min(count, sample);
  const numbers = Array.from({ length: size }, (_, place) => Math.floor((place * count) / size));
  return withApp(options, async (app) => {
    const credentials: Credential[] = [];
    for (let from = 0; from < size; from += AT_ONCE)
      credentials.push(
        ...(await Promise.all(numbers.slice(from, from + AT_ONCE).map((n) => credential(app, n)))),
      );
    return credentials;
  });
}

async function credential({ parts, http, config }: App, n: number): Promise<Credential> {
  const userId = identifierFromBytes<UserId>(userIdBytes(n));
  const user = await parts.store.users.find(userId);
  if (user === null) throw new Error(`There is no user ${n} in the database.`);
  if (config.model === 'stateful')
    return { userId, bearer: writeSessionToken(secretOf(n)), refreshToken: null };
  const session = sessionOf(n, userId, parts.clock.now());
  const hybrid = config.model === 'hybrid';
  const policy = { ...config, ...config.lifetimes };
  const { ring } = http;
  const issuer = { keys: ring, clock: parts.clock, randomness: parts.randomness, policy };
  const tokenId = () => randomBytes(16).toString('base64url');
  const own = { tokenId, epoch: hybrid ? session.epoch : null };
  const { accessToken: bearer } = await issueAccessToken(issuer, user.roles, session, own);
  const refreshToken = hybrid
    ? writeRefreshToken(ring.currentSecret(), session.salt, session.id, session.generation)
    : null;
  return { userId, bearer, refreshToken };
}

function sessionOf(n: number, userId: UserId, now: number): Session {
  const { id, rest: salt } = digestOf(secretOf(n));
  return {
    id,
    userId,
    epoch: 0,
    generation: 0,
    salt,
    delivery: 'body',
    client: { deviceName: null, clientLabel: null, ipAddress: null },
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + ABSOLUTE_TTL_MS,
    rotationKeyHash: null,
    keyed: false,
    life: { kind: 'live' },
  };
}

/** What follows from the number of a user; the rest of the row is the same for all. */
export function userRow(n: number) {
  return { id: userIdBytes(n), email: `user-${n}@example.test`, name: `user-${n}` };
}

/** The same of the user's session. */
export function sessionRow(n: number) {
  const { id, rest: salt } = digestOf(secretOf(n));
  return { id: identifierToBytes(id), userId: userIdBytes(n), salt };
}

function userIdBytes(n: number): Buffer {
  return createHash('sha256').update(`user ${n}`).digest().subarray(0, 16);
}

function secretOf(n: number): Buffer {
  return createHash('sha256').update(`session ${n}`).digest();
}

/** One transaction that no power cut needs to survive; the file is whole, without a log beside it, when this returns. */
function inBulk(folder: string, work: (database: Database.Database, shared: Shared) => void): void {
  const database = new Database(databaseFile(folder));
  try {
    database.pragma('synchronous = OFF');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    const passwordHash = database
      .prepare("select password_hash from users where roles <> 'USER'")
      .pluck()
      .get();
    if (typeof passwordHash !== 'string')
      throw new Error('The database has no operator to take a hash from.');
    database.transaction(() => work(database, { passwordHash, at: Date.now() }))();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/** The app with the configuration that a server of these options would have, opened here and not started. */
async function withApp<Result>(options: ServerOptions, work: (app: App) => Promise<Result>): Promise<Result> {
  const outcome = readEnvironment(environmentOf(options));
  if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
  const app = await createApp(outcome.config);
  try {
    return await work(app);
  } finally {
    await app.stop();
  }
}
