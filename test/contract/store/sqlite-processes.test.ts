/** Several processes that open, migrate and write one new SQLite file at the same time, file after file. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/system/clock.js';
import { REPOSITORY } from '../../support/sandbox.js';

const PROCESSES = 4;
const FILES = 25;
const EVERY_MS = 150;
const STARTS_IN_MS = 2_500;

interface Report {
  readonly migrated: boolean;
  readonly within: number;
  readonly changed: boolean;
}

describe(`${PROCESSES} processes on each of ${FILES} new files`, () => {
  let folder: string;
  let reports: Report[][];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-store-'));
    const startsAt = systemClock.now() + STARTS_IN_MS;
    const worker = join(REPOSITORY, 'test/support/store-worker.ts');
    // All of them are waited for, also when one fails: none may go on writing when the folder is removed.
    const runs = await Promise.allSettled(
      Array.from({ length: PROCESSES }, () =>
        promisify(execFile)(
          process.execPath,
          ['--import', 'tsx', worker, folder, String(FILES), String(startsAt), String(EVERY_MS)],
          { cwd: REPOSITORY },
        ),
      ),
    );
    reports = runs.map((run) => {
      if (run.status === 'rejected') throw run.reason;
      return run.value.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Report);
    });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  function each(promise: (file: readonly Report[], path: string) => void): void {
    for (let file = 0; file < FILES; file++) {
      promise(
        reports.map((lines) => lines[file] as Report),
        join(folder, `${file}.db`),
      );
    }
  }

  it('all find it migrated, and it is whole', () => {
    each((file, path) => {
      expect(file.map(({ migrated }) => migrated)).toEqual([true, true, true, true]);
      const database = new Database(path, { readonly: true });
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
      database.close();
    });
  });

  it('admit together no more attempts than the rule has points', () => {
    each((file) => {
      expect(file.reduce((sum, { within }) => sum + within, 0)).toBe(10);
    });
  });

  it('have one change of the key ring win', () => {
    each((file) => {
      expect(file.filter(({ changed }) => changed)).toHaveLength(1);
    });
  });
});
