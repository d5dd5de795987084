import { defineConfig } from 'vitest/config';

const BUILT = ['test/behaviour/**/*.test.ts', 'examples/**/*.test.ts'];

export default defineConfig({
  // graphql's `main` names no extension. Node takes index.js; with Vite's own order, the tests would load index.mjs
  // beside it, and each copy would refuse the schema of the other.
  resolve: { extensions: ['.js', '.mjs', '.ts'] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/tally.ts'],
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: { name: 'source', include: ['test/**/*.test.ts'], exclude: ['test/fixtures/**', ...BUILT] },
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
