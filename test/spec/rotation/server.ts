/**
 * The real server that schedules run on: the store of the run and the hybrid model, one user, one session, a clock that
 * stands still. Owns what the rows are before a request and what came of it; decides nothing about what a schedule may
 * do (`machine.ts`) or what must hold (`consequences.ts`), and knows no SQL (`database.ts`).
 */

import { crc32 } from 'node:zlib';
import { createKeyring } from '../../../src/account/keyring.js';
import { auditEvent } from '../../../src/entities/audit.js';
import { identifierFromBytes, type UserId } from '../../../src/entities/identifier.js';
import type { Delivery, Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import { KeyRing } from '../../../src/keys/ring.js';
import { NOTHING_PRESENTED, type Renewed, type SessionModel } from '../../../src/session/contract.js';
import { hybridModel } from '../../../src/session/hybrid.js';
import { type Judge, judge } from '../../../src/session/judge.js';
import type { FoundSession, SessionStore } from '../../../src/store/ports/sessions.js';
import type { UserStore } from '../../../src/store/ports/users.js';
import { systemRandomness } from '../../../src/system/randomness.js';
import { readRefreshToken } from '../../../src/tokens/refresh-token.js';
import { openDatabase, type RotationDatabase, type Row } from './database.js';

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
  /** On a file rather than in memory, where the store has files. */
  readonly onFile?: boolean;
}

export class RotationServer {
  readonly first: Row;
  readonly model: SessionModel;
  readonly #database: RotationDatabase;
  readonly #session: Session;
  readonly #issued = new Map<number, string>();
  readonly #clock: { at: number };
  readonly #gate: { stale: FoundSession | null; readings: number };
  #loaded: Row;

  private constructor(built: Built, first: Row) {
    this.#database = built.database;
    this.#session = built.session;
    this.#clock = built.clock;
    this.#gate = built.gate;
    this.model = built.model;
    this.#issued.set(0, built.token);
    this.first = first;
    this.#loaded = first;
  }

  static async open(options: ServerOptions): Promise<RotationServer> {
    const built = await build(options);
    return new RotationServer(built, await built.database.read(built.session.id));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** One request, from reading the rows to the answer. */
  async renew({ row, read, now, generation, key, forged }: Service): Promise<Served> {
    this.#clock.at = now;
    this.#gate.readings = 0;
    if (read !== null) {
      await this.#load(read);
      this.#gate.stale = await this.#database.store.sessions.find(this.#session.id);
    }
    await this.#load(row);
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
    return { reply, after: await this.#read() };
  }

  async logout(row: Row, now: number): Promise<Row> {
    this.#clock.at = now;
    await this.#load(row);
    const { id, userId } = this.#session;
    const audit = auditEvent('session.ended', now, { userId, sessionId: id });
    await this.model.end({ sessionId: id, ownerId: userId, reason: 'logout', audit });
    return this.#read();
  }

  async logoutAll(row: Row, now: number): Promise<Row> {
    this.#clock.at = now;
    await this.#load(row);
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
  async #load(row: Row): Promise<void> {
    if (row === this.#loaded) return;
    await this.#database.load(this.#session, row);
    this.#loaded = row;
  }

  async #read(): Promise<Row> {
    this.#loaded = await this.#database.read(this.#session.id);
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
  readonly database: RotationDatabase;
  readonly model: SessionModel;
  readonly session: Session;
  readonly token: string;
  readonly clock: { at: number };
  readonly gate: { stale: FoundSession | null; readings: number };
}

async function build({ delivery, verdictOn = judge, onFile = false }: ServerOptions): Promise<Built> {
  const time = { at: STARTS_AT };
  const clock = { now: () => time.at, monotonic: () => time.at };
  const database = await openDatabase({ onFile });
  const { sessions, users, keys: keyStore } = database.store;
  const masterKey = new Uint8Array(32);
  const ring = new KeyRing(masterKey);
  const keyPolicy = { publishLeadMs: 3_600_000, rotateEveryMs: 2_592_000_000, tokenLingersMs: 335_000 };
  const vault = { masterKey, randomness: systemRandomness };
  await createKeyring({ ring, store: keyStore, vault, policy: keyPolicy, clock }).prepare();
  const gate: Built['gate'] = { stale: null, readings: 0 };
  const model = hybridModel(
    {
      keys: ring,
      clock,
      randomness: systemRandomness,
      policy: POLICY,
      verified: null,
      sessions: gated(sessions, gate),
      keyStore,
      revocations: { revokes: () => null, stalenessMs: () => 0 },
      refreshLimit: null,
      observer: { verdict() {} },
    },
    verdictOn,
  );
  const user = await newUser(users);
  const client = { deviceName: null, clientLabel: null, ipAddress: null };
  const begun = await model.begin(user, { delivery, client, audit: auditEvent('login.succeeded', time.at) });
  if (begun === null || begun.tokens.refreshToken === null) throw new Error('the login failed');
  return {
    database,
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

async function newUser(users: UserStore): Promise<User> {
  const created = await users.create(
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
