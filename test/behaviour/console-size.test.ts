/** What the console weighs as it travels, against what its page promises. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';

const FOLDER = join(REPOSITORY, 'dist/console');
const PAGE = readFileSync(join(REPOSITORY, 'docs/how-to/console.md'), 'utf8');

const index = readFileSync(join(FOLDER, 'index.html'), 'utf8');
const first = ['index.html', ...(index.match(/assets\/[\w.-]+/g) ?? [])];
const others = readdirSync(join(FOLDER, 'assets'))
  .filter((name) => /\.(js|css|svg)$/.test(name))
  .map((name) => `assets/${name}`)
  .filter((name) => !first.includes(name));

const kilobytes = (names: readonly string[], suffix: '.br' | '.gz') =>
  names.reduce((sum, name) => sum + statSync(join(FOLDER, name + suffix)).size, 0) / 1_000;

/** The number in the page's own words. */
function promised(words: RegExp): number {
  const [, number] = words.exec(PAGE) ?? [];
  return Number(number);
}

describe('the console is as light as its page says', () => {
  test('until somebody can sign in', () => {
    expect(kilobytes(first, '.br')).toBeLessThan(promised(/can sign in, under (\d+) kB \(Brotli/));
    expect(kilobytes(first, '.gz')).toBeLessThan(promised(/with gzip under (\d+) kB/));
  });

  test('all that comes after', () => {
    expect(others.length).toBeGreaterThan(10);
    expect(kilobytes(others, '.br')).toBeLessThan(promised(/pages together are under (\d+) kB \(Brotli/));
  });
});
