/**
 * Which code is measured. Files that no figure depends on (readings, documents, tests) do not count: they may change
 * between the parts of a run, and a report may be made by newer readings than the figures are.
 */

import { spawnSync } from 'node:child_process';

/** Whatever can change a figure. */
const BEARS_ON_FIGURES = [
  'src',
  'schema',
  'lab/experiments',
  'lab/harness',
  'build.mjs',
  'package-lock.json',
] as const;

/** The commit at hand, with `+` behind it where a file that bears on figures is not as committed; null outside a repository. */
export function currentCommit(root: string): string | null {
  const head = git(root, ['rev-parse', 'HEAD']);
  if (head.status !== 0) return null;
  const changed = git(root, ['status', '--porcelain', '--', ...BEARS_ON_FIGURES]).out !== '';
  return `${head.out}${changed ? '+' : ''}`;
}

/**
 * Whether figures of the one commit may stand beside figures of the other: where nothing differs that bears on them.
 * Of changed files nobody knows whether they are the same ones; where both have them, the person at work does.
 */
export function sameCode(root: string, recorded: string | null, now: string | null): boolean {
  if (recorded === now) return true;
  if (recorded === null || now === null || recorded.endsWith('+') || now.endsWith('+')) return false;
  return git(root, ['diff', '--quiet', recorded, now, '--', ...BEARS_ON_FIGURES]).status === 0;
}

function git(
  root: string,
  line: readonly string[],
): { readonly status: number | null; readonly out: string } {
  const { status, stdout } = spawnSync('git', line, { cwd: root, encoding: 'utf8' });
  return { status, out: (stdout ?? '').trim() };
}
