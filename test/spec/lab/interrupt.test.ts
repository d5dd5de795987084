/** Ctrl-C, as a person presses it: the lab ends, what it started ends with it, and what it measured stays. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readResults } from '../../../lab/harness/results.js';
import { REPOSITORY } from '../../support/sandbox.js';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'counterfoil-interrupt-'));
});
afterEach(() => rmSync(results, { recursive: true, force: true }));

/** A process that has ended may be listed until somebody asks for its exit code, which in a container may be nobody. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self');
  }
}

describe('a lab that is interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends with 130 and leaves no process and no folder',
    async (signal) => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(REPOSITORY, 'test/support/lab-worker.ts'), '--results', results],
        { cwd: REPOSITORY },
      );
      let told = '';
      child.stderr.on('data', (text) => {
        told += String(text);
      });
      const started = await new Promise<{ pid: number; folder: string }>((resolve) =>
        child.stdout.once('data', (text) => resolve(JSON.parse(String(text)))),
      );
      expect([isAlive(started.pid), existsSync(started.folder)]).toEqual([true, true]);
      const code = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      expect(await code).toBe(130);
      await expect.poll(() => isAlive(started.pid)).toBe(false);
      expect(existsSync(started.folder)).toBe(false);
      expect(readResults(results, 'waiting')?.steps.map(({ id }) => id)).toEqual(['first']);
      expect(told).toContain('Interrupted.');
    },
  );
});
