/**
 * The yardstick of `refresh`: the statement of the store's rotation on rows of the store's shape, prepared once, in a
 * transaction each, one after the other, on better-sqlite3 alone. WAL and `synchronous=NORMAL`, as the store has it.
 */

import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';

export interface RotationOptions {
  /** A migrated database with these sessions in it, among others. */
  readonly file: string;
  /** Ids in base64url, rotated in turn. */
  readonly sessions: readonly string[];
  readonly seconds: number;
}

export interface RotationFigures {
  readonly rotations: number;
  readonly seconds: number;
}

interface Row {
  readonly id: Buffer;
  readonly epoch: number;
  generation: number;
}

const { file, sessions, seconds } = JSON.parse(await text(process.stdin)) as RotationOptions;
const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.pragma('foreign_keys = ON');

const find = database.prepare('select id, epoch, generation from sessions where id = ?');
const rows = sessions.map((id) => find.get(Buffer.from(id, 'base64url')) as Row);
const swap = database.prepare(`update sessions
  set generation = ?, last_seen_at = ?, rotation_key_hash = ?, keyed = keyed or 1
  where id = ? and generation = ? and epoch = ? and ended_at is null
    and epoch = (select users.epoch from users where users.id = sessions.user_id and users.suspended_at is null)`);
const rotate = database.transaction((row: Row, at: number, keyHash: Buffer) => {
  const { changes } = swap.run(row.generation + 1, at, keyHash, row.id, row.generation, row.epoch);
  if (changes !== 1) throw new Error('a rotation was lost');
});

const keyHash = randomBytes(16);
const began = performance.now();
const until = began + seconds * 1000;
let rotations = 0;
while (performance.now() < until) {
  for (const row of rows) {
    rotate.immediate(row, Date.now(), keyHash);
    row.generation += 1;
    rotations += 1;
  }
}
const figures: RotationFigures = { rotations, seconds: (performance.now() - began) / 1000 };
database.close();
process.stdout.write(JSON.stringify(figures));
