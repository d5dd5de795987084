/**
 * The real server that schedules run on: the SQLite store and the hybrid model, one user, one session, a clock that
 * stands still. Owns putting an earlier state of the rows back (a crash, a restored copy) with raw SQL; decides nothing
 * about what a schedule may do (`machine.ts`) or what must hold (`consequences.ts`).
 */

import { crc32 } from 'node:zlib';
import { createKeyring } from '../../../src/account/keyring.js';
import { auditEvent } from '../../../src/entities/audit.js';
import { identifierFromBytes, identifierToBytes, type UserId } from '../../../src/entities/identifier.js';
import type { Delivery, Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import { KeyRing } from '../../../src/keys/ring.js';
import { NOTHING_PRESENTED, type Renewed, type SessionModel } from '../../../src/session/contract.js';
import { hybridModel } from '../../../src/session/hybrid.js';
import { type Judge, judge } from '../../../src/session/judge.js';
import type { FoundSession, SessionStore } from '../../../src/store/ports/sessions.js';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { sqliteKeys } from '../../../src/store/sqlite/keys.js';
import { migrateSqlite } from '../../../src/store/sqlite/migrate.js';
import { sqliteSessions } from '../../../src/store/sqlite/sessions.js';
import { sqliteUsers } from '../../../src/store/sqlite/users.js';
import { systemRandomness } from '../../../src/system/randomness.js';
import { readRefreshToken } from '../../../src/tokens/refresh-token.js';
import { REPOSITORY } from '../../support/sandbox.js';

/** All that a schedule can change in the rows. */
export interface Row {
  readonly generation: number;
  readonly keyed: number;
  /** Hex, or null. */
  readonly keyHash: string | null;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly epoch: number;
  readonly userEpoch: number;
  readonly sessionCount: number;
}

/** What an answer carries that must never be extended. Access-token times are in seconds. */
export interface Carried {
  readonly scope: unknown;
  readonly aud: unknown;
  readonly sub: unknown;
  readonly sid: unknown;
  readonly authTime: unknown;
  readonly accessExpiry: number;
  readonly refreshExpiry: number;
}

export type Reply =
  | {
      readonly kind: 'renewed';
      readonly verdict: 'rotate' | 'replay';
      /** The generation of the token in the answer. */
      readonly successor: number;
      /** Whether that token is, byte for byte, the one that was answered for this generation before. */
      readonly sameAsBefore: boolean;
      readonly carried: Carried;
    }
  | { readonly kind: 'ended' | 'invalid' | 'reused' }
  /** The judge and the swap disagree for ever, or something threw. */
  | { readonly kind: 'stuck' };

export interface Served {
  readonly reply: Reply;
  readonly after: Row;
}

export interface Service {
  readonly row: Row;
  /** The rows as the request had read them before others moved on; null when it reads them now. */
  readonly read: Row | null;
  readonly now: number;
  readonly generation: number;
  readonly key: string | null;
  /** A token that names the session but whose tag is wrong. */
  readonly forged?: boolean;
}

export const POLICY = {
  issuer: 'https://id.example.test',
  audience: 'https://api.example.test',
  clientId: 'counterfoil',
  accessTtlMs: 300_000,
  graceMs: 30_000,
  idleTtlMs: 1_000_000,
  absoluteTtlMs: 1_500_000,
  skewMs: 30_000,
  maxStalenessMs: 5_000,
};

export const STARTS_AT = 1_767_225_600_000;
/** Readings after which one request is given up as one that never ends. */
const MOST_READINGS = 8;

export interface ServerOptions {
  readonly delivery: Delivery;
  readonly verdictOn?: Judge;
  /** A path, or `:memory:`. */
  readonly file?: string;
}

export class RotationServer {
  readonly first: Row;
  readonly model: SessionModel;
  readonly #connection: Connection;
  readonly #store: SessionStore;
  readonly #session: Session;
  readonly #issued = new Map<number, string>();
  readonly #clock: { at: number };
  readonly #gate: { stale: FoundSession | null; readings: number };
  #loaded: Row;

  private constructor(built: Built) {
    this.#connection = built.connection;
    this.#store = built.store;
    this.#session = built.session;
    this.#clock = built.clock;
    this.#gate = built.gate;
    this.model = built.model;
    this.#issued.set(0, built.token);
    this.first = this.#read();
    this.#loaded = this.first;
  }

  static async open(options: ServerOptions): Promise<RotationServer> {
    return new RotationServer(await build(options));
  }

  close(): void {
    this.#connection.close();
  }

  /** One request, from reading the rows to the answer. */
  async renew({ row, read, now, generation, key, forged }: Service): Promise<Served> {
    this.#clock.at = now;
    this.#gate.readings = 0;
    if (read !== null) {
      this.#load(read);
      this.#gate.stale = await this.#store.find(this.#session.id);
    }
    this.#load(row);
    const refreshToken = forged === true ? this.#forged() : this.token(generation);
    let reply: Reply;
    try {
      reply = this.#replyOf(
        await this.model.renew({
          presented: NOTHING_PRESENTED,
          refreshToken,
          idempotencyKey: key,
          ipAddress: null,
        }),
      );
    } catch {
      reply = { kind: 'stuck' };
    }
    this.#gate.stale = null;
    return { reply, after: this.#read() };
  }

  async logout(row: Row, now: number): Promise<Row> {
    this.#clock.at = now;
    this.#load(row);
    const { id, userId } = this.#session;
    const audit = auditEvent('session.ended', now, { userId, sessionId: id });
    await this.model.end({ sessionId: id, ownerId: userId, reason: 'logout', audit });
    return this.#read();
  }

  async logoutAll(row: Row, now: number): Promise<Row> {
    this.#clock.at = now;
    this.#load(row);
    const { userId } = this.#session;
    await this.model.endAll(userId, null, auditEvent('sessions.ended', now, { userId }));
    return this.#read();
  }

  /** The token of a generation, as it was issued. */
  token(generation: number): string {
    const token = this.#issued.get(generation);
    if (token === undefined) throw new Error(`generation ${generation} was never issued`);
    return token;
  }

  /** Puts rows back as they were, as a crash or a restored copy does. */
  #load(row: Row): void {
    if (row === this.#loaded) return;
    const id = identifierToBytes(this.#session.id);
    this.#connection.raw
      .prepare(
        `update sessions set generation = ?, keyed = ?, rotation_key_hash = ?, last_seen_at = ?, expires_at = ?,
         created_at = ?, ended_at = ?, end_reason = ?, epoch = ? where id = ?`,
      )
      .run(
        row.generation,
        row.keyed,
        row.keyHash === null ? null : Buffer.from(row.keyHash, 'hex'),
        row.lastSeenAt,
        row.expiresAt,
        row.createdAt,
        row.endedAt,
        row.endReason,
        row.epoch,
        id,
      );
    this.#connection.raw
      .prepare('update users set epoch = ?, session_count = ? where id = ?')
      .run(row.userEpoch, row.sessionCount, identifierToBytes(this.#session.userId));
    this.#loaded = row;
  }

  #read(): Row {
    this.#loaded = this.#connection.raw
      .prepare(
        `select generation, keyed, lower(hex(rotation_key_hash)) as keyHash, last_seen_at as lastSeenAt,
         expires_at as expiresAt, sessions.created_at as createdAt, ended_at as endedAt, end_reason as endReason,
         sessions.epoch as epoch, users.epoch as userEpoch, session_count as sessionCount
         from sessions join users on users.id = user_id where sessions.id = ?`,
      )
      .get(identifierToBytes(this.#session.id)) as Row;
    return this.#loaded;
  }

  #forged(): string {
    const bytes = Buffer.from(this.token(0).slice(4), 'base64url');
    const body = bytes.subarray(0, 42);
    body[30] = (body[30] ?? 0) ^ 1;
    bytes.writeUInt32BE(crc32(body), 42);
    return `cfr_${bytes.toString('base64url')}`;
  }

  #replyOf(renewed: Renewed): Reply {
    if (renewed.kind === 'too-many') throw new Error('no limit was set');
    if (renewed.kind !== 'renewed') return { kind: renewed.kind };
    const { tokens, verdict } = renewed;
    const text = tokens.refreshToken ?? '';
    const successor = readRefreshToken(text)?.generation ?? -1;
    const known = this.#issued.get(successor);
    if (known === undefined) this.#issued.set(successor, text);
    const claims = JSON.parse(Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString());
    const carried = {
      scope: claims.scope,
      aud: claims.aud,
      sub: claims.sub,
      sid: claims.sid,
      authTime: claims.auth_time,
      accessExpiry: claims.exp,
      refreshExpiry: tokens.refreshTokenExpiresAt ?? 0,
    };
    return {
      kind: 'renewed',
      verdict,
      successor,
      sameAsBefore: known === undefined || known === text,
      carried,
    };
  }

  /** What every answer must carry, whenever it is given. */
  get granted(): Omit<Carried, 'accessExpiry' | 'refreshExpiry'> {
    const { id, userId } = this.#session;
    return { scope: 'user', aud: POLICY.audience, sub: userId, sid: id, authTime: STARTS_AT / 1000 };
  }
}

interface Built {
  readonly connection: Connection;
  readonly store: SessionStore;
  readonly model: SessionModel;
  readonly session: Session;
  readonly token: string;
  readonly clock: { at: number };
  readonly gate: { stale: FoundSession | null; readings: number };
}

async function build({ delivery, verdictOn = judge, file = ':memory:' }: ServerOptions): Promise<Built> {
  const time = { at: STARTS_AT };
  const clock = { now: () => time.at, monotonic: () => time.at };
  const connection = new Connection(file);
  await migrateSqlite(connection, `${REPOSITORY}/schema/migrations/sqlite`);
  const store = sqliteSessions(connection);
  const masterKey = new Uint8Array(32);
  const ring = new KeyRing(masterKey);
  const keyPolicy = { publishLeadMs: 3_600_000, rotateEveryMs: 2_592_000_000, tokenLingersMs: 335_000 };
  const vault = { masterKey, randomness: systemRandomness };
  const keyStore = sqliteKeys(connection);
  await createKeyring({ ring, store: keyStore, vault, policy: keyPolicy, clock }).prepare();
  const gate: Built['gate'] = { stale: null, readings: 0 };
  const model = hybridModel(
    {
      keys: ring,
      clock,
      randomness: systemRandomness,
      policy: POLICY,
      verified: null,
      sessions: gated(store, gate),
      keyStore,
      revocations: { revokes: () => null, stalenessMs: () => 0 },
      refreshLimit: null,
      observer: { verdict() {} },
    },
    verdictOn,
  );
  const user = await newUser(connection);
  const client = { deviceName: null, clientLabel: null, ipAddress: null };
  const begun = await model.begin(user, { delivery, client, audit: auditEvent('login.succeeded', time.at) });
  if (begun === null || begun.tokens.refreshToken === null) throw new Error('the login failed');
  return {
    connection,
    store,
    model,
    session: begun.session,
    token: begun.tokens.refreshToken,
    clock: time,
    gate,
  };
}

/** A request that has read the rows already goes on with what it read; only its first reading is an old one. */
function gated(store: SessionStore, gate: Built['gate']): SessionStore {
  return {
    ...store,
    find: async (id) => {
      gate.readings += 1;
      if (gate.readings > MOST_READINGS) throw new Error('this request reads and loses for ever');
      const { stale } = gate;
      gate.stale = null;
      return stale ?? store.find(id);
    },
  };
}

async function newUser(connection: Connection): Promise<User> {
  const created = await sqliteUsers(connection).create(
    {
      id: identifierFromBytes<UserId>(systemRandomness.bytes(16)),
      email: 'owner@example.test',
      name: 'Owner',
      roles: ['USER'],
      passwordHash: 'none',
      createdAt: STARTS_AT,
    },
    auditEvent('user.created', STARTS_AT),
  );
  if (created.kind !== 'created') throw new Error('the user could not be made');
  return created.user;
}
