/** Puts what a run measured into `docs/performance.md`, between its markers; the words around them are people's. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../lab/harness/server.js';
import type { BenchResults } from './results.js';
import { asMarkdown, budgetTable, partTable } from './table.js';

export const PAGE = join(REPOSITORY, 'docs/performance.md');

/** The page with its generated parts anew; null results say that nothing was measured. */
export function reported(page: string, results: BenchResults | null): string {
  const figures = results?.figures ?? [];
  const parts = results === null ? '' : asMarkdown(partTable(figures));
  return between(
    between(between(page, 'run', runOf(results)), 'budgets', asMarkdown(budgetTable(figures))),
    'parts',
    parts,
  );
}

export function writeReport(results: BenchResults | null): void {
  writeFileSync(PAGE, reported(readFileSync(PAGE, 'utf8'), results));
}

/** A profile is no budget and has no raw results; its tables stand as they were made. */
export function writeProfile(name: string, tables: string): void {
  writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), `profile-${name}`, tables));
}

function runOf(results: BenchResults | null): string {
  if (results === null) return 'Nothing has been measured yet.';
  const { at, commit, machine, quick, rounds, pinned } = results;
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node.js ${machine.node}, SQLite ${machine.sqlite}`;
  const apart = pinned ? 'servers and loads on different cores' : 'servers and loads not pinned to cores';
  const what = commit === null ? '' : `, commit \`${commit.slice(0, 10)}${commit.endsWith('+') ? '+' : ''}\``;
  const warning = quick ? ' A quick run: its figures mean little.' : '';
  return `Measured ${at.slice(0, 10)}${what}: ${rounds} rounds, ${apart}. ${where}.${warning}`;
}

/** Throws where the page has no such markers, rather than write nothing. */
function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks ${begin} … ${end}`);
  const content = text === '' ? '\n' : `\n\n${text}\n\n`;
  return `${page.slice(0, from + begin.length)}${content}${page.slice(to)}`;
}
