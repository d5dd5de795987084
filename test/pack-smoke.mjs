/**
 * Packs the package and uses it as a stranger would: installs the tarball into an empty project, type-checks a file
 * against it, imports both entries, asks the command for help, and lets it serve once. With `--no-build` it packs dist/
 * as it is.
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = resolve(import.meta.dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'counterfoil-pack-'));

const REQUIRED = [
  'dist/main.js',
  'dist/index.js',
  'dist/testing.js',
  'dist/types/src/index.d.ts',
  'dist/types/src/testing/index.d.ts',
  'dist/verify.js',
  'dist/verify-fastify.js',
  'dist/verify-express.js',
  'dist/verify-apollo.js',
  'dist/types/src/verify/index.d.ts',
  'dist/client.js',
  'dist/client-node.js',
  'dist/client-react.js',
  'dist/console/index.html',
  'dist/console/index.html.br',
  'dist/console/LICENSES.txt',
  'dist/types/src/client/index.d.ts',
  'schema/schema.graphql',
  'schema/operations/login.graphql',
  'schema/migrations/sqlite/meta/_journal.json',
  'docs/how-it-works.md',
  'docs/how-to/operating.md',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
];
const UNWANTED = /^(src|test|examples|seeds|lab|bench|node_modules|data)\/|\.(db|env)$/;

function run(command, args, cwd = project) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function say(what) {
  console.log(`pack: ${what}`);
}

function pack() {
  const [{ filename, files, unpackedSize }] = JSON.parse(
    run('npm', ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', project], root),
  );
  const paths = files.map(({ path }) => path);
  const missing = REQUIRED.filter((path) => !paths.includes(path));
  const unwanted = paths.filter((path) => UNWANTED.test(path));
  if (missing.length > 0) throw new Error(`The tarball lacks ${missing.join(', ')}`);
  if (unwanted.length > 0) throw new Error(`The tarball should not hold ${unwanted.join(', ')}`);
  const licenses = readFileSync(join(root, 'dist/console/LICENSES.txt'), 'utf8');
  const unnamed = ['react', 'react-dom', 'scheduler', 'graphql-ws'].filter(
    (name) => !new RegExp(`^${name} \\d.* \\(MIT\\)$`, 'm').test(licenses),
  );
  if (unnamed.length > 0) throw new Error(`dist/console/LICENSES.txt lacks ${unnamed.join(', ')}`);
  // What the README says is in the repository only.
  const elsewhere = /^(deploy\b|examples\/|CONTRIBUTING\.md)/;
  const links = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
  const dead = links
    .map(([, target]) => target)
    .filter((target) => !elsewhere.test(target))
    .filter((target) => !paths.some((path) => path === target || path.startsWith(`${target}/`)));
  if (dead.length > 0) throw new Error(`The README links to what the tarball lacks: ${dead.join(', ')}`);
  say(`${filename}, ${paths.length} files, ${Math.round(unpackedSize / 1024)} KiB unpacked`);
  return join(project, filename);
}

async function checkManifest(tarball) {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    level: 'warning',
    strict: true,
  });
  const faults = messages.map((message) => formatMessage(message, pkg, { color: false }));
  if (faults.length > 0) throw new Error(`publint: ${faults.join('; ')}`);
  say('package.json leads where it says');
}

/**
 * The type tests, as a stranger's own files. Library declarations are checked, too: a declaration of ours that leads
 * nowhere would make `any` of what it names. Faults in the declarations of others are theirs.
 */
function checkTypes() {
  const tests = join(root, 'test/types');
  const copies = readdirSync(tests).map((name) => name.replace('.test-d.ts', '.ts'));
  for (const name of copies) {
    const source = readFileSync(join(tests, name.replace('.ts', '.test-d.ts')), 'utf8')
      .replaceAll("'../../src/index.js'", "'counterfoil'")
      .replaceAll("'../../src/testing/index.js'", "'counterfoil/testing'")
      .replaceAll("'../../src/verify/index.js'", "'counterfoil/verify'")
      .replaceAll("'../../src/client/index.js'", "'counterfoil/client'")
      .replaceAll(/'\.\.\/\.\.\/src\/client\/(node|react)\.js'/g, "'counterfoil/client/$1'")
      .replaceAll(/'\.\.\/\.\.\/src\/verify\/(fastify|express|apollo)\.js'/g, "'counterfoil/verify/$1'");
    if (/'\.\.?\//.test(source)) throw new Error(`${name} imports what the package does not export`);
    writeFileSync(join(project, name), source);
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext'];
  const types = ['--target', 'es2023', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
  const { stdout } = spawnSync(
    process.execPath,
    [tsc, ...options, ...types, '--pretty', 'false', ...copies],
    {
      cwd: project,
      encoding: 'utf8',
    },
  );
  const faults = stdout
    .split('\n')
    .filter((line) => /^(node_modules\/counterfoil\/|[\w.-]+\.ts\b|error)/.test(line));
  if (faults.length > 0) throw new Error(`Against the tarball, tsc says:\n${faults.join('\n')}`);
  say(`${copies.join(' and ')} hold against its declarations`);
}

function checkImports() {
  const source = `
    const library = await import('counterfoil');
    const testing = await import('counterfoil/testing');
    const { createVerifier } = await import('counterfoil/verify');
    const revocations = { credential: 'cfv_' + 'A'.repeat(71) };
    const verifier = createVerifier({ issuer: 'https://auth.example', audience: 'https://api.example', revocations });
    if (verifier.freshness().feed !== 'idle') throw new Error('a verifier that is not used is not idle');
    verifier.close();
    for (const name of ['fastify', 'express', 'apollo']) {
      const { requireScopes } = await import('counterfoil/verify/' + name);
      if (typeof requireScopes !== 'function') throw new Error('no requireScopes in counterfoil/verify/' + name);
    }
    if (typeof library.createCounterfoil !== 'function') throw new Error('no createCounterfoil');
    if (Object.keys(testing).length === 0) throw new Error('nothing in counterfoil/testing');
    console.log(Object.keys(library).length, 'and', Object.keys(testing).length);
  `;
  writeFileSync(join(project, 'imports.mjs'), source);
  say(`names exported: ${run(process.execPath, ['imports.mjs']).trim()}`);
}

function checkHelp() {
  const help = run('npx', ['--no-install', 'counterfoil', '--help']);
  for (const command of ['serve', 'migrate', 'doctor']) {
    if (!help.includes(command)) throw new Error(`--help does not name ${command}:\n${help}`);
  }
  say('counterfoil --help names its commands');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function checkServe() {
  const port = await freePort();
  const server = spawn(join(project, 'node_modules/.bin/counterfoil'), ['serve'], {
    cwd: project,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    const exited = once(server, 'exit');
    await ready(`http://127.0.0.1:${port}/healthz`, server);
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ serverInfo { __typename } }' }),
    });
    const answer = await response.text();
    if (!response.ok || !answer.includes('"serverInfo"')) throw new Error(`serverInfo: ${answer}`);
    server.kill('SIGTERM');
    const [code] = await exited;
    if (code !== 0) throw new Error(`counterfoil serve ended with ${code} on SIGTERM`);
    say('counterfoil serve answers, and ends cleanly on SIGTERM');
  } finally {
    server.kill('SIGKILL');
  }
}

async function ready(url, server) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`counterfoil serve ended with ${server.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error('counterfoil serve did not become healthy');
}

/**
 * Compiling SQLite takes two minutes, and that it compiles has been seen when the repository was installed: what was made
 * there is taken over, of the very same versions.
 */
function bringBinaries() {
  for (const name of ['better-sqlite3', 'argon2']) {
    const [ours, theirs] = [root, project].map((folder) => join(folder, 'node_modules', name));
    const [version, other] = [ours, theirs].map(
      (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version,
    );
    if (version !== other) throw new Error(`${name} is installed as ${other} and locked as ${version}.`);
    if (existsSync(join(ours, 'build')))
      cpSync(join(ours, 'build'), join(theirs, 'build'), { recursive: true });
  }
}

try {
  if (!process.argv.includes('--no-build')) run(process.execPath, [join(root, 'build.mjs')], root);
  const tarball = pack();
  await checkManifest(tarball);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-progress'];
  run('npm', ['install', '--ignore-scripts', ...quiet, tarball]);
  bringBinaries();
  say('installs into an empty project');
  checkTypes();
  checkImports();
  checkHelp();
  await checkServe();
} finally {
  rmSync(project, { recursive: true, force: true });
}
