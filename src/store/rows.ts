/** Rows ↔ entities. The only place that knows both spellings. */

import type { auditLog, revocations, sessions, signingKeys, users, verifiers } from '../../schema/sqlite.js';
import type { AuditKind, AuditRecord } from '../entities/audit.js';
import {
  identifierFromBytes,
  identifierToBytes,
  type SessionId,
  type UserId,
  type VerifierId,
} from '../entities/identifier.js';
import type { Revocation, RevocationEntry } from '../entities/revocation.js';
import type { EndReason, Session } from '../entities/session.js';
import type { KeyState, SigningAlgorithm, StoredSigningKey } from '../entities/signing-key.js';
import { emailKey, type Role, type User } from '../entities/user.js';
import type { Verifier } from '../entities/verifier.js';
import type { NewUser } from './ports/users.js';

type UserRow = typeof users.$inferSelect;
type SessionRow = typeof sessions.$inferSelect;
type KeyRow = typeof signingKeys.$inferSelect;
type RevocationRow = typeof revocations.$inferSelect;

export function userOf(row: UserRow): User {
  return {
    id: identifierFromBytes<UserId>(row.id),
    email: row.email,
    name: row.name,
    roles: row.roles.split(' ') as Role[],
    epoch: row.epoch,
    standing:
      row.suspendedAt === null
        ? { kind: 'active' }
        : { kind: 'suspended', at: row.suspendedAt, reason: row.suspendedReason ?? '' },
    createdAt: row.createdAt,
  };
}

/** Of a user who is made: everything else is of later. */
export function newUserRow(user: NewUser) {
  return {
    id: identifierToBytes(user.id),
    email: user.email,
    emailKey: emailKey(user.email),
    name: user.name,
    roles: user.roles.join(' '),
    passwordHash: user.passwordHash,
    epoch: 0,
    sessionCount: 0,
    createdAt: user.createdAt,
  };
}

export function sessionOf(row: SessionRow): Session {
  return {
    id: identifierFromBytes<SessionId>(row.id),
    userId: identifierFromBytes<UserId>(row.userId),
    epoch: row.epoch,
    generation: row.generation,
    salt: row.salt,
    delivery: row.cookie ? 'cookie' : 'body',
    client: { deviceName: row.deviceName, clientLabel: row.clientLabel, ipAddress: row.ipAddress },
    createdAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    expiresAt: row.expiresAt,
    rotationKeyHash: row.rotationKeyHash,
    keyed: row.keyed,
    life:
      row.endedAt === null
        ? { kind: 'live' }
        : { kind: 'ended', at: row.endedAt, reason: row.endReason as EndReason },
  };
}

/** Of a session that begins: it has neither a key nor an end. */
export function newSessionRow(session: Session) {
  return {
    id: identifierToBytes(session.id),
    userId: identifierToBytes(session.userId),
    epoch: session.epoch,
    generation: session.generation,
    salt: Buffer.from(session.salt),
    cookie: session.delivery === 'cookie',
    keyed: session.keyed,
    createdAt: session.createdAt,
    lastSeenAt: session.lastSeenAt,
    expiresAt: session.expiresAt,
    ...session.client,
  };
}

export function keyOf(row: KeyRow): StoredSigningKey {
  return {
    kid: row.kid,
    algorithm: row.algorithm as SigningAlgorithm,
    publishedAt: row.publishedAt,
    state: keyStateOf(row),
    publicJwk: row.publicJwk,
    sealedPrivateKey: row.sealedPrivateKey,
  };
}

function keyStateOf(row: KeyRow): KeyState {
  switch (row.state) {
    case 'standby':
      return { kind: 'standby', activatesAt: row.activatesAt };
    case 'active':
      return { kind: 'active', activatedAt: row.activatedAt ?? 0 };
    case 'retired':
      return {
        kind: 'retired',
        activatedAt: row.activatedAt ?? 0,
        retiredAt: row.retiredAt ?? 0,
        goneAt: row.goneAt ?? 0,
      };
    case 'revoked':
      return { kind: 'revoked', revokedAt: row.revokedAt ?? 0, reason: row.revokedReason ?? '' };
    default:
      throw new Error(`signing key ${row.kid} is in an unknown state`);
  }
}

export function keyRowOf(key: StoredSigningKey): typeof signingKeys.$inferInsert {
  const { state } = key;
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    publishedAt: key.publishedAt,
    state: state.kind,
    activatesAt: state.kind === 'standby' ? state.activatesAt : null,
    activatedAt: state.kind === 'active' || state.kind === 'retired' ? state.activatedAt : null,
    retiredAt: state.kind === 'retired' ? state.retiredAt : null,
    goneAt: state.kind === 'retired' ? state.goneAt : null,
    revokedAt: state.kind === 'revoked' ? state.revokedAt : null,
    revokedReason: state.kind === 'revoked' ? state.reason : null,
    publicJwk: { ...key.publicJwk },
    sealedPrivateKey: key.sealedPrivateKey === null ? null : Buffer.from(key.sealedPrivateKey),
  };
}

export function revocationRowOf(revocation: Revocation): { kind: string; subject: string; number: number } {
  const { kind } = revocation;
  switch (kind) {
    case 'session-ended':
      return { kind, subject: revocation.sessionId, number: 0 };
    case 'epoch-raised':
      return { kind, subject: revocation.userId, number: revocation.epoch };
    case 'key-revoked':
      return { kind, subject: revocation.kid, number: 0 };
    case 'keys-changed':
      return { kind, subject: '', number: revocation.revision };
  }
}

export function revocationEntryOf(row: RevocationRow): RevocationEntry {
  return { sequence: row.sequence, at: row.at, until: row.until, revocation: revocationOf(row) };
}

function revocationOf(row: RevocationRow): Revocation {
  switch (row.kind) {
    case 'session-ended':
      return { kind: 'session-ended', sessionId: row.subject as SessionId };
    case 'epoch-raised':
      return { kind: 'epoch-raised', userId: row.subject as UserId, epoch: row.number };
    case 'key-revoked':
      return { kind: 'key-revoked', kid: row.subject };
    case 'keys-changed':
      return { kind: 'keys-changed', revision: row.number };
    default:
      throw new Error(`revocation ${row.sequence} is of an unknown kind`);
  }
}

export function auditRecordOf(row: typeof auditLog.$inferSelect): AuditRecord {
  return {
    sequence: row.sequence,
    at: row.at,
    kind: row.kind as AuditKind,
    userId: row.userId && identifierFromBytes<UserId>(row.userId),
    actorId: row.actorId && identifierFromBytes<UserId>(row.actorId),
    sessionId: row.sessionId && identifierFromBytes<SessionId>(row.sessionId),
    ipAddress: row.ipAddress,
    detail: row.detail,
  };
}

export function verifierOf(row: typeof verifiers.$inferSelect): Verifier {
  const { name, createdAt, withdrawnAt } = row;
  return { id: identifierFromBytes<VerifierId>(row.id), name, createdAt, withdrawnAt };
}
