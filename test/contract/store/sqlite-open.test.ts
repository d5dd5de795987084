/** Opening a SQLite file while somebody else is at it. */

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../../src/store/sqlite/connection.js';
import { REPOSITORY } from '../../support/sandbox.js';

/** Writes to the file in the old journal mode, and takes a moment over it. */
const HOLDER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const Database = require(workerData.library);
  const database = new Database(workerData.file);
  database.exec('begin immediate');
  database.exec('create table held (x)');
  parentPort.postMessage('held');
  setTimeout(() => {
    database.exec('commit');
    database.close();
  }, 300);
`;

describe('a SQLite file that another process has open', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-store-'));
    file = join(folder, 'counterfoil.db');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is waited for where SQLite itself does not wait: at the switch to WAL', async () => {
    new Database(file).exec('create table present (x)').close();
    const library = join(REPOSITORY, 'node_modules/better-sqlite3');
    const holder = new Worker(HOLDER, { eval: true, workerData: { file, library } });
    const left = once(holder, 'exit');
    await once(holder, 'message');
    const connection = new Connection(file);
    expect(connection.raw.pragma('journal_mode', { simple: true })).toBe('wal');
    connection.close();
    await left;
  });

  it('is not waited for when the trouble is another: a file that is no database is an error at once', async () => {
    await writeFile(
      file,
      'this is no database, whatever its name may say; it is text of some length'.repeat(20),
    );
    expect(() => new Connection(file)).toThrow(/not a database/);
  });
});
