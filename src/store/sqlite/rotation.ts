/**
 * Rotation: one compare-and-swap a session, and those of one event-loop turn committed together, since the commit is
 * what costs. A statement that matches no row loses, without harm to the others of its group.
 */

import { and, eq, isNull, sql } from 'drizzle-orm';
import { sessions, users } from '../../../schema/sqlite.js';
import { identifierToBytes } from '../../entities/identifier.js';
import type { Rotation, SessionStore } from '../ports/sessions.js';
import type { Connection } from './connection.js';

interface Waiting {
  readonly rotation: Rotation;
  readonly resolve: (outcome: { kind: 'rotated' } | { kind: 'lost' }) => void;
  readonly reject: (fault: unknown) => void;
}

export function rotationGroup(connection: Connection): SessionStore['rotate'] {
  const swap = connection.db
    .update(sessions)
    .set({
      generation: sql`${sql.placeholder('to')}`,
      lastSeenAt: sql`${sql.placeholder('at')}`,
      rotationKeyHash: sql`${sql.placeholder('keyHash')}`,
      keyed: sql`${sessions.keyed} or ${sql.placeholder('keyed')}`,
    })
    .where(
      and(
        eq(sessions.id, sql.placeholder('id')),
        eq(sessions.generation, sql.placeholder('from')),
        eq(sessions.epoch, sql.placeholder('epoch')),
        isNull(sessions.endedAt),
        sql`${sessions.epoch} = (select ${users.epoch} from ${users}
          where ${users.id} = ${sessions.userId} and ${users.suspendedAt} is null)`,
      ),
    )
    .prepare();
  let group: Waiting[] = [];

  function commit(): void {
    const waiting = group;
    group = [];
    try {
      const changes = connection.loosely(() =>
        waiting.map(({ rotation }) => swap.run(parametersOf(rotation)).changes),
      );
      for (const [index, { resolve }] of waiting.entries()) {
        resolve({ kind: changes[index] === 1 ? 'rotated' : 'lost' });
      }
    } catch (fault) {
      for (const { reject } of waiting) reject(fault);
    }
  }

  return (rotation) =>
    new Promise((resolve, reject) => {
      if (group.length === 0) setImmediate(commit);
      group.push({ rotation, resolve, reject });
    });
}

function parametersOf({ sessionId, epoch, from, to, at, keyHash }: Rotation) {
  return {
    id: identifierToBytes(sessionId),
    epoch,
    from,
    to,
    at,
    keyHash: keyHash === null ? null : Buffer.from(keyHash),
    keyed: keyHash === null ? 0 : 1,
  };
}
