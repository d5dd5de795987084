import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql's `main` names no extension. Node takes index.js; with Vite's own order the tests would load index.mjs beside
  // it, and each copy would refuse the schema of the other.
  resolve: { extensions: ['.js', '.mjs', '.ts'] },
});
