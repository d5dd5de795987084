/**
 * The tables on PostgreSQL: those of `sqlite.ts`, with what a database of many writers needs besides. Identifiers, salts
 * and hashes are `bytea`; instants are milliseconds since the epoch. What SQLite orders by rowid has a `number` here.
 */

import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  json,
  pgTable,
  text,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/pg-core';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => bigint(name, { mode: 'number' });
const inOrder = (name: string) => bigint(name, { mode: 'number' }).generatedByDefaultAsIdentity().notNull();
/** The 64-bit number of a transaction, as text: JavaScript's numbers do not hold it. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

export const users = pgTable(
  'users',
  {
    id: bytes('id').primaryKey(),
    number: inOrder('number'),
    email: text('email').notNull(),
    emailKey: text('email_key').notNull(),
    name: text('name').notNull(),
    /** Space-separated. */
    roles: text('roles').notNull(),
    passwordHash: text('password_hash').notNull(),
    epoch: integer('epoch').notNull(),
    suspendedAt: instant('suspended_at'),
    suspendedReason: text('suspended_reason'),
    /** Sessions of the present epoch that have neither ended nor been swept. */
    sessionCount: integer('session_count').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('users_email_key_unique').on(table.emailKey),
    index('users_by_number').on(table.number),
  ],
);

export const sessions = pgTable(
  'sessions',
  {
    id: bytes('id').primaryKey(),
    number: inOrder('number'),
    userId: bytes('user_id').notNull(),
    epoch: integer('epoch').notNull(),
    generation: bigint('generation', { mode: 'number' }).notNull(),
    salt: bytes('salt').notNull(),
    cookie: boolean('cookie').notNull(),
    keyed: boolean('keyed').notNull(),
    rotationKeyHash: bytes('rotation_key_hash'),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
    endReason: text('end_reason'),
    deviceName: text('device_name'),
    clientLabel: text('client_label'),
    ipAddress: text('ip_address'),
  },
  (table) => [index('sessions_by_user').on(table.userId)],
);

export const revocations = pgTable(
  'revocations',
  {
    sequence: bigint('sequence', { mode: 'number' }).generatedByDefaultAsIdentity().primaryKey(),
    /** The transaction that wrote the row: what a reader's position is compared with. */
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    at: instant('at').notNull(),
    until: instant('until').notNull(),
    kind: text('kind').notNull(),
    /** The session id, user id or kid concerned. */
    subject: text('subject').notNull(),
    /** The epoch or ring revision that goes with it. */
    number: integer('number').notNull(),
  },
  (table) => [index('revocations_by_transaction').on(table.transaction)],
);

export const signingKeys = pgTable('signing_keys', {
  kid: text('kid').primaryKey(),
  algorithm: text('algorithm').notNull(),
  publishedAt: instant('published_at').notNull(),
  state: text('state').notNull(),
  activatesAt: instant('activates_at'),
  activatedAt: instant('activated_at'),
  retiredAt: instant('retired_at'),
  goneAt: instant('gone_at'),
  revokedAt: instant('revoked_at'),
  revokedReason: text('revoked_reason'),
  publicJwk: json('public_jwk').$type<Record<string, unknown>>().notNull(),
  sealedPrivateKey: bytes('sealed_private_key'),
});

export const refreshSecrets = pgTable('refresh_secrets', {
  version: integer('version').primaryKey(),
  sealed: bytes('sealed').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** One row: the revision that key changes are compared with. */
export const keyRing = pgTable('key_ring', {
  id: integer('id').primaryKey(),
  revision: integer('revision').notNull(),
});

export const auditLog = pgTable(
  'audit_log',
  {
    sequence: bigint('sequence', { mode: 'number' }).generatedByDefaultAsIdentity().primaryKey(),
    at: instant('at').notNull(),
    kind: text('kind').notNull(),
    userId: bytes('user_id'),
    actorId: bytes('actor_id'),
    sessionId: bytes('session_id'),
    ipAddress: text('ip_address'),
    detail: text('detail'),
  },
  (table) => [
    index('audit_log_by_user').on(table.userId, table.sequence),
    /** What ages out is found without a look at what does not. */
    index('audit_log_by_age').on(table.at),
    index('audit_log_logins')
      .on(table.userId, table.sequence)
      .where(sql`kind = 'login.succeeded' and ip_address is not null`),
  ],
);

/** The shape that the rate-limiter-flexible package asks for. */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: varchar('key', { length: 255 }).primaryKey(),
    points: integer('points').notNull().default(0),
    expire: bigint('expire', { mode: 'number' }),
  },
  (table) => [index('rate_limits_by_end').on(table.expire)],
);

/** Which process may do a chore for a while. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  until: instant('until').notNull(),
});

export const verifiers = pgTable('verifiers', {
  id: bytes('id').primaryKey(),
  number: inOrder('number'),
  name: text('name').notNull(),
  secretHash: bytes('secret_hash').notNull(),
  createdAt: instant('created_at').notNull(),
  withdrawnAt: instant('withdrawn_at'),
});
