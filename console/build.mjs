/**
 * Builds the web console with Vite into a folder of `dist/`, and puts a compressed copy beside each file, so that the
 * server compresses nothing, and the licences of what others wrote of it. Part of `npm run build`.
 */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { licensesOf } from './licenses.mjs';

export async function buildConsole(folder) {
  // Vite believes the environment first, and under a test runner it would ship React's slow half.
  process.env.NODE_ENV = 'production';
  const { output } = await build({
    root: import.meta.dirname,
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: false },
  });
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of [...written]) {
    for (const [suffix, pack] of Object.entries(PACKED)) {
      writeFileSync(join(folder, `${name}${suffix}`), pack(readFileSync(join(folder, name))));
      written.add(`${name}${suffix}`);
    }
  }
  // Not among the files that are served: the server reads the page and `assets/`.
  const modules = output.flatMap((chunk) => Object.keys(chunk.modules ?? {}));
  writeFileSync(join(folder, LICENSES), licensesOf(modules));
  written.add(LICENSES);
  // As in build.mjs: nothing is removed before its successor is there.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(path.slice(folder.length + 1).replaceAll('\\', '/'))) rmSync(path);
  }
}

const LICENSES = 'LICENSES.txt';
const PACKED = {
  '.br': (bytes) =>
    brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  '.gz': (bytes) => gzipSync(bytes, { level: 9 }),
};
