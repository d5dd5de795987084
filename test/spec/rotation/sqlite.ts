/** The rows of one session on SQLite, in memory or on a file. Called by `database.ts`. */

import { identifierToBytes } from '../../../src/entities/identifier.js';
import { inMemory, onFile } from '../../contract/store/sqlite.js';
import type { DatabaseOptions, RotationDatabase, Row } from './database.js';

const READ = `select generation, keyed, lower(hex(rotation_key_hash)) as keyHash, last_seen_at as lastSeenAt,
  expires_at as expiresAt, sessions.created_at as createdAt, ended_at as endedAt, end_reason as endReason,
  sessions.epoch as epoch, users.epoch as userEpoch, session_count as sessionCount
  from sessions join users on users.id = user_id where sessions.id = ?`;

const LOAD = `update sessions set generation = ?, keyed = ?, rotation_key_hash = ?, last_seen_at = ?, expires_at = ?,
  created_at = ?, ended_at = ?, end_reason = ?, epoch = ? where id = ?`;

export async function openOnSqlite(options: DatabaseOptions): Promise<RotationDatabase> {
  const { store, connection, close } = await (options.onFile ? onFile : inMemory).open();
  const statements = {
    read: connection.raw.prepare(READ),
    load: connection.raw.prepare(LOAD),
    loadUser: connection.raw.prepare('update users set epoch = ?, session_count = ? where id = ?'),
  };
  return {
    store,
    close,
    read: async (id) => statements.read.get(identifierToBytes(id)) as Row,
    load: async ({ id, userId }, row) => {
      statements.load.run(
        row.generation,
        row.keyed,
        row.keyHash === null ? null : Buffer.from(row.keyHash, 'hex'),
        row.lastSeenAt,
        row.expiresAt,
        row.createdAt,
        row.endedAt,
        row.endReason,
        row.epoch,
        identifierToBytes(id),
      );
      statements.loadUser.run(row.userEpoch, row.sessionCount, identifierToBytes(userId));
    },
  };
}
