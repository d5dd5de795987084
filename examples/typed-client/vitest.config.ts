import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The tests start a real server, which makes its database and its keys first.
  test: { testTimeout: 30_000, hookTimeout: 60_000 },
});
