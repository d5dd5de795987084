/** Puts what was measured and simulated into `docs/scaling.md`, between its markers; the words around are people's. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresResults } from '../../bench/postgres/results.js';
import { REPOSITORY } from '../harness/server.js';
import { table } from '../report/markdown.js';
import { draw } from '../report/plot.js';
import { figuresOf } from './figures.js';
import type { SimulationResults } from './results.js';
import { sumsTable } from './sums.js';
import {
  operationsTable,
  parametersTable,
  scenariosTable,
  sizesTable,
  validationTable,
  workTable,
} from './tables.js';

export const PAGE = join(REPOSITORY, 'docs/scaling.md');
export const PLOTS = join(REPOSITORY, 'docs/scaling');

/** The page with its generated parts anew. */
export function paged(page: string, simulated: SimulationResults, measured: PostgresResults | null): string {
  const parts: Readonly<Record<string, string>> = {
    run: runOf(measured),
    operations: table(operationsTable(measured)),
    sizes: table(sizesTable(measured)),
    work: table(workTable(measured)),
    sums: table(sumsTable(measured)),
    parameters: table(parametersTable(simulated)),
    scenarios: table(scenariosTable(simulated)),
    validation: table(validationTable(measured)),
    plots: figuresOf(simulated)
      .map(({ name, title, description }) => `**${title}**\n\n![${description}](scaling/${name}.svg)`)
      .join('\n\n'),
  };
  return Object.entries(parts).reduce((text, [name, part]) => between(text, name, part), page);
}

/** By name, without extension. */
export function plots(simulated: SimulationResults): ReadonlyMap<string, string> {
  return new Map(figuresOf(simulated).map((figure) => [figure.name, draw(figure).file]));
}

export function writePage(simulated: SimulationResults, measured: PostgresResults | null): void {
  mkdirSync(PLOTS, { recursive: true });
  for (const [name, file] of plots(simulated)) writeFileSync(join(PLOTS, `${name}.svg`), file);
  writeFileSync(PAGE, paged(readFileSync(PAGE, 'utf8'), simulated, measured));
}

function runOf(measured: PostgresResults | null): string {
  if (measured === null) return 'Nothing has been measured yet; what the simulation needs is assumed.';
  const { at, commit, machine, postgres, quick, rounds, pinned } = measured;
  const apart = pinned ? 'database and nodes on one core, loads on another' : 'nothing pinned to cores';
  const what = commit === null ? '' : `, commit \`${commit.slice(0, 10)}${commit.endsWith('+') ? '+' : ''}\``;
  const warning = quick
    ? ' **A quick run, with other work on the machine: only to see that everything is there. Its figures mean little.**'
    : '';
  return `Measured ${at.slice(0, 10)}${what}: ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${apart}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node.js ${machine.node}, PostgreSQL ${postgres}, SQLite ${machine.sqlite}.${warning}`;
}

/** Throws where the page has no such markers, rather than write nothing. */
function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- scaling:${name} -->`, `<!-- /scaling:${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/scaling.md lacks ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
