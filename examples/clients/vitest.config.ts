import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql's `main` names no extension: without this, a library that imports and one that requires load two copies.
  resolve: { extensions: ['.js', '.mjs', '.ts', '.tsx'] },
  // The tests start a real server, which makes its database and its keys first.
  test: { testTimeout: 30_000, hookTimeout: 60_000 },
});
