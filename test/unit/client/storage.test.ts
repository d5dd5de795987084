/** The duty of a storage, on those that run here; the browser's is tested in a browser. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStorage } from '../../../src/client/file-storage.js';
import { memoryStorage } from '../../../src/client/memory-storage.js';
import type { Stored } from '../../../src/client/storage.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stored = (version: number): Stored => ({
  version,
  sessionId: 'AAAAAAAAAAAAAAAAAAAAAA',
  refreshToken: 'cfr_x',
  next: null,
  last: null,
  farewell: false,
});

describe.each([
  ['in memory', () => memoryStorage()],
  ['in a file', () => fileStorage(join(folder, 'deep/er', 'session'))],
] as const)('a storage %s', (_, create) => {
  it('has nothing, then what was put, then nothing again', async () => {
    const storage = create();
    expect(await storage.read()).toBeNull();
    expect(await storage.update(() => stored(1))).toEqual(stored(1));
    expect(await storage.read()).toEqual(stored(1));
    expect(await storage.update((now) => now)).toEqual(stored(1));
    expect(await storage.update(() => null)).toBeNull();
    expect(await storage.read()).toBeNull();
  });

  it('loses no change of those that race', async () => {
    const storage = create();
    await storage.update(() => stored(0));
    await Promise.all(
      Array.from({ length: 100 }, () => storage.update((now) => now && { ...now, version: now.version + 1 })),
    );
    expect((await storage.read())?.version).toBe(100);
  });
});

describe('a storage in a file', () => {
  it('is closed to others, and does not grow', async () => {
    const storage = fileStorage(join(folder, 'new', 'session'));
    for (let n = 1; n <= 50; n += 1) await storage.update(() => stored(n));
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
    const files = readdirSync(join(folder, 'new'));
    expect(files.length).toBeLessThanOrEqual(5);
    for (const file of files) expect(statSync(join(folder, 'new', file)).mode & 0o777).toBe(0o600);
  });

  it('sweeps away what killed processes have left, and nothing of anybody else’s', async () => {
    const drafts = ['.session.0123456789abcdef0123456789abcdef', '.session.json.swp', '.session.bak'];
    for (const name of drafts) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), 1, 1);
    }
    await fileStorage(join(folder, 'session')).update(() => stored(1));
    expect(readdirSync(folder).sort()).toEqual(['.session.bak', '.session.json.swp', 'session.1']);
  });

  it('loses no change of processes that race, nor of one that is killed meanwhile', async () => {
    const path = join(folder, 'session');
    const storage = fileStorage(path);
    await storage.update(() => stored(0));
    const module = join(import.meta.dirname, '../../../src/client/file-storage.ts');
    const script = `
      import { fileStorage } from ${JSON.stringify(module)};
      const storage = fileStorage(${JSON.stringify(path)});
      for (let n = 0; n < 100; n += 1) {
        await storage.update((now) => ({ ...now, version: now.version + 1 }));
        console.log(n);
      }`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    let done = 0;
    for (const child of children)
      child.stdout.on('data', (data) => {
        done += String(data).trim().split('\n').length;
      });
    await once(children[0]?.stdout as NodeJS.ReadableStream, 'data');
    children[0]?.kill('SIGKILL');
    await Promise.all(children.map((child) => once(child, 'close')));
    const version = (await storage.read())?.version ?? 0;
    // What was killed may have made one change that it did not say.
    expect([done, done + 1]).toContain(version);
  }, 60_000);
});
