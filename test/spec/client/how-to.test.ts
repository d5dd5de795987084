/** The page on the client shows the code of the examples, word for word, and every adapter that there is. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

const EXAMPLES = 'examples/clients/src';
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

const blocks = [
  ...read('docs/how-to/client.md').matchAll(/^```tsx?\n\/\/ (examples\/\S+)\n([\s\S]*?)^```$/gm),
].map(([, path = '', code = '']) => ({ path, code }));

describe('docs/how-to/client.md', () => {
  it.each(blocks)('shows what $path has', ({ path, code }) => {
    expect(read(path)).toContain(code);
  });

  it('shows every adapter', () => {
    const shown = new Set(blocks.map(({ path }) => path));
    const adapters = readdirSync(join(REPOSITORY, EXAMPLES)).filter((name) => name !== 'main.ts');
    expect([...shown].sort()).toEqual(adapters.map((name) => `${EXAMPLES}/${name}`).sort());
  });
});
