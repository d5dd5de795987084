/** Which code figures are of: every change that can bear on them counts, and no other. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentCommit, sameCode } from '../../../lab/harness/commit.js';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const git = (...line: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', ...line], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
const commit = () => {
  git('add', '.');
  git('commit', '-m', 'A change', '--no-gpg-sign');
  return git('rev-parse', 'HEAD');
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'counterfoil-commit-'));
  git('init', '-q');
  write('src/app.ts', 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the commit', () => {
  test('is that of the repository, and unknown outside of one', () => {
    expect(currentCommit(root)).toBe(null);
    const head = commit();
    expect(currentCommit(root)).toBe(head);
  });

  test.each([
    ['src/app.ts', true],
    ['src/new.ts', true],
    ['lab/experiments/memory.ts', true],
    ['package-lock.json', true],
    ['lab/readings/memory.ts', false],
    ['lab/results/memory.json', false],
    ['docs/research.md', false],
    ['README.md', false],
  ])('a change of %s that is not committed is marked: %s', (path, marked) => {
    const head = commit();
    write(path, 'two');
    expect(currentCommit(root)).toBe(marked ? `${head}+` : head);
  });
});

describe('figures of two commits', () => {
  test('stand side by side where nothing differs that bears on them', () => {
    const first = commit();
    write('docs/research.md', 'two');
    const second = commit();
    expect(sameCode(root, first, second)).toBe(true);
  });

  test('do not where something does, or where a commit is not known here', () => {
    const first = commit();
    write('src/app.ts', 'two');
    const second = commit();
    expect(sameCode(root, first, second)).toBe(false);
    expect(sameCode(root, '0123456789012345678901234567890123456789', second)).toBe(false);
  });

  test('do not where files were changed beside one of them, or where one is unknown', () => {
    const head = commit();
    expect(sameCode(root, `${head}+`, head)).toBe(false);
    expect(sameCode(root, head, `${head}+`)).toBe(false);
    expect(sameCode(root, null, head)).toBe(false);
    expect(sameCode(root, `${head}+`, `${head}+`)).toBe(true);
  });
});
