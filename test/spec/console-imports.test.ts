/**
 * The row of the console in the arrow table: what it may import of the rest. The linter checks it, since the arrow check
 * reads no TSX; this proves that it bites.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../support/sandbox.js';

interface Finding {
  readonly category: string;
  readonly location: { readonly path: string };
}

const MAY = [
  '../../../src/client/index.js',
  '../../../src/client/react.js',
  '../../../src/session/judge.js',
  '../../../src/session/guarantees.js',
  '../../../src/entities/session.js',
  '../kit/button.js',
  'react',
];
const MAY_NOT = [
  ...['account/login', 'config/config', 'graphql/schema', 'http/console', 'keys/ring', 'session/hybrid'],
  ...['store/ports/sessions', 'store/sqlite/sessions', 'system/log', 'tokens/access-token', 'app', 'index'],
]
  .map((room) => `../../../src/${room}.js`)
  .concat(
    '../../../schema/sqlite.js',
    '../../../test/support/api.js',
    '../../../lab/harness/server.js',
    'node:fs',
  );

const file = (index: number) => `console/src/pages/page-${index}.tsx`;
let sandbox: Sandbox;
let findings: readonly Finding[];

beforeAll(async () => {
  sandbox = await createSandbox(['biome.json', 'lint', 'package.json']);
  for (const [index, specifier] of [...MAY, ...MAY_NOT].entries())
    await sandbox.write({
      [file(index)]: `import type { Thing } from '${specifier}';\nexport type Same = Thing;\n`,
    });
  const run = await sandbox.run('@biomejs/biome/bin/biome', [
    'lint',
    '--reporter=json',
    '--max-diagnostics=none',
  ]);
  findings = (JSON.parse(run.stdout) as { diagnostics: Finding[] }).diagnostics;
});
afterAll(() => sandbox.remove());

const refused = (index: number) =>
  findings.some(
    ({ category, location }) =>
      location.path === file(index) && /noRestrictedImports|noNodejsModules/.test(category),
  );

describe('a page of the console', () => {
  it.each([...MAY.entries()])('%i: may import %s', (index) => {
    expect(refused(index)).toBe(false);
  });

  it.each([...MAY_NOT.entries()])('%i: may not import %s, not even a type', (index) => {
    expect(refused(MAY.length + index)).toBe(true);
  });
});
