/** What of `counterfoil/client` reaches a page: nothing of the server, nothing of Node.js, and not much. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

let inputs: string[];
let code: string;

beforeAll(async () => {
  const { clientBundle } = (await import(join(REPOSITORY, 'verify-bundle.mjs'))) as { clientBundle: object };
  const { metafile, outputFiles } = await build({
    ...clientBundle,
    metafile: true,
    entryPoints: ['src/client/index.ts'],
    write: false,
    minify: true,
    sourcemap: false,
  });
  inputs = Object.keys(metafile.inputs);
  code = outputFiles[0]?.text ?? '';
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

  it('is as small as the page says', () => {
    const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
    const page = readFileSync('docs/how-to/client.md', 'utf8');
    const zipped = gzipSync(code, { level: 9 }).length;
    expect(page).toContain(`${kilobytes(code.length)} minified, ${kilobytes(zipped)} gzipped`);
  });
});
