/** Users, sessions and endings for the store contract: whole entities with the parts that a test does not care about. */

import { randomBytes } from 'node:crypto';
import { type AuditEvent, type AuditKind, auditEvent } from '../../../src/entities/audit.js';
import { identifierFromBytes, type SessionId, type UserId } from '../../../src/entities/identifier.js';
import type { PageRequest } from '../../../src/entities/page.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import type { Ending, EndingAll, Rotation } from '../../../src/store/ports/sessions.js';
import type { Store } from '../../../src/store/ports/store.js';
import type { NewUser, UserEnding } from '../../../src/store/ports/users.js';

export const NOW = 1_767_225_600_000;
export const IDLE_TTL_MS = 14 * 86_400_000;
export const ABSOLUTE_TTL_MS = 90 * 86_400_000;
/** How long after an ending its log row lives, in these tests. */
export const REMEMBER_MS = 330_000;
/** Users whose counter differs from the sessions that have neither ended nor been left behind. */
export const MISCOUNTED = `select u.session_count, count(s.id) as counted from users u
  left join sessions s on s.user_id = u.id and s.epoch = u.epoch and s.ended_at is null
  group by u.id, u.session_count having u.session_count <> count(s.id)`;
export const EVERYTHING: PageRequest = { first: 1_000_000, after: null };

export function newUserId(): UserId {
  return identifierFromBytes<UserId>(randomBytes(16));
}

export function newSessionId(): SessionId {
  return identifierFromBytes<SessionId>(randomBytes(16));
}

export function newUser(parts: Partial<NewUser> = {}): NewUser {
  const id = newUserId();
  const email = `${id}@example.test`;
  return { id, email, name: 'Ada', roles: ['USER'], passwordHash: 'hash-1', createdAt: NOW, ...parts };
}

export function audited(kind: AuditKind, about: Partial<AuditEvent> = {}): AuditEvent {
  return auditEvent(kind, NOW, about);
}

export async function createdUser(store: Store, parts: Partial<NewUser> = {}): Promise<User> {
  const created = await store.users.create(newUser(parts), audited('user.registered'));
  if (created.kind !== 'created') throw new Error(`the user was not created: ${created.kind}`);
  return created.user;
}

export function newSession(user: Pick<User, 'id' | 'epoch'>, parts: Partial<Session> = {}): Session {
  return {
    id: newSessionId(),
    userId: user.id,
    epoch: user.epoch,
    generation: 0,
    salt: randomBytes(16),
    delivery: 'body',
    client: { deviceName: null, clientLabel: null, ipAddress: null },
    createdAt: NOW,
    lastSeenAt: NOW,
    expiresAt: NOW + ABSOLUTE_TTL_MS,
    rotationKeyHash: null,
    keyed: false,
    life: { kind: 'live' },
    ...parts,
  };
}

export async function begunSession(
  store: Store,
  user: Pick<User, 'id' | 'epoch'>,
  parts: Partial<Session> = {},
): Promise<Session> {
  const session = newSession(user, parts);
  const begun = await store.sessions.begin(session, audited('login.succeeded', { userId: user.id }));
  if (begun.kind !== 'begun') throw new Error(`the session did not begin: ${begun.kind}`);
  return session;
}

export function ending(sessionId: SessionId, parts: Partial<Ending> = {}): Ending {
  return {
    sessionId,
    ownerId: null,
    reason: 'logout',
    at: NOW,
    until: NOW + REMEMBER_MS,
    audit: audited('session.ended', { sessionId }),
    ...parts,
  };
}

export function userEnding(userId: UserId, parts: Partial<UserEnding> = {}): UserEnding {
  const audit = audited('sessions.ended', { userId });
  return { userId, at: NOW, until: NOW + REMEMBER_MS, audit, ...parts };
}

export function endingAll(userId: UserId, parts: Partial<EndingAll> = {}): EndingAll {
  return { ...userEnding(userId), survivor: null, ...parts };
}

export function rotation(
  { id: sessionId, userId }: Pick<Session, 'id' | 'userId'>,
  from: number,
  parts: Partial<Rotation> = {},
): Rotation {
  return { sessionId, userId, epoch: 0, from, to: from + 1, at: NOW + 1_000, keyHash: null, ...parts };
}

export async function wholeLog(store: Store): Promise<readonly RevocationEntry[]> {
  return (await store.revocations.read(null, 0)).entries;
}

/** What subscribers of the log are given from now on. */
export function heardFrom(store: Store): RevocationEntry[] {
  const heard: RevocationEntry[] = [];
  store.revocations.subscribe((news) => {
    if (news.kind === 'entries') heard.push(...news.entries);
  });
  return heard;
}

export function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** How many of the outcomes are of each kind. */
export function tally(outcomes: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
