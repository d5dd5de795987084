/**
 * The fences around ambient time, randomness and environment: each refuses what it names, says why, and leaves alone
 * the three places where those may be taken from the air.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Run, type Sandbox } from '../support/sandbox.js';

interface Finding {
  readonly category: string;
  readonly severity: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** One line of code per case; what a fence lets through is listed as well. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  time: [
    'export const a = Date.now();',
    'export const a = [0].map(Date.now);',
    'export const a = new Date();',
    'export const a = Date();',
    'export const a = performance.now();',
    'export const a = globalThis.Date;',
    'export const { now } = Date;',
    'export const a = process.hrtime.bigint();',
    `import { performance } from 'node:perf_hooks';\nexport const a = performance;`,
  ],
  randomness: [
    'export const a = Math.random();',
    'export const a = crypto.randomUUID();',
    'export const a = crypto.getRandomValues(new Uint8Array(4));',
    `import { createHash, randomBytes } from 'node:crypto';\nexport const a = [createHash, randomBytes];`,
  ],
  environment: [
    `export const a = process.env['HOME'];`,
    'export const a = Object.keys(process.env);',
    'export const { env } = process;',
    `import { env } from 'node:process';\nexport const a = env;`,
  ],
};
const REASON: Readonly<Record<string, RegExp>> = {
  time: /^Ambient time.*Take a Clock from src\/system instead: .{40}/,
  randomness: /^Ambient randomness.*Take a Randomness from src\/system instead: .{40}/,
  environment: /^Ambient environment.*Read it in src\/config instead: .{40}/,
};
const ALLOWED = [
  'export const a = new Date(5).toISOString();',
  'export const a = (clock: { now(): number }) => clock.now();',
  'export const a = Date.parse("2026-01-01T00:00:00Z");',
  'export const a = Math.max(1, 2);',
  `import { createHash, timingSafeEqual } from 'node:crypto';\nexport const a = [createHash, timingSafeEqual];`,
  'export const a = process.pid;',
];

const cases = Object.entries(REFUSED).flatMap(([fence, lines]) =>
  lines.map((code, index) => ({ fence, code, path: `src/session/${fence}-${index}.ts` })),
);
const everything = Object.values(REFUSED)
  .flat()
  .map((code, index) => `{\n${code.replace(/^import .*\n/, '').replace('export ', '')}\n}\n// ${index}`)
  .join('\n');
const EXEMPT = [
  'src/system/clock.ts',
  'src/config/read.ts',
  'src/main.ts',
  'test/unit/some.test.ts',
  'examples/server.ts',
  'build.mjs',
];
const FENCED = ['src/app.ts', 'src/index.ts', 'src/cli/serve.ts', 'src/http/server.ts', 'seeds/users.ts'];

let sandbox: Sandbox;
let run: Run;
let findings: readonly Finding[];
const fenced = (path: string) =>
  findings.filter((each) => each.category === 'plugin' && each.location.path === path);

beforeAll(async () => {
  sandbox = await createSandbox(['biome.json', 'lint', 'package.json']);
  for (const { path, code } of cases) await sandbox.write({ [path]: `${code}\n` });
  for (const [index, code] of ALLOWED.entries()) {
    await sandbox.write({ [`src/session/allowed-${index}.ts`]: `${code}\n` });
  }
  for (const path of [...EXEMPT, ...FENCED]) await sandbox.write({ [path]: `${everything}\n` });
  run = await sandbox.run('@biomejs/biome/bin/biome', ['lint', '--reporter=json', '--max-diagnostics=none']);
  findings = (JSON.parse(run.stdout) as { diagnostics: Finding[] }).diagnostics;
});

afterAll(() => sandbox.remove());

describe('fences around ambient state', () => {
  it.each(cases)('$fence: refused with its reason: $code', ({ fence, path }) => {
    const [finding] = fenced(path);
    expect(finding).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(REASON[fence] as RegExp),
    });
  });

  it.each([...ALLOWED.entries()])('let through: %i %s', (index) => {
    expect(fenced(`src/session/allowed-${index}.ts`)).toEqual([]);
  });

  it.each(EXEMPT)('%s may take them from the air', (path) => {
    expect(fenced(path)).toEqual([]);
  });

  it.each(FENCED)('%s may not', (path) => {
    expect(fenced(path).length).toBeGreaterThanOrEqual(10);
  });

  it('any of this makes the lint exit with a failure', () => {
    expect(run.exitCode).not.toBe(0);
  });
});
