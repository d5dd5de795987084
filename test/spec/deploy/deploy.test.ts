/**
 * What is in deploy/, as far as it can be read without an engine: variables and files that exist, settings that a server
 * would take, and figures in several files that must agree. That a container or a unit runs is not shown here.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment, VARIABLE_NAMES } from '../../../src/config/environment.js';
import { PUSH_LIMITS } from '../../../src/http/push-limits.js';
import { REPOSITORY } from '../../support/sandbox.js';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { ipv4_address?: string } | null>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const DEPLOY = join(REPOSITORY, 'deploy');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

const files = readdirSync(DEPLOY, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('/secrets'))
  .map((entry) => join(entry.parentPath, entry.name));
const compose = parse(read('deploy/compose/compose.yaml'), { merge: true }) as Compose;
const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`compose.yaml has no service ${name}`);
  return found;
};
const addressOf = (name: string) => {
  const networks = service(name).networks as Readonly<Record<string, { ipv4_address?: string } | null>>;
  return networks['front']?.ipv4_address;
};
/** How long requests under way get after SIGTERM; seconds. */
const drainSeconds =
  Number(/LAST_REQUESTS_MS = ([\d_]+)/.exec(read('src/cli/serve.ts'))?.[1]?.replace('_', '')) / 1000;

/** compose.yaml's folder somewhere else, with the secrets that the script makes. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterfoil-deploy-'));
  cpSync(join(DEPLOY, 'compose'), folder, { recursive: true });
  execFileSync('sh', [join(folder, 'make-secrets.sh'), 'auth.example.com'], { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');

/** The environment of a container with its variables, the secrets being where they were made. */
function environmentOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]) => [
    name,
    value
      .replace('/run/secrets', join(folder, 'secrets'))
      .replace(/\$\{\w+:-([^}]*)\}/, (_all, fallback) => fallback),
  ]);
  return { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '4000', ...Object.fromEntries(entries) };
}

describe('every file', () => {
  it.each(files)('%s names only variables that there are', (file) => {
    const named = [...readFileSync(file, 'utf8').matchAll(/\bCOUNTERFOIL_[A-Z0-9_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  it.each(['node-1', 'node-2'])('starts %s with settings that it takes', (name) => {
    const outcome = readEnvironment(environmentOf(service(name).environment ?? {}));
    if (outcome.kind === 'bad') throw new Error(JSON.stringify(outcome.problems));
    expect(outcome.warnings).toEqual([]);
    const { config } = outcome;
    expect(config.database).toMatchObject({ kind: 'postgres', poolSize: 10 });
    expect(config.operator?.password).toMatch(/^[0-9a-f]{24}$/);
    expect(config.http.trustedProxies).toEqual([addressOf('proxy')]);
  });

  it('gives both nodes the same settings, and the same master key', () => {
    expect(service('node-1').environment).toEqual(service('node-2').environment);
    expect(service('node-1').secrets).toEqual(service('node-2').secrets);
    expect(secret('master-key')).toMatch(/^[\w+/]{43}=\n$/);
  });

  it('names the password of the database role in the URL as the role gets it', () => {
    const url = new URL(secret('database-url'));
    expect(url.password).toBe(secret('database-password').trim());
    expect(`${url.protocol}//${url.username}@${url.host}${url.pathname}`).toBe(
      'postgres://counterfoil@postgres:5432/counterfoil',
    );
    expect(read('deploy/compose/make-database.sh')).toContain(
      `create database ${url.pathname.slice(1)} owner ${url.username};`,
    );
  });

  it('refers to secrets, networks, services and files that there are', () => {
    const { services, networks, secrets } = compose;
    for (const [name, { depends_on = {}, volumes = [], ...rest }] of Object.entries(services)) {
      expect(
        (rest.secrets ?? []).filter((one) => !(one in secrets)),
        name,
      ).toEqual([]);
      const joined = Array.isArray(rest.networks) ? rest.networks : Object.keys(rest.networks ?? {});
      expect(
        joined.filter((one) => !(one in networks)),
        name,
      ).toEqual([]);
      expect(
        Object.keys(depends_on).filter((one) => !(one in services)),
        name,
      ).toEqual([]);
      const mounted = volumes
        .filter((one) => one.startsWith('.'))
        .map((one) => join(DEPLOY, 'compose', one.split(':')[0] ?? ''));
      expect(
        mounted.filter((path) => !existsSync(path)),
        name,
      ).toEqual([]);
    }
    for (const { file } of Object.values(secrets)) expect(existsSync(join(folder, file)), file).toBe(true);
  });

  it('lets secrets that were made stay as they are', () => {
    const before = Object.keys(compose.secrets).map(secret);
    execFileSync('sh', [join(folder, 'make-secrets.sh'), 'auth.example.com'], { stdio: 'ignore' });
    expect(Object.keys(compose.secrets).map(secret)).toEqual(before);
  });

  it('kills no node while its last requests are answered', () => {
    expect(drainSeconds).toBeGreaterThan(0);
    for (const name of ['node-1', 'node-2']) {
      expect(Number.parseInt(service(name).stop_grace_period ?? '', 10)).toBeGreaterThan(drainSeconds);
    }
  });
});

describe('the units of systemd', () => {
  const units = ['counterfoil.service', 'counterfoil@.service'];
  const unit = (name: string) => read(`deploy/systemd/${name}`);

  it.each(units)('%s waits for the last requests, and leaves V8 its machine code', (name) => {
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit(name))?.[1])).toBeGreaterThan(drainSeconds);
    expect(unit(name)).toContain('MemoryDenyWriteExecute=no');
  });

  it('restrict the one exactly as the other', () => {
    const restrictions = (name: string) => /^# What it may not do[\s\S]*?(?=^# V8)/m.exec(unit(name))?.[0];
    expect(restrictions('counterfoil.service')).toMatch(/NoNewPrivileges=yes[\s\S]*ProtectSystem=strict/);
    expect(restrictions('counterfoil@.service')).toBe(restrictions('counterfoil.service'));
  });

  it.each(units)('%s hands over every secret that it names', (name) => {
    const named = [...unit(name).matchAll(/=%d\/([a-z-]+)$/gm)].map(([, credential]) => credential);
    const loaded = [...unit(name).matchAll(/LoadCredential=([a-z-]+):/g)].map(([, credential]) => credential);
    expect(named.sort()).toEqual(loaded.sort());
  });
});

describe('nginx', () => {
  const configuration = read('deploy/nginx/counterfoil.conf');
  const nodes = [...configuration.matchAll(/^ {2}server ([\w-]+):4000 /gm)].map(([, name]) => name ?? '');

  it('passes requests on to the nodes of compose.yaml', () => {
    expect(nodes).toEqual(Object.keys(compose.services).filter((name) => name.startsWith('node-')));
  });

  it('lets WebSockets through, and holds back nothing of what clients listen to', () => {
    expect(configuration).toMatch(/map \$http_upgrade \$counterfoil_connection \{[^}]*websocket upgrade;/);
    expect(configuration).toMatch(/proxy_set_header Upgrade +\$http_upgrade;/);
    expect(configuration).toMatch(/proxy_set_header Connection +\$counterfoil_connection;/);
    const locations = [...configuration.matchAll(/location ([^{]+) \{([^}]*)\}/g)];
    const [, , graphql = ''] = locations.find(([, path]) => path === '= /graphql') ?? [];
    expect(graphql).toContain('proxy_buffering    off;');
    for (const direction of ['read', 'send']) {
      const [, seconds] = new RegExp(`proxy_${direction}_timeout (\\d+)s;`).exec(graphql) ?? [];
      expect(Number(seconds) * 1_000).toBeGreaterThan(2 * PUSH_LIMITS.heartbeatMs);
    }
    // A header that a location sets would take the place of all that it inherits.
    expect(locations.filter(([, , body]) => body?.includes('proxy_set_header'))).toEqual([]);
  });

  const present = spawnSync('nginx', ['-v']).status === 0;
  it.skipIf(!present)('takes the configuration (skipped where nginx is missing)', () => {
    const here = nodes
      .reduce((text, name) => text.replace(`${name}:4000`, '127.0.0.1:4000'), configuration)
      .replaceAll('/run/secrets', join(folder, 'secrets'));
    writeFileSync(join(folder, 'counterfoil.conf'), here);
    const main = `pid ${folder}/pid; error_log stderr; events {} http { access_log off; include ${folder}/counterfoil.conf; }`;
    writeFileSync(join(folder, 'nginx.conf'), main);
    const { status, stderr } = spawnSync('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')]);
    expect(status, String(stderr)).toBe(0);
  });
});

describe('the Dockerfile', () => {
  const lines = read('deploy/Dockerfile').split('\n');

  it('is on a version of Node.js that the package allows', () => {
    const [, major = '', minor = ''] = /^ARG NODE=(\d+)\.(\d+)$/m.exec(lines.join('\n')) ?? [];
    const engine = (JSON.parse(read('package.json')) as { engines: { node: string } }).engines.node;
    const [, least = '', leastMinor = ''] = /^>=(\d+)\.(\d+)/.exec(engine) ?? [];
    expect(Number(major) * 1000 + Number(minor)).toBeGreaterThanOrEqual(
      Number(least) * 1000 + Number(leastMinor),
    );
  });

  it('copies files that there are, and that .dockerignore lets in', () => {
    const letIn = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
      .filter((path) => path !== '.');
    expect(copied.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
    const matches = (path: string) =>
      letIn.some((one) => one === path || one.replace('*', dirname(path).split('/')[1] ?? '') === path);
    expect(copied.filter((path) => !matches(path))).toEqual([]);
    const imported = [...read('build.mjs').matchAll(/from '\.\/([\w-]+\.mjs)'/g)].map(
      ([, name = '']) => name,
    );
    const needed = [
      ...imported,
      'build.mjs',
      'tsconfig.json',
      'tsconfig.build.json',
      'src',
      'schema',
      'seeds',
    ];
    expect(needed.filter((path) => !letIn.includes(path))).toEqual([]);
  });

  it('runs as a user without rights', () => {
    const [last] = lines.filter((line) => line.startsWith('USER ')).slice(-1);
    expect(last).toBe('USER counterfoil');
  });
});

describe('what docs/operations.md would have watched', () => {
  const page = read('docs/operations.md');
  const alerts = /^## What to alert on$[\s\S]*?(?=^## )/m.exec(page)?.[0] ?? '';

  it('is measured', () => {
    const measured = read('src/http/metrics.ts');
    const named = [...alerts.matchAll(/counterfoil_[a-z0-9_]+/g)].map(([name]) =>
      name.replace(/_count$/, ''),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !measured.includes(`'${name}'`))).toEqual([]);
  });

  it('is logged', () => {
    const logged = read('docs/how-to/logging.md');
    const events = alerts
      .slice(alerts.indexOf('| event in the log |'))
      .split('\n')
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z.-]+)`/g)].map(([, name]) => name));
    expect(events.length).toBeGreaterThan(5);
    expect(events.filter((name) => !logged.includes(`\`${name}\``))).toEqual([]);
  });
});
