/** The examples are read by people and copied by them: they must compile as they stand, under the options they show. */

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';

const run = promisify(execFile);
const FOLDER = join(REPOSITORY, 'examples');
const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const examples = readdirSync(FOLDER);

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

describe.each(examples)('examples/%s', (name) => {
  const folder = join(FOLDER, name);
  const manifest = manifestOf(folder);

  test('compiles under strict', async () => {
    const { stdout } = await run(process.execPath, [TSC, '--project', folder, '--showConfig']);
    expect(JSON.parse(stdout)).toMatchObject({ compilerOptions: { strict: true } });
    await expect(run(process.execPath, [TSC, '--project', folder])).resolves.toMatchObject({ stdout: '' });
  });

  test('uses the versions that the package is tested with', () => {
    const ours = manifestOf(REPOSITORY);
    const tested = { ...ours.devDependencies, ...ours.dependencies };
    const used = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const differing = used.filter(([dependency, version]) => (tested[dependency] ?? version) !== version);
    expect(differing).toEqual([]);
  });

  test('reaches for nothing outside its folder, so that a copy works', () => {
    expect(manifest.scripts).toMatchObject({ test: 'vitest run', typecheck: 'tsc' });
    expect(Object.values(manifest.scripts).filter((script) => script.includes('..'))).toEqual([]);
    const own = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(own).toHaveProperty('vitest');
    expect(own).toHaveProperty('typescript');
    expect(own, 'the types that tsconfig.json names').toHaveProperty('@types/node');
    expect(existsSync(join(folder, 'vitest.config.ts'))).toBe(true);
  });

  test('starts by npm start, and says how in its README', () => {
    expect(manifest.scripts).toHaveProperty('start');
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
  });
});
