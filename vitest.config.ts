import { defineConfig } from 'vitest/config';

const BUILT = ['test/behaviour/**/*.test.ts', 'examples/**/*.test.{ts,tsx}'];
/** What puts something else in a library's place, for which its file has to load everything anew. */
const REPLACING = ['test/spec/abuse/load.test.ts', 'test/unit/passwords/hasher.test.ts'];
/** What needs a PostgreSQL server to make databases on. */
const POSTGRES = [
  'test/contract/store/postgres*.test.ts',
  'test/spec/copy/**/*.test.ts',
  'test/spec/lab/population-postgres.test.ts',
];
/**
 * What hangs on how a store behaves: run on SQLite, and once more on PostgreSQL, besides the contract suite of stores.
 * Everything else would find there what it finds on SQLite; COUNTERFOIL_TEST_STORE=postgres runs it on PostgreSQL all the
 * same, where a test is named on the command line.
 */
const ON_BOTH = [
  'test/contract/session/contract.test.ts',
  'test/spec/api/{endings,in-flight,nul,outage,survivor}.test.ts',
  'test/spec/canary.test.ts',
  'test/spec/feed/following.test.ts',
  'test/spec/forged-refresh-tokens.test.ts',
  'test/spec/http/{oauth,operations}.test.ts',
  'test/spec/models/**/*.test.ts',
  'test/spec/push/elsewhere.test.ts',
  'test/spec/rotation/concurrency.test.ts',
  // Schedules by the thousand: a minute on this store.
  ...(process.env['COUNTERFOIL_LONG_TESTS'] ? ['test/spec/rotation/rotation.test.ts'] : []),
  'test/spec/stale-node.test.ts',
];

export default defineConfig({
  // graphql's `main` names no extension. Node takes index.js; with Vite's own order, the tests would load index.mjs
  // beside it, and each copy would refuse the schema of the other.
  resolve: { extensions: ['.js', '.mjs', '.ts'] },
  test: {
    pool: 'forks',
    // More than the cores of a small machine: much of a test's time is waiting.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/tally.ts'],
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['test/**/*.test.ts'],
          exclude: ['test/fixtures/**', ...BUILT, ...POSTGRES, ...REPLACING],
          // To load the server anew for each file would be a sixth of all work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'replacing', include: REPLACING },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...POSTGRES, ...ON_BOTH],
          env: { COUNTERFOIL_TEST_STORE: 'postgres' },
          isolate: false,
          globalSetup: ['./test/support/postgres.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: BUILT,
          exclude: ['**/node_modules/**'],
          globalSetup: ['./test/support/build.ts'],
        },
      },
    ],
  },
});
