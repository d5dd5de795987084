import { defineConfig } from 'vitest/config';

const BUILT = ['test/behaviour/**/*.test.ts', 'examples/**/*.test.{ts,tsx}'];
/** What needs a PostgreSQL server to make databases on. */
const POSTGRES = [
  'test/contract/store/postgres*.test.ts',
  'test/spec/copy/**/*.test.ts',
  'test/spec/lab/population-postgres.test.ts',
];
/**
 * What is promised whatever the store: run on SQLite, and once more on PostgreSQL. On SQLite alone stays what is about
 * its files (write-ahead log, durability, size, two processes on one file, the command line on a file) and what asks no
 * store, or the same of any: unit tests, the matrix of roles, forged access tokens, load, documents, bytes on the wire and
 * in sockets, the library for verifiers.
 */
const ON_BOTH = [
  'test/contract/session/contract.test.ts',
  'test/spec/abuse/guessing.test.ts',
  'test/spec/api/**/*.test.ts',
  'test/spec/authorization/objects.test.ts',
  'test/spec/bad-input.test.ts',
  'test/spec/canary.test.ts',
  'test/spec/dependencies.test.ts',
  'test/spec/feed/**/*.test.ts',
  'test/spec/forged-refresh-tokens.test.ts',
  'test/spec/http/{cookies,oauth,operations}.test.ts',
  'test/spec/logged-events.test.ts',
  'test/spec/models/**/*.test.ts',
  'test/spec/operations/**/*.test.ts',
  'test/spec/push/{elsewhere,event-streams,load}.test.ts',
  'test/spec/rotation/**/*.test.ts',
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
          exclude: ['test/fixtures/**', ...BUILT, ...POSTGRES],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...POSTGRES, ...ON_BOTH],
          env: { COUNTERFOIL_TEST_STORE: 'postgres' },
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
