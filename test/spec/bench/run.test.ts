/** The benchmark runs: a cheap budget in quick mode, and what becomes of a measure that fails. */

import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../bench/budgets.js';
import type { Measure } from '../../../bench/measure.js';
import { storage } from '../../../bench/measures/storage.js';
import { runBench } from '../../../bench/program.js';
import { runMeasures } from '../../../bench/run.js';
import type { Progress } from '../../../lab/harness/progress.js';

const SILENT: Progress = { note() {}, begin() {}, doing() {}, stepped() {}, end() {} };
const QUICK = { quick: true, rounds: 2 };

describe('quick mode', () => {
  test('measures what a session takes on disk, in every round', async () => {
    const { figures, failures } = await runMeasures([storage], QUICK, SILENT);
    expect(failures).toEqual([]);
    expect(figures.map(({ budget, round }) => [budget, round])).toEqual([
      ['storage', 0],
      ['storage', 1],
    ]);
    for (const { value, parts } of figures) {
      // An id, an owner and a salt alone are 48 bytes.
      expect(value).toBeGreaterThan(48);
      expect(parts.map((part) => part.value).every((bytes) => bytes > 48)).toBe(true);
    }
  });
});

describe('a measure that fails', () => {
  const fine = (name: string, value = 1): Measure => ({
    name,
    run: async () => [{ budget: name, round: 0, value, parts: [] }],
  });

  test('is named with its reason and takes nothing from the others', async () => {
    const broken: Measure = { name: 'broken', run: () => Promise.reject(new Error('no such machine')) };
    const run = await runMeasures([fine('before'), broken, fine('after')], QUICK, SILENT);
    expect(run.figures.map(({ budget }) => budget)).toEqual(['before', 'after']);
    expect(run.failures).toEqual([{ measure: 'broken', why: 'no such machine' }]);
  });

  test('leaves nothing behind: what it began is ended, the last first, and its folder is gone', async () => {
    const ended: string[] = [];
    let home = '';
    const broken: Measure = {
      name: 'broken',
      run: async ({ folder, later }) => {
        home = folder;
        later(async () => void ended.push('first'));
        later(async () => void ended.push('second'));
        expect(existsSync(folder)).toBe(true);
        throw new Error('broken');
      },
    };
    await runMeasures([broken], QUICK, SILENT);
    expect(ended).toEqual(['second', 'first']);
    expect(existsSync(home)).toBe(false);
  });

  test('is one that gives no number, too: it is not measured, rather than met', async () => {
    const { figures, failures } = await runMeasures([fine('resident', Number.NaN)], QUICK, SILENT);
    expect(failures).toHaveLength(1);
    expect(
      judge(
        { ...BUDGET, name: 'resident' },
        figures.map(({ value }) => value),
      ),
    ).toBe('not measured');
  });
});

const BUDGET = {
  measure: '',
  work: '',
  words: '',
  unit: '',
  bound: { kind: 'at most', limit: 150 },
} as const;

describe('the command', () => {
  async function run(...line: string[]) {
    const said = { out: '', err: '' };
    const code = await runBench(['node', 'bench', ...line], {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
      progress: SILENT,
    });
    return { code, ...said };
  }

  test('prints its help', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: npm run bench --');
    expect(out).toContain('--only <name...>');
  });

  test('refuses a measure that is none, and a number of rounds that is none', async () => {
    expect(await run('--only', 'nothing')).toMatchObject({ code: 2, err: expect.stringContaining('viewer') });
    expect(await run('--rounds', '0')).toMatchObject({ code: 2, err: expect.stringContaining('1 to 100') });
  });

  test('measures what it is told to, and prints the row of its budget and no other', async () => {
    const { code, out } = await run('--quick', '--no-build', '--only', 'storage');
    expect(code).toBe(0);
    expect(out).toMatch(/^a session on disk, indexes included +at most 400 bytes +\d+ bytes +(met|missed)$/m);
    expect(out).not.toContain('argon2id');
  });

  test('prints the raw results where asked, and nothing beside them', async () => {
    const { code, out } = await run('--quick', '--no-build', '--only', 'storage', '--json', '-');
    expect(code).toBe(0);
    const results = JSON.parse(out);
    expect(results).toMatchObject({ quick: true, rounds: 1 });
    expect(results.figures).toMatchObject([{ budget: 'storage', round: 0 }]);
  });
});
