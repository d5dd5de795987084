/** What of `counterfoil/client` reaches a page: nothing of the server, nothing of Node.js, and not much. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

let inputs: string[];
let code: string;
/** Of a page that imports `createClient` and nothing else. */
let least: string;

async function bundled(contents: string) {
  const { clientBundle } = (await import(join(REPOSITORY, 'verify-bundle.mjs'))) as { clientBundle: object };
  const { metafile, outputFiles } = await build({
    ...clientBundle,
    metafile: true,
    entryPoints: [],
    stdin: { contents, resolveDir: join(REPOSITORY, 'src/client'), loader: 'ts' },
    write: false,
    minify: true,
    sourcemap: false,
  });
  return { inputs: Object.keys(metafile.inputs), code: outputFiles[0]?.text ?? '' };
}

beforeAll(async () => {
  const whole = await bundled("export * from './index.js';");
  inputs = whole.inputs.filter((path) => path !== '<stdin>');
  code = whole.code;
  least = (await bundled("export { createClient } from './index.js';")).code;
});

describe('the bundle of the client', () => {
  it('has the client, three files of the system, and nothing else', () => {
    const others = inputs.filter((path) => !path.startsWith('src/client/'));
    expect(others.sort()).toEqual([
      'src/system/chance.ts',
      'src/system/clock.ts',
      'src/system/unguessable.ts',
    ]);
  });

  it('asks for nothing of Node.js', () => {
    expect(code).not.toMatch(/node:|process\.|Buffer\b|require\(/);
  });

  it.each([
    ['whole', () => code, 0],
    ['for createClient alone', () => least, 1],
  ] as const)('is as small as the page says: %s', (_, text, at) => {
    const page = readFileSync(join(REPOSITORY, 'docs/how-to/client.md'), 'utf8');
    const zipped = gzipSync(text(), { level: 9 }).length;
    const stated = [...page.matchAll(/([\d.]+) kB minified, ([\d.]+) kB gzipped/g)][at] ?? [];
    // Rounded up, and not by much.
    for (const [index, bytes] of [text().length, zipped].entries()) {
      const kilobytes = Number(stated[index + 1]);
      expect(kilobytes).toBeGreaterThanOrEqual(bytes / 1000);
      expect(kilobytes).toBeLessThan(1.06 * (bytes / 1000) + 0.1);
    }
  });

  it('leaves out of a page what it does not use', () => {
    expect(code).toContain('renewWithinMs');
    expect(least).not.toContain('renewWithinMs');
  });
});
