/**
 * The stylesheets of the console: that of a page stays in the document when its page is left, so that pages which style
 * one class differently would change each other, depending on which was visited first.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

const FOLDER = join(REPOSITORY, 'console/src/styles');
/** Those that come with pages of one kind; the others are everybody's. */
const KINDS = ['learn', 'operator'];

/** Classes that a rule begins with: those that it does not begin with are narrowed by what stands before them. */
function subjects(kind: string | null): Set<string> {
  const isOf = (name: string) =>
    kind === null ? !KINDS.some((each) => name.startsWith(each)) : name.startsWith(kind);
  const text = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.css') && isOf(name))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8').replace(/\/\*.*?\*\/|\([^()]*\)/gs, ''))
    .join('\n');
  const selectors = [...text.matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) => list.split(','));
  return new Set(
    selectors.flatMap((selector) => /^\s*\.([a-z][\w-]*)(?:[^\w\s-]\S*)?\s*$/.exec(selector)?.[1] ?? []),
  );
}

const shared = (a: Set<string>, b: Set<string>) => [...a].filter((name) => b.has(name));

describe('the stylesheets of pages', () => {
  it('style no class that pages of another kind style', () => {
    expect(shared(subjects('learn'), subjects('operator'))).toEqual([]);
  });

  it.each(KINDS)('leave what every page is made of as it is: %s', (kind) => {
    expect(subjects(kind).size).toBeGreaterThan(20);
    expect(shared(subjects(kind), subjects(null))).toEqual([]);
  });
});
