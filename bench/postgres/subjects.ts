/** Users and sessions to do things to, made by the store as the server makes them. */

import { type AuditEvent, auditEvent } from '../../src/entities/audit.js';
import { identifierFromBytes, type SessionId, type UserId } from '../../src/entities/identifier.js';
import type { Session } from '../../src/entities/session.js';
import type { Store } from '../../src/store/ports/store.js';

const DAY_MS = 86_400_000;

/** A user with sessions of theirs, and what has become of them. */
export interface Subject {
  readonly userId: UserId;
  epoch: number;
  readonly sessions: { readonly id: SessionId; generation: number }[];
}

export function bytes(size: number): Buffer {
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

export function about(
  kind: AuditEvent['kind'],
  userId: UserId,
  sessionId: SessionId | null = null,
): AuditEvent {
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

export async function begin(store: Store, subject: Subject): Promise<void> {
  const session = sessionOf(subject.userId, subject.epoch);
  const begun = await store.sessions.begin(session, about('login.succeeded', subject.userId, session.id));
  if (begun.kind !== 'begun') throw new Error('no session began');
  subject.sessions.push({ id: session.id, generation: 0 });
}
