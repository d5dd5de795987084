/**
 * The arrow table of the design, written down a second time and held against the arrow check: every forbidden pair of
 * rooms fails under its rule's name, every allowed pair passes, and each fence stands where it should.
 */

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, REPOSITORY, type Sandbox } from '../support/sandbox.js';

interface Rule {
  readonly name: string;
  readonly comment?: string;
  readonly severity?: string;
}
interface Report {
  readonly summary: { readonly violations: readonly Violation[] };
}
interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Where an arrow may start or end. A room of one file is both ends itself. */
const ROOMS = {
  entities: { file: 'src/entities/room.ts', rule: 'room-entities' },
  system: { file: 'src/system/room.ts', rule: 'room-system' },
  config: { file: 'src/config/room.ts', rule: 'room-config' },
  tokens: { file: 'src/tokens/room.ts', rule: 'room-tokens' },
  'verifier credential': { file: 'src/tokens/verifier-credential.ts', rule: 'room-tokens' },
  keys: { file: 'src/keys/room.ts', rule: 'room-keys' },
  passwords: { file: 'src/passwords/room.ts', rule: 'room-passwords' },
  'store ports': { file: 'src/store/ports/room.ts', rule: 'room-store-ports' },
  'store implementation': { file: 'src/store/sqlite/room.ts', rule: 'room-store' },
  revocation: { file: 'src/revocation/room.ts', rule: 'room-revocation' },
  push: { file: 'src/push/room.ts', rule: 'room-push' },
  'session contract': { file: 'src/session/contract.ts', rule: 'room-session' },
  session: { file: 'src/session/room.ts', rule: 'room-session' },
  account: { file: 'src/account/room.ts', rule: 'room-account' },
  graphql: { file: 'src/graphql/room.ts', rule: 'room-graphql' },
  http: { file: 'src/http/room.ts', rule: 'room-http' },
  verify: { file: 'src/verify/room.ts', rule: 'room-verify' },
  client: { file: 'src/client/room.ts', rule: 'room-client' },
  'reading of tokens': { file: 'src/tokens/verify-access-token.ts', rule: 'room-tokens' },
  'feed format': { file: 'src/revocation/feed-events.ts', rule: 'room-revocation' },
  'system clock': { file: 'src/system/clock.ts', rule: 'room-system' },
  testing: { file: 'src/testing/room.ts', rule: 'room-testing' },
  cli: { file: 'src/cli/room.ts', rule: 'room-cli' },
  app: { file: 'src/app.ts', rule: 'room-app' },
  database: { file: 'src/database.ts', rule: 'room-database' },
  main: { file: 'src/main.ts', rule: 'room-main' },
  index: { file: 'src/index.ts', rule: 'room-index' },
  schema: { file: 'schema/sqlite.ts', rule: 'room-schema' },
  seeds: { file: 'seeds/room.ts', rule: 'room-seeds' },
  'session guarantees': { file: 'src/session/guarantees.ts', rule: 'room-session' },
  'lab harness': { file: 'lab/harness/room.ts', rule: 'room-lab-harness' },
  'lab experiments': { file: 'lab/experiments/room.ts', rule: 'room-lab-experiments' },
  'lab readings': { file: 'lab/readings/room.ts', rule: 'room-lab-readings' },
  'lab report': { file: 'lab/report/room.ts', rule: 'room-lab-report' },
  'lab simulation': { file: 'lab/simulation/room.ts', rule: 'room-lab-simulation' },
  lab: { file: 'lab/main.ts', rule: 'room-lab' },
  bench: { file: 'bench/main.ts', rule: 'room-bench' },
} as const;
type Room = keyof typeof ROOMS;
const ALL = Object.keys(ROOMS) as Room[];
const MEASURING: readonly Room[] = [
  'lab harness',
  'lab experiments',
  'lab readings',
  'lab report',
  'lab simulation',
  'lab',
  'bench',
];
/** All that a user gets or that makes what a user gets. */
const SHIPPED = ALL.filter((room) => !MEASURING.includes(room));
const SERVER = SHIPPED.filter((room) => room !== 'seeds');

/** Files that may be imported by whom the rest of their room is closed to; to all others they are a part of it. */
const ALONE = {
  'reading of tokens': 'tokens',
  'feed format': 'revocation',
  'system clock': 'system',
} as const satisfies Partial<Record<Room, Room>>;
type Alone = keyof typeof ALONE;
const isAlone = (room: Room): room is Alone => room in ALONE;

const ROWS: Readonly<Record<Exclude<Room, Alone>, readonly Room[]>> = {
  entities: [],
  system: [],
  config: ['entities', 'system'],
  tokens: ['verifier credential', 'entities', 'system'],
  'verifier credential': ['tokens', 'entities', 'system'],
  keys: ['entities', 'system'],
  passwords: ['entities', 'system'],
  'store ports': ['entities'],
  'store implementation': ['store ports', 'entities', 'schema'],
  revocation: ['tokens', 'verifier credential', 'keys', 'store ports', 'entities', 'system'],
  push: ['session contract', 'session guarantees', 'store ports', 'entities', 'system'],
  'session contract': [
    'session guarantees',
    'session',
    'tokens',
    'verifier credential',
    'keys',
    'store ports',
    'entities',
    'system',
  ],
  session: [
    'session contract',
    'session guarantees',
    'tokens',
    'verifier credential',
    'keys',
    'store ports',
    'entities',
    'system',
  ],
  account: [
    'session contract',
    'session guarantees',
    'revocation',
    'passwords',
    'verifier credential',
    'keys',
    'store ports',
    'entities',
    'system',
  ],
  graphql: ['account', 'session contract', 'session guarantees', 'entities'],
  http: [
    'graphql',
    'push',
    'revocation',
    'keys',
    'session contract',
    'session guarantees',
    'entities',
    'system',
  ],
  verify: ['reading of tokens', 'feed format', 'entities', 'system clock'],
  client: ['system clock'],
  testing: [
    'app',
    'graphql',
    'account',
    'session contract',
    'session guarantees',
    'config',
    'entities',
    'system',
  ],
  cli: ['app', 'database', 'seeds', 'account', 'config', 'entities', 'system'],
  app: SHIPPED.filter(
    (room) =>
      !['app', 'main', 'index', 'cli', 'testing', 'verify', 'client', 'schema', 'seeds'].includes(room),
  ),
  database: ['store ports', 'store implementation', 'config', 'entities', 'system'],
  main: ['app', 'cli', 'config', 'system'],
  index: [
    'app',
    'graphql',
    'account',
    'session contract',
    'session guarantees',
    'config',
    'entities',
    'system',
  ],
  schema: [],
  seeds: ['app', 'account', 'config', 'entities', 'system'],
  'session guarantees': [
    'session contract',
    'session',
    'tokens',
    'verifier credential',
    'keys',
    'store ports',
    'entities',
    'system',
  ],
  'lab harness': SERVER,
  'lab experiments': ['lab harness', ...SERVER],
  'lab readings': ['lab harness'],
  'lab report': ['lab harness', 'lab readings', 'session guarantees'],
  'lab simulation': ['lab harness', 'feed format'],
  lab: ['lab harness', 'lab experiments', 'lab readings', 'lab report', 'lab simulation', ...SERVER],
  bench: ['lab harness', ...SERVER],
};

/** What the rows say, with the files that stand alone beside their rooms. */
function mayImport(from: Room): readonly Room[] {
  const home = isAlone(from) ? ALONE[from] : from;
  const rooms = new Set<Room>([home, ...(isAlone(home) ? [] : ROWS[home])]);
  const alone = (Object.keys(ALONE) as Alone[]).filter((room) => rooms.has(ALONE[room]));
  return [...new Set([...rooms, ...alone])].filter((room) => room !== from);
}

/** Where each fenced library may be named; everywhere else its rule must fail. */
const FENCES: Readonly<Record<string, { readonly rule: string; readonly only: readonly Room[] }>> = {
  'drizzle-orm': { rule: 'library-drizzle', only: ['store implementation', 'schema'] },
  'better-sqlite3': { rule: 'library-drizzle', only: ['store implementation', 'schema'] },
  jose: { rule: 'library-jose', only: ['keys'] },
  argon2: { rule: 'library-argon2', only: ['passwords'] },
  'type-graphql': { rule: 'library-type-graphql', only: ['graphql', 'index'] },
  '@apollo/server': { rule: 'library-apollo', only: ['graphql', 'http'] },
  fastify: { rule: 'library-fastify', only: ['http', 'app'] },
  ws: { rule: 'library-websocket', only: ['http'] },
  'graphql-ws': { rule: 'library-websocket', only: ['http'] },
  helmet: { rule: 'library-fastify', only: ['http', 'app'] },
  'rate-limiter-flexible': { rule: 'library-limiter', only: ['store implementation'] },
};

const require = createRequire(import.meta.url);
const { forbidden } = require(join(REPOSITORY, '.dependency-cruiser.cjs')) as { forbidden: Rule[] };

const specifier = (from: string, to: string) => {
  const path = posix.relative(posix.dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
};

let sandbox: Sandbox;
let violations: readonly Violation[];
const cruise = (outputType: 'err' | 'json', folders = ['src', 'schema', 'seeds', 'lab', 'bench']) =>
  sandbox.run('dependency-cruiser/bin/dependency-cruise.mjs', [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    outputType,
    ...folders,
  ]);
const found = (rule: string, from: string, to?: string) =>
  violations.some(
    (each) => each.rule.name === rule && each.from === from && (to === undefined || each.to === to),
  );

beforeAll(async () => {
  sandbox = await createSandbox(['.dependency-cruiser.cjs', 'package.json']);
  for (const from of ALL) {
    const { file } = ROOMS[from];
    const arrows = ALL.filter((to) => to !== from).map(
      (to) => `import type * as to${ALL.indexOf(to)} from '${specifier(file, ROOMS[to].file)}';`,
    );
    const libraries = Object.keys(FENCES).map((name) => `import '${name}';`);
    await sandbox.write({ [file]: [...arrows, ...libraries, 'export type Here = 1;', ''].join('\n') });
  }
  await sandbox.write({
    'src/session/models.ts': `export * from '../account/outcome.js';\n`,
    'src/session/lazy.ts': `export const load = () => import('../account/outcome.js');\n`,
    'src/session/named.ts': `export { outcome } from '../account/outcome.js';\n`,
    'src/account/outcome.ts': 'export const outcome = 1;\n',
    'src/entities/first.ts': `import { second } from './second.js';\nexport const first = () => second;\n`,
    'src/entities/second.ts': `import { first } from './first.js';\nexport const second = () => first;\n`,
    'src/entities/forgotten.ts': 'export const forgotten = 1;\n',
    'src/drawer/anything.ts': `import '../entities/first.js';\n`,
    'src/http/tool.ts': `import 'fast-check';\n`,
    'src/http/stray.ts': `import 'tslib';\n`,
    'src/http/nowhere.ts': `import './missing.js';\n`,
    'src/http/tested.ts': `import '../../test/support/thing.js';\n`,
    'src/http/measured.ts': `import '../../lab/harness/thing.js';\n`,
    'lab/harness/thing.ts': 'export const thing = 1;\n',
    'test/support/thing.ts': 'export const thing = 1;\n',
    'src/graphql/decorated.ts': [
      `import { Arg, Query, Resolver } from 'type-graphql';`,
      `import type { Room } from '../http/room.js';`,
      '@Resolver()',
      'export class Decorated {',
      '  @Query(() => String)',
      `  echo(@Arg('room', () => String) room: Room): string { return room satisfies string; }`,
      '}',
      '',
    ].join('\n'),
  });
  violations = (JSON.parse((await cruise('json')).stdout) as Report).summary.violations;
});

afterAll(() => sandbox.remove());

describe('arrows between rooms', () => {
  for (const from of ALL) {
    const others = ALL.filter((to) => to !== from);
    it(`${from} may import ${mayImport(from).join(', ') || 'nothing'}, and nothing else, not even a type`, () => {
      const { file, rule } = ROOMS[from];
      const passed = others.filter((to) => !found(rule, file, ROOMS[to].file));
      expect(passed.sort()).toEqual([...mayImport(from)].sort());
    });
  }

  it.each(['models', 'lazy', 'named'])(
    'no spelling of an import hides an arrow: src/session/%s.ts',
    (name) => {
      expect(found('room-session', `src/session/${name}.ts`, 'src/account/outcome.ts')).toBe(true);
    },
  );

  it('an arrow in a file with parameter decorators is seen', () => {
    expect(found('room-graphql', 'src/graphql/decorated.ts', 'src/http/room.ts')).toBe(true);
  });

  it('every folder of src/ has a row', () => {
    const rows = forbidden.map(({ name }) => name);
    const folders = readdirSync(join(REPOSITORY, 'src'), { withFileTypes: true });
    const missing = folders.filter((each) => each.isDirectory() && !rows.includes(`room-${each.name}`));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe('library fences', () => {
  for (const [name, { rule, only }] of Object.entries(FENCES)) {
    it(`${name} is named only in ${only.join(' and ')}`, () => {
      const open = SHIPPED.filter((room) => {
        const { file } = ROOMS[room];
        return !violations.some(
          (each) =>
            each.rule.name === rule && each.from === file && each.to.includes(`node_modules/${name}/`),
        );
      });
      expect(open.sort()).toEqual([...only].sort());
    });
  }
});

describe('shape of the tree', () => {
  it.each([
    ['no-file-cycles', 'src/entities/first.ts'],
    ['no-folder-cycles', 'src/session'],
    ['no-orphans', 'src/entities/forgotten.ts'],
    ['known-rooms', 'src/drawer/anything.ts'],
    ['not-to-dev-dependency', 'src/http/tool.ts'],
    ['declared-dependencies', 'src/http/stray.ts'],
    ['resolvable', 'src/http/nowhere.ts'],
    ['nothing-imports-tests', 'src/http/tested.ts'],
    ['nothing-imports-measurements', 'src/http/measured.ts'],
  ])('%s fails on %s', (rule, file) => {
    expect(found(rule, file)).toBe(true);
  });

  it('a forbidden import makes the check exit with a failure that names the rule; a clean tree passes', async () => {
    const failing = await cruise('err', ['src/passwords']);
    expect(failing.exitCode).not.toBe(0);
    expect(failing.stdout).toContain('room-passwords: src/passwords/room.ts → src/http/room.ts');
    const clean = await cruise('err', ['test/support']);
    expect(clean).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('no dependency violations') });
  });

  it('every rule is an error and says why', () => {
    const silent = forbidden.filter(
      ({ comment, severity }) => severity !== 'error' || (comment ?? '').length < 40,
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
