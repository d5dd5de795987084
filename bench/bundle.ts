/**
 * Bundles a script of the benchmark the way the server is bundled (`build.mjs`): own code in one file, packages outside.
 * So a yardstick starts and runs under the same conditions as `dist/main.js`.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { REPOSITORY } from '../lab/harness/server.js';

/** Below node_modules, where the packages are found from. */
const CACHE = join(REPOSITORY, 'node_modules/.cache');
let folder: string | null = null;
const bundles = new Map<string, Promise<string>>();

/** The path of the bundle; `script` is a path from `bench/`. Made once a run. */
export function bundled(script: string): Promise<string> {
  const known = bundles.get(script);
  if (known !== undefined) return known;
  const made = bundle(script);
  bundles.set(script, made);
  return made;
}

async function bundle(script: string): Promise<string> {
  const outfile = join(ownFolder(), `${basename(script, '.ts')}.js`);
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [join('bench', script)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  return outfile;
}

function ownFolder(): string {
  if (folder !== null) return folder;
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(join(CACHE, 'counterfoil-bench-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}
