/** Global set-up of the tests that run the built command or package: builds dist/ once where it is missing or stale. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './sandbox.js';

const SOURCES = ['src', 'schema', 'seeds', 'console'];
const BUILT = [
  'dist/main.js',
  'dist/index.js',
  'dist/testing.js',
  'dist/verify.js',
  'dist/console/index.html',
  'dist/types/src/index.d.ts',
];

export function setup(): void {
  if (isStale()) execFileSync(process.execPath, ['build.mjs'], { cwd: REPOSITORY, stdio: 'inherit' });
}

function isStale(): boolean {
  const built = BUILT.map((path) => join(REPOSITORY, path));
  if (!built.every((path) => existsSync(path))) return true;
  const oldest = Math.min(...built.map(changedAt));
  return sources().some((path) => changedAt(path) > oldest);
}

function sources(): string[] {
  const files = SOURCES.flatMap((name) => {
    const folder = join(REPOSITORY, name);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  });
  return [
    ...files,
    ...['build.mjs', 'verify-bundle.mjs', 'package.json', 'tsconfig.build.json'].map((name) =>
      join(REPOSITORY, name),
    ),
  ];
}

function changedAt(path: string): number {
  return statSync(path).mtimeMs;
}
