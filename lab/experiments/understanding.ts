/**
 * How much there is to understand: lines of code that make each model work, and the page that explains them. The code is
 * bundled from the model and from what is handed to it, so that only what is really used counts. Nothing here takes
 * time or chance, so once is enough: a second in either mode.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Experiment, Step } from '../harness/experiment.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { REPOSITORY } from '../harness/server.js';

const PAGE = 'docs/how-it-works.md';

/** The model, and whatever in the server has no other purpose than to be handed to it. */
const CODE: Readonly<Record<Model, readonly string[]>> = {
  stateful: [`export { statefulModel } from './src/session/stateful.js'`],
  stateless: [
    `export { statelessModel } from './src/session/stateless.js'`,
    `export { KeyRing } from './src/keys/ring.js'`,
    `export * from './src/keys/plan.js'`,
  ],
  hybrid: [
    `export { hybridModel } from './src/session/hybrid.js'`,
    `export { KeyRing } from './src/keys/ring.js'`,
    `export * from './src/keys/plan.js'`,
    `export { RevocationFilter } from './src/revocation/filter.js'`,
    `export { RevocationTail } from './src/revocation/tail.js'`,
  ],
};

export const experiment: Experiment = {
  name: 'understanding',
  title: 'How much there is to understand',
  steps: (): readonly Step[] => [
    { id: 'code', label: 'the code of each model', run: countCode },
    { id: 'page', label: 'the page that explains them', run: countPage },
  ],
};

async function countCode(): Promise<Observation[]> {
  const counts = await Promise.all(MODELS.map((model) => linesOf(CODE[model])));
  return MODELS.map((model, index) => figure('code', 'lines', counts[index] ?? Number.NaN, model));
}

/** Lines with code on them, as a bundler writes what is left when everything unused is taken away. */
async function linesOf(code: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code.join('\n'), resolveDir: REPOSITORY, loader: 'ts' },
    bundle: true,
    treeShaking: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    legalComments: 'none',
    write: false,
  });
  const lines = (outputFiles[0]?.text ?? '').split('\n');
  return lines.filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length;
}

async function countPage(): Promise<Observation[]> {
  const text = readFileSync(join(REPOSITORY, PAGE), 'utf8');
  const diagrams = text.match(/^```mermaid$/gm)?.length ?? 0;
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/\]\([^)]*\)/g, ']');
  const words = prose.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
  return [figure('words', 'words', words), figure('diagrams', '', diagrams)];
}

function figure(metric: string, unit: string, value: number, model: Model | null = null): Observation {
  return { metric, unit, model, factors: {}, round: 0, value };
}
