/**
 * The tables on SQLite. Identifiers, salts and hashes are blobs; instants are integer milliseconds since the epoch.
 * `rate_limits` has the shape that the rate-limiter-flexible package asks for.
 */

import { sql } from 'drizzle-orm';
import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const bytes = (name: string) => blob(name, { mode: 'buffer' });

export const users = sqliteTable('users', {
  id: bytes('id').primaryKey(),
  email: text('email').notNull(),
  emailKey: text('email_key').notNull().unique(),
  name: text('name').notNull(),
  /** Space-separated. */
  roles: text('roles').notNull(),
  passwordHash: text('password_hash').notNull(),
  epoch: integer('epoch').notNull(),
  suspendedAt: integer('suspended_at'),
  suspendedReason: text('suspended_reason'),
  /** Sessions of the present epoch that have neither ended nor been swept. */
  sessionCount: integer('session_count').notNull(),
  createdAt: integer('created_at').notNull(),
});

export const sessions = sqliteTable(
  'sessions',
  {
    id: bytes('id').primaryKey(),
    userId: bytes('user_id').notNull(),
    epoch: integer('epoch').notNull(),
    generation: integer('generation').notNull(),
    salt: bytes('salt').notNull(),
    cookie: integer('cookie', { mode: 'boolean' }).notNull(),
    keyed: integer('keyed', { mode: 'boolean' }).notNull(),
    rotationKeyHash: bytes('rotation_key_hash'),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    endedAt: integer('ended_at'),
    endReason: text('end_reason'),
    deviceName: text('device_name'),
    clientLabel: text('client_label'),
    ipAddress: text('ip_address'),
  },
  (table) => [index('sessions_by_user').on(table.userId)],
);

export const revocations = sqliteTable('revocations', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  until: integer('until').notNull(),
  kind: text('kind').notNull(),
  /** The session id, user id or kid concerned. */
  subject: text('subject').notNull(),
  /** The epoch or ring revision that goes with it. */
  number: integer('number').notNull(),
});

export const signingKeys = sqliteTable('signing_keys', {
  kid: text('kid').primaryKey(),
  algorithm: text('algorithm').notNull(),
  publishedAt: integer('published_at').notNull(),
  state: text('state').notNull(),
  activatesAt: integer('activates_at'),
  activatedAt: integer('activated_at'),
  retiredAt: integer('retired_at'),
  goneAt: integer('gone_at'),
  revokedAt: integer('revoked_at'),
  revokedReason: text('revoked_reason'),
  publicJwk: text('public_jwk', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  sealedPrivateKey: bytes('sealed_private_key'),
});

export const refreshSecrets = sqliteTable('refresh_secrets', {
  version: integer('version').primaryKey(),
  sealed: bytes('sealed').notNull(),
  createdAt: integer('created_at').notNull(),
});

/** One row: the revision that key changes are compared with. */
export const keyRing = sqliteTable('key_ring', {
  id: integer('id').primaryKey(),
  revision: integer('revision').notNull(),
});

export const auditLog = sqliteTable(
  'audit_log',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    kind: text('kind').notNull(),
    userId: bytes('user_id'),
    actorId: bytes('actor_id'),
    sessionId: bytes('session_id'),
    ipAddress: text('ip_address'),
    detail: text('detail'),
  },
  (table) => [
    index('audit_log_by_user').on(table.userId),
    index('audit_log_logins')
      .on(table.userId)
      .where(sql`kind = 'login.succeeded' and ip_address is not null`),
  ],
);

export const rateLimits = sqliteTable('rate_limits', {
  key: text('key').primaryKey(),
  points: integer('points').notNull().default(0),
  expire: integer('expire'),
});

/** Which process may do a chore for a while. */
export const leases = sqliteTable('leases', {
  name: text('name').primaryKey(),
  holder: text('holder').notNull(),
  until: integer('until').notNull(),
});

export const verifiers = sqliteTable('verifiers', {
  id: bytes('id').primaryKey(),
  name: text('name').notNull(),
  secretHash: bytes('secret_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  withdrawnAt: integer('withdrawn_at'),
});
