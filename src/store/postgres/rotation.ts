/**
 * Rotation: one statement, and so one round trip and one transaction, which does not wait for the disk. Of any number of
 * callers with the same `from`, the first locks the row; the others find another generation when it lets go, and lose.
 *
 * What ends the session or carries it into another epoch changes the same row, and PostgreSQL looks at that row again
 * after having waited for it. What raises the epoch of the user does not change the session: a rotation that began before
 * that was committed may pass, as if it had come first, and its session and tokens are as dead as if it had. One that
 * begins after it finds the user's new epoch, and loses.
 */

import { identifierToBytes } from '../../entities/identifier.js';
import type { Rotation, SessionStore } from '../ports/sessions.js';
import type { Connection } from './connection.js';
import { LOOSELY } from './connection-settings.js';

/** Written by hand: Drizzle's UPDATE … FROM knows tables only, and this one also reads from the setting it makes. */
const SWAP = `with loosely as (${LOOSELY})
  update sessions set generation = $1, last_seen_at = $2, rotation_key_hash = $3::bytea, keyed = keyed or $3::bytea is not null
  from loosely, users
  where sessions.id = $4 and sessions.user_id = $5 and sessions.generation = $6 and sessions.epoch = $7
    and sessions.ended_at is null
    and users.id = $5 and users.epoch = $7 and users.suspended_at is null`;

export function rotator(connection: Connection): SessionStore['rotate'] {
  return (rotation) =>
    // Done twice, it loses against itself; the session is judged again, and the verdict is a replay.
    connection.repeatedly(async () => {
      const { rowCount } = await connection.pool.query({
        name: 'rotate',
        text: SWAP,
        values: valuesOf(rotation),
      });
      return { kind: rowCount === 1 ? 'rotated' : 'lost' };
    });
}

function valuesOf({ sessionId, userId, epoch, from, to, at, keyHash }: Rotation): unknown[] {
  const hash = keyHash === null ? null : Buffer.from(keyHash);
  return [to, at, hash, identifierToBytes(sessionId), identifierToBytes(userId), from, epoch];
}
