/** docs/asvs.md claims nothing without something to point at, and what it points at is there. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';

/** The rows of ASVS 5.0 that can concern this server, section by section. */
const ROWS = `
  1.2.4 1.3.6,11-12 1.5.3 2.2.1 2.3.1,3-4 2.4.1 3.1.1 3.2.1-3 3.3.1-5 3.4.1-8 3.5.1-8 3.6.1 3.7.2-5 4.1.1-5 4.2.1-5
  4.3.1-2 4.4.1-4 6.1.1-3 6.2.1-12 6.3.1-8 6.4.1-6 6.5.1-8 6.6.1-4 6.7.1-2 6.8.1-2,4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5
  7.5.1-3 7.6.1-2 8.1.1-4 8.2.1-4 8.3.1-3 8.4.1-2 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-3 10.3.1-5 10.4.1-16 10.5.1-5
  10.6.1-2 10.7.1-3 11.1.1-4 11.2.1-5 11.3.1-4 11.4.1-4 11.5.1-2 11.6.1 12.1.1 12.2.1 12.3.1 13.1.1-4 13.2.1-6
  13.3.1-4 13.4.1-6 14.1.1-2 14.2.1-7 14.3.1-3 15.1.2 15.2.1-4 15.3.1,3-7 15.4.2 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3
  16.5.1-4`;

const expectedIds = (ROWS.trim().match(/\S+/g) ?? []).flatMap((section) => {
  const [, chapter, ranges = ''] = /^(\d+\.\d+)\.(.*)$/.exec(section) ?? [];
  return ranges.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, n) => `V${chapter}.${first + n}`);
  });
});

const page = readFileSync(join(REPOSITORY, 'docs/asvs.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| V\d/.test(line))
  .map((line) => {
    const [id = '', about = '', status = '', evidence = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { id, about, status, evidence };
  });

/** Files of tests with the titles that are cited from them. */
function citations(evidence: string): { file: string; titles: string[] }[] {
  const found = evidence.matchAll(/`((?:test|examples)\/[^`]+\.(?:ts|mjs))`((?:,? "[^"]+")*)/g);
  return [...found].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }));
}

const links = (evidence: string) =>
  [...evidence.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)].map(([, target = '', anchor]) => ({
    target,
    anchor,
  }));

/** The anchors that a page's headings get. */
const anchorsOf = (markdown: string) =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

const cited = rows.flatMap(({ id, evidence }) => citations(evidence).map((each) => ({ id, ...each })));

test('has each row once, in order, and no other', () => {
  expect(expectedIds).toHaveLength(261);
  expect(rows.map(({ id }) => id)).toEqual(expectedIds);
});

test('knows three statuses, and says of every row what it is about and why', () => {
  for (const { id, about, status, evidence } of rows) {
    expect(['met', 'not met', 'not yet in scope'], id).toContain(status);
    expect(about, id).not.toBe('');
    expect(evidence, id).not.toBe('');
  }
});

test('counts its rows right', () => {
  for (const status of ['met', 'not met', 'not yet in scope']) {
    const [, count] = new RegExp(`\\*\\*${status}\\*\\*: (\\d+) rows`).exec(page) ?? [];
    expect(Number(count), status).toBe(rows.filter((row) => row.status === status).length);
  }
});

test('claims no row without a test, a page or a section of its own to point at', () => {
  const bare = rows.filter(
    ({ status, evidence }) =>
      status === 'met' &&
      citations(evidence).every(({ file, titles }) => file.endsWith('.test.ts') && titles.length === 0) &&
      links(evidence).length === 0 &&
      !/below, under \*.+\*/.test(evidence),
  );
  expect(bare.map(({ id }) => id)).toEqual([]);
});

test('points at sections, pages and sources that exist', () => {
  for (const { id, evidence } of rows) {
    for (const { target, anchor } of links(evidence)) {
      const path = join(REPOSITORY, 'docs', target);
      expect(existsSync(path), `${id} ${target}`).toBe(true);
      if (anchor !== undefined)
        expect(anchorsOf(readFileSync(path, 'utf8')), `${id} ${target}`).toContain(anchor);
    }
    for (const [, source = ''] of evidence.matchAll(/`(src\/[^`]+)`/g)) {
      expect(existsSync(join(REPOSITORY, source)), `${id} ${source}`).toBe(true);
    }
    const [, section] = /below, under \*(.+?)\*/.exec(evidence) ?? [];
    if (section !== undefined) expect(page, id).toContain(`\n## ${section}\n`);
  }
});

describe('cites tests that exist, by file and title', () => {
  test.each(cited)('$id $file', ({ file, titles }) => {
    const source = readFileSync(join(REPOSITORY, file), 'utf8');
    const missing = titles.filter((title) => !["'", '"', '`'].some((q) => source.includes(q + title + q)));
    expect(missing).toEqual([]);
  });
});
