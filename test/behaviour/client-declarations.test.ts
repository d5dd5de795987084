/**
 * What it costs to compile a file that imports `counterfoil/client`: the declarations of the client, and of nobody else.
 * Counted and not timed; docs/how-to/client.md says how much, and how to see it.
 */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';

const run = promisify(execFile);
const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const PAGE = join(REPOSITORY, 'docs/how-to/client.md');

/** In the order of the page's table. */
const COUNTED = ['Files', 'Types', 'Instantiations'] as const;

interface Compiled {
  readonly files: readonly string[];
  readonly counts: readonly number[];
}

let folder: string;
let nothing: Compiled;
let client: Compiled;

/** By the command that the page gives, with one checker: several divide the types among them, each in its own way. */
async function compiled(source: string): Promise<Compiled> {
  await writeFile(join(folder, 'client.ts'), source);
  const [command = ''] =
    /npx tsc .*--extendedDiagnostics client\.ts/.exec(await readFile(PAGE, 'utf8')) ?? [];
  const options = command.replaceAll("''", '').split(' ').slice(2);
  const typesAt = options.indexOf('--types');
  options.splice(typesAt + 1, 1, '');
  const { stdout } = await run(process.execPath, [TSC, '--listFiles', ...options], { cwd: folder });
  return {
    files: stdout.split('\n').filter((line) => line.endsWith('.ts') && !/[\\/]lib\.[\w.]+\.ts$/.test(line)),
    counts: COUNTED.map((name) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(stdout)?.[1])),
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'declarations-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(REPOSITORY, join(folder, 'node_modules/counterfoil'));
  nothing = await compiled('export const client = 1;\n');
  client = await compiled(
    "import { createClient } from 'counterfoil/client';\nexport const client = createClient({ url: '/graphql', delivery: 'COOKIE' });\n",
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file that imports the client', () => {
  it('makes the compiler read declarations of the client, one of the system, and of no other package', () => {
    const others = client.files.filter(
      (path) => !/[\\/](dist[\\/]types[\\/]src[\\/]client[\\/]|client\.ts$)/.test(path),
    );
    expect(others).toEqual([expect.stringMatching(/dist[\\/]types[\\/]src[\\/]system[\\/]clock\.d\.ts$/)]);
  });

  it('costs no more than the page says, in files, types and instantiations', async () => {
    const [, ...said] =
      /^\| more by the client \| (\d+) \| (\d+) \| (\d+) \|$/m.exec(await readFile(PAGE, 'utf8')) ?? [];
    const more = client.counts.map((count, index) => count - (nothing.counts[index] ?? 0));
    expect(more).toHaveLength(COUNTED.length);
    for (const [index, count] of more.entries()) {
      const most = Number(said[index]);
      expect(count, COUNTED[index]).toBeLessThanOrEqual(most);
      // Nor much less: then the page is out of date.
      expect(count, COUNTED[index]).toBeGreaterThan(most * 0.8);
    }
  });
});
