/** What the three entries of the client export has its types tested. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** Of `export { a, type b } from` and `export function c`. */
function exportsOf(source: string): string[] {
  const lists = [...source.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
    list.split(','),
  );
  const own = [...source.matchAll(/^export (?:async )?(?:function|class|const|type|interface) (\w+)/gm)];
  return [
    ...lists.map((name) => name.trim().replace(/^type /, '')),
    ...own.map(([, name = '']) => name),
  ].filter((name) => name !== '');
}

it.each(['index', 'node', 'react'])(
  'every export of src/client/%s.ts is in test/types/client.test-d.ts',
  (entry) => {
    const tested = read('test/types/client.test-d.ts').replaceAll(/^import \{[^}]*\} from .*$/gm, '');
    const names = exportsOf(read(`src/client/${entry}.ts`));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(tested))).toEqual([]);
  },
);
