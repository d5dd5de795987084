/** What the lab promises whoever waits for it: nothing is measured twice, nothing is mixed, nothing fails unnamed. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Experiment } from '../../../lab/harness/experiment.js';
import { type RawResults, readResults } from '../../../lab/harness/results.js';
import { circumstancesOf, experimentOf, MACHINE, measures, type Sample, sampleOf, speed } from './sample.js';

let lab: Sample;
afterEach(() => lab.remove());

const recorded = (name: string) => readResults(lab.results, name)?.steps.map(({ id }) => id);

/** Counts how often each of its steps ran. */
function counted(name: string, ids: readonly string[]): { experiment: Experiment; ran: string[] } {
  const ran: string[] = [];
  const runs = (id: string) => async () => {
    ran.push(id);
    return [speed('hybrid', ran.length)];
  };
  return { experiment: experimentOf(name, Object.fromEntries(ids.map((id) => [id, runs(id)]))), ran };
}

describe('a run', () => {
  test('that is interrupted keeps what it measured, and the next one goes on from there', async () => {
    const stopping = new AbortController();
    const ran: string[] = [];
    const does = (id: string, then: () => Promise<[]>) => async () => {
      ran.push(id);
      return then();
    };
    const nothing = async (): Promise<[]> => [];
    const waits = () => new Promise<never>(() => stopping.abort());
    const experiment = (second: () => Promise<[]>) =>
      experimentOf('patience', {
        first: does('first', nothing),
        second: does('second', second),
        third: does('third', nothing),
      });
    lab = sampleOf([experiment(waits)]);
    expect(await lab.run([], { signal: stopping.signal })).toBe(130);
    expect(recorded('patience')).toEqual(['first']);
    expect(existsSync(join(lab.root, 'lab/report.html'))).toBe(false);

    expect(await lab.run([], { experiments: [experiment(nothing)] })).toBe(0);
    expect(ran).toEqual(['first', 'second', 'second', 'third']);
    expect(recorded('patience')).toEqual(['first', 'second', 'third']);
    expect(lab.said).toContain('patience: 1 of 3 steps are recorded already');
  });

  test('that is complete is not measured again, unless it is told to', async () => {
    const { experiment, ran } = counted('once', ['a', 'b']);
    lab = sampleOf([experiment]);
    await lab.run([]);
    await lab.run([]);
    expect(ran).toEqual(['a', 'b']);
    await lab.run(['--again']);
    expect(ran).toEqual(['a', 'b', 'a', 'b']);
  });

  test('that is told to begin again forgets everything it was to measure, so that it can go on when interrupted', async () => {
    const [one, two] = [counted('one', ['a']), counted('two', ['b'])];
    lab = sampleOf([one.experiment, two.experiment]);
    await lab.run([]);
    const stopping = new AbortController();
    const stop = experimentOf('one', { a: () => new Promise<never>(() => stopping.abort()) });
    await lab.run(['--again'], { experiments: [stop, two.experiment], signal: stopping.signal });
    expect([recorded('one'), recorded('two')]).toEqual([undefined, undefined]);
  });

  test('of some experiments leaves the others alone', async () => {
    const [one, two] = [counted('one', ['a']), counted('two', ['b'])];
    lab = sampleOf([one.experiment, two.experiment]);
    expect(await lab.run(['--only', 'two'])).toBe(0);
    expect([one.ran, two.ran]).toEqual([[], ['b']]);
  });

  test('in quick mode writes beside its own results, and nothing that is published', async () => {
    lab = sampleOf([experimentOf('fast', { a: measures(1, 2, 3) })]);
    expect(await lab.run(['--quick'])).toBe(0);
    const quick = join(lab.results, 'quick');
    expect(readdirSync(quick).sort()).toEqual(['fast.json', 'plots', 'report.html', 'research.md']);
    expect(existsSync(join(lab.root, 'docs'))).toBe(false);
    expect(readdirSync(lab.results)).toEqual(['quick']);
    expect(readFileSync(join(quick, 'report.html'), 'utf8')).toContain('A quick run');
  });

  test('gives each step an empty folder, and removes it whether or not the step succeeds', async () => {
    const folders: string[] = [];
    const leaves =
      (id: string, fails: boolean) =>
      async ({ folder }: { folder: string }) => {
        expect(readdirSync(folder)).toEqual([]);
        folders.push(folder);
        writeFileSync(join(folder, id), id);
        if (fails) throw new Error('It broke.');
        return [];
      };
    lab = sampleOf([experimentOf('tidy', { a: leaves('a', false), b: leaves('b', true) })]);
    await lab.run([]);
    expect(folders).toHaveLength(2);
    expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  });
});

describe('a step that fails', () => {
  const breaks = async () => {
    throw new Error('The needle broke.');
  };

  test('is named, is recorded nowhere, stops no other, and makes the run fail', async () => {
    lab = sampleOf([
      experimentOf('fragile', { a: measures(1, 1, 1), b: breaks, c: measures(1, 1, 1) }),
      experimentOf('later', { d: measures(1, 1, 1) }),
    ]);
    expect(await lab.run([])).toBe(1);
    expect([recorded('fragile'), recorded('later')]).toEqual([['a', 'c'], ['d']]);
    expect(lab.said.join('\n')).toMatch(/FAILED fragile, step b: Error: The needle broke\./);
    expect(lab.said).toContain('3 steps measured, 0 recorded before, 1 failed.');
  });

  test('is tried again by the next run, and stands in its place', async () => {
    lab = sampleOf([experimentOf('fragile', { a: breaks, b: measures(1, 1, 1) })]);
    await lab.run([]);
    const mended = experimentOf('fragile', { a: measures(2, 2, 2), b: breaks });
    expect(await lab.run([], { experiments: [mended] })).toBe(0);
    expect(recorded('fragile')).toEqual(['a', 'b']);
  });

  test('whose figure is no number loses that figure only, and this is said', async () => {
    const blind = async () => [speed('stateful', Number.NaN), speed('hybrid', 5)];
    lab = sampleOf([experimentOf('blind', { a: blind })]);
    expect(await lab.run([])).toBe(0);
    expect(readResults(lab.results, 'blind')?.steps[0]?.observations).toEqual([speed('hybrid', 5)]);
    expect(lab.said).toContain('blind a: no speed to be had here');
  });
});

describe('results of other circumstances', () => {
  const refusal = async (changed: object, line: string[] = []) => {
    const before = readFileSync(join(lab.results, 'steady.json'), 'utf8');
    expect(await lab.run(line, changed)).toBe(1);
    expect(readFileSync(join(lab.results, 'steady.json'), 'utf8')).toBe(before);
    return lab.said.join('\n');
  };
  const begin = async () => {
    const { experiment, ran } = counted('steady', ['a']);
    lab = sampleOf([experiment]);
    await lab.run([]);
    return ran;
  };

  test.each([
    ['commit', { circumstances: () => circumstancesOf('deadbeef') }, 'commit c0ffee, now deadbeef'],
    [
      'machine',
      { circumstances: () => circumstancesOf('c0ffee', { ...MACHINE, cores: 4 }) },
      'cores 2, now 4',
    ],
  ])('are not added to: another %s is refused, named, and --again is offered', async (_, changed, named) => {
    const ran = await begin();
    const said = await refusal(changed);
    expect(said).toContain(`steady: ${named}`);
    expect(said).toContain('--again');
    expect(ran).toEqual(['a']);
  });

  test('of another mode are not added to', async () => {
    await begin();
    const said = await refusal({}, ['--quick', '--results', lab.results]);
    expect(said).toContain('steady: mode full, now quick');
  });

  test('are replaced where this is asked for', async () => {
    const ran = await begin();
    expect(await lab.run(['--again'], { circumstances: () => circumstancesOf('deadbeef') })).toBe(0);
    expect(readResults(lab.results, 'steady')?.commit).toBe('deadbeef');
    expect(ran).toEqual(['a', 'a']);
  });

  test('that cannot be read are not measured over', async () => {
    await begin();
    writeFileSync(join(lab.results, 'steady.json'), '{');
    await expect(lab.run([])).rejects.toThrow(/steady\.json is no JSON/);
  });

  test('of code that differs in nothing that bears on figures are added to, under the commit they began with', async () => {
    const { experiment, ran } = counted('steady', ['a']);
    lab = sampleOf([experiment]);
    await lab.run([]);
    const more = counted('steady', ['a', 'b']);
    const circumstances = () => ({ ...circumstancesOf('later'), isSameCode: () => true });
    expect(await lab.run([], { experiments: [more.experiment], circumstances })).toBe(0);
    expect([ran, more.ran]).toEqual([['a'], ['b']]);
    expect((readResults(lab.results, 'steady') as RawResults).commit).toBe('c0ffee');
  });
});

describe('what is asked', () => {
  test.each([
    [['--nonsense'], 2],
    [['surplus'], 2],
    [['--only', 'unheard-of'], 2],
    [['--only'], 2],
    [['--help'], 0],
    [['--list'], 0],
    [['--report'], 1],
  ])('%j ends with exit code %i and measures nothing', async (line, code) => {
    const { experiment, ran } = counted('known', ['a']);
    lab = sampleOf([experiment]);
    expect(await lab.run(line)).toBe(code);
    expect(ran).toEqual([]);
    expect(lab.said.join('\n')).not.toBe('');
  });

  test('--list says of each experiment how much is recorded', async () => {
    lab = sampleOf([counted('known', ['a', 'b']).experiment]);
    await lab.run(['--list']);
    expect(lab.said[0]).toMatch(/^known +0\/2 +The title of known$/);
    await lab.run([]);
    await lab.run(['--list']);
    expect(lab.said[0]).toMatch(/^known +2\/2/);
  });

  test('two steps of one id are a fault of the experiment', async () => {
    const twice = experimentOf('twice', { a: measures(1, 1, 1) });
    const steps = () => [
      ...twice.steps({ mode: 'full', rounds: 3 }),
      ...twice.steps({ mode: 'full', rounds: 3 }),
    ];
    lab = sampleOf([{ ...twice, steps }]);
    await expect(lab.run([])).rejects.toThrow('twice has two steps of one id');
  });
});
