/**
 * Builds what ships: three ES module entries over common chunks in a flat dist/ (code in it finds the migrations by
 * `../schema/` from its own address, so it must lie exactly one folder deep), the verifier and its adapters, which share
 * nothing with them, the web console in dist/console, and declarations in dist/types.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { buildConsole } from './console/build.mjs';
import { clientBundle, verifyBundle } from './verify-bundle.mjs';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

const { metafile: server } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', index: 'src/index.ts', testing: 'src/testing/index.ts' },
  outdir: 'dist',
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
});

const { metafile: verifier } = await build({ absWorkingDir: root, ...verifyBundle });
const { metafile: client } = await build({ absWorkingDir: root, ...clientBundle });
await buildConsole(join(dist, 'console'));

// What runs elsewhere is ours alone: whatever came in with it would have to bring its licence, as the console does.
const foreign = [verifier, client]
  .flatMap(({ inputs }) => Object.keys(inputs))
  .filter((path) => path.includes('node_modules'));
if (foreign.length > 0)
  throw new Error(`dist/verify*.js and dist/client*.js may hold nothing of others: ${foreign.join(', ')}`);

// Nothing is removed before its successor is there, so that a build beside a running server or test leaves them alone.
const outputs = [server, verifier, client].flatMap((metafile) => Object.keys(metafile.outputs));
const written = new Set(outputs.map((path) => basename(path)));
for (const name of readdirSync(dist)) {
  if (name !== 'types' && name !== 'console' && !written.has(name))
    rmSync(join(dist, name), { recursive: true });
}

if (!readFileSync(join(dist, 'main.js'), 'utf8').startsWith('#!/usr/bin/env node\n')) {
  throw new Error(
    'src/main.ts must begin with #!/usr/bin/env node: dist/main.js is the counterfoil command.',
  );
}
chmodSync(join(dist, 'main.js'), 0o755);

const types = join(dist, 'types');
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const tscRun = spawnSync(process.execPath, [tsc, '--project', 'tsconfig.build.json', '--listEmittedFiles'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (tscRun.status !== 0) throw new Error(`tsc found faults:\n${tscRun.stdout}`);
const declarations = new Set(
  Array.from(tscRun.stdout.matchAll(/^TSFILE: (.+)$/gm), ([, path]) => relative(types, path)),
);
for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !declarations.has(relative(types, path))) rmSync(path);
}
