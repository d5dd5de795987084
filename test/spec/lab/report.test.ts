/** The report is made of results and of nothing else: other figures, other words; no figures, no words about them. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import { afterEach, describe, expect, test } from 'vitest';
import { MODELS } from '../../../lab/harness/observation.js';
import { writeResults } from '../../../lab/harness/results.js';
import { READINGS } from '../../../lab/readings/index.js';
import { withComparison } from '../../../lab/report/comparison.js';
import { draw } from '../../../lab/report/plot.js';
import { promises } from '../../../lab/report/promises.js';
import { assemble } from '../../../lab/report/report.js';
import { GUARANTEES } from '../../../src/session/guarantees.js';
import { circumstancesOf, experimentOf, measures, type Sample, sampleOf } from './sample.js';

let lab: Sample;
afterEach(() => lab?.remove());

const page = (path = 'docs/research.md') => readFileSync(join(lab.root, path), 'utf8');
const html = () => page('lab/report.html');

describe('a report', () => {
  test('says what the figures say, and something else when they are others', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(100, 200, 300) })]);
    await lab.run([]);
    for (const text of [page(), html()])
      expect(text).toContain('Hybrid answers 300 requests a second, stateful 100.');
    expect(page()).toContain('**Verdict: holds.**');

    const slower = experimentOf('speed', { a: measures(400, 200, 300) });
    await lab.run(['--again'], { experiments: [slower] });
    for (const text of [page(), html()])
      expect(text).toContain('Hybrid answers 300 requests a second, stateful 400.');
    expect(page()).toContain('**Verdict: fails.**');
    expect(page()).not.toContain('holds.');
  });

  test('is made of results alone, to the byte', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(100, 200, 300) })]);
    await lab.run([]);
    const before = [page(), html(), page('lab/plots/speed-speed.svg')];
    const refuses = experimentOf('speed', {
      a: () => {
        throw new Error('It was measured.');
      },
    });
    expect(await lab.run(['--report'], { experiments: [refuses] })).toBe(0);
    expect([page(), html(), page('lab/plots/speed-speed.svg')]).toEqual(before);
  });

  test('says of an experiment without results that it was not measured, and gives it no figures', async () => {
    lab = sampleOf([
      experimentOf('done', { a: measures(1, 1, 1) }),
      experimentOf('undone', { a: measures(1, 1, 1) }),
    ]);
    await lab.run(['--only', 'done']);
    const [, undone] = page().split('## 2. The title of undone');
    expect(undone).toContain('**Verdict: not measured.**');
    expect(undone).not.toContain('requests a second');
    expect(readdirSync(join(lab.root, 'lab/plots'))).toEqual(['done-speed.svg']);
  });

  test('says when figures are not of one commit, and which are of which', async () => {
    const experiments = ['old', 'new'].map((name) => experimentOf(name, { a: measures(1, 2, 3) }));
    lab = sampleOf(experiments);
    await lab.run(['--only', 'old'], { circumstances: () => circumstancesOf('aaaaaaaaaaaaaaaa') });
    await lab.run(['--only', 'new'], { circumstances: () => circumstancesOf('bbbbbbbbbbbbbbbb+') });
    for (const text of [page(), html()]) expect(text).toContain('These figures are not of one run.');
    expect(page()).toMatch(/old: measured on .* commit `aaaaaaaaaaaa`,/);
    expect(page()).toMatch(/new: measured on .* commit `bbbbbbbbbbbb` with changes that are not committed,/);
  });

  test('drops plots that no reading draws any more', async () => {
    lab = sampleOf(['one', 'two'].map((name) => experimentOf(name, { a: measures(1, 2, 3) })));
    await lab.run([]);
    expect(readdirSync(join(lab.root, 'lab/plots'))).toEqual(['one-speed.svg', 'two-speed.svg']);
    await lab.run(['--report'], { readings: lab.readings.slice(0, 1) });
    expect(readdirSync(join(lab.root, 'lab/plots'))).toEqual(['one-speed.svg']);
  });
});

describe('the page', () => {
  test('asks for nothing from elsewhere, runs no script, and shows what looks like a tag as text', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(1, 2, 3) })]);
    await lab.run([]);
    expect(html()).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\bsrc=|\son\w+=/);
    expect(
      [...html().matchAll(/href="([^"]*)"/g)].map(([, to]) => to).filter((to) => !/^[#.]/.test(to ?? '')),
    ).toEqual([]);
    expect(html()).toContain('10 | a few &lt;b&gt;');
    expect(page()).toContain('10 \\| a few <b>');
  });

  test('says in words what each plot shows', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(1, 2, 3) })]);
    await lab.run([]);
    expect(page()).toContain('![Lines, one for each model.](../lab/plots/speed-speed.svg)');
    expect(html()).toContain('<title id="speed-speed-title">Speed by users</title>');
    expect(html()).toContain('<desc id="speed-speed-desc">Lines, one for each model.</desc>');
  });
});

describe('a plot', () => {
  const bars = (names: readonly string[]) =>
    draw({
      name: 'bars',
      title: 'Bars',
      description: 'Bars.',
      plot: {
        marks: [
          Plot.barX(
            names.map((name) => ({ name })),
            { x: 1, y: 'name', fill: 'name' },
          ),
        ],
      },
    }).inline;

  test('gives a model the same colour and shape, whatever comes beside it and in which order', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(1, 2, 3) })]);
    await lab.run([]);
    const svg = page('lab/plots/speed-speed.svg');
    for (const model of MODELS) {
      expect(svg).toContain(`fill="var(--${model})"`);
      expect(svg).toMatch(new RegExp(`>${model}</text>`));
    }
    expect(svg.indexOf('>stateful<')).toBeLessThan(svg.indexOf('>hybrid<'));
  });

  test('is readable in light and dark, as a file of its own', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(1, 2, 3) })]);
    await lab.run([]);
    const svg = page('lab/plots/speed-speed.svg');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).not.toMatch(/(fill|stroke)="(black|white|#)/);
    expect(svg).not.toContain('\u26a0');
  });

  test('of a page shares neither styles nor names with the others', async () => {
    lab = sampleOf(['one', 'two'].map((name) => experimentOf(name, { a: measures(1, 2, 3) })));
    await lab.run([]);
    expect(html().match(/<style>/g)).toHaveLength(1);
    const ids = [...html().matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('explains its colours where there is something to tell apart', () => {
    expect(bars(['ES256', 'EdDSA'])).toContain('aria-label="legend"');
    expect(bars(['ES256'])).not.toContain('aria-label="legend"');
  });

  test('colours what is no model by no colour of a model', () => {
    expect(bars(['RS256', 'hybrid'])).toContain('fill="var(--hybrid)"');
    expect(bars(['RS256', 'EdDSA', 'ES256'])).not.toMatch(/var\(--(stateful|stateless|hybrid)\)/);
  });
});

describe('the comparison in the README', () => {
  const readme = (path = join(import.meta.dirname, '../../../README.md')) => readFileSync(path, 'utf8');
  const report = () => assemble([], [], 'nowhere');

  test('has a row for each guarantee, and says what each model guarantees', () => {
    expect(promises().rows).toHaveLength(Object.keys(GUARANTEES.hybrid).length);
    const text = withComparison(readme(), report());
    expect(text).toContain('| bytes of the credential, at most | 54 | 600 | 600 |');
    expect(text).toContain('not measured');
  });

  test('leaves the rest of the README alone, and is the same when made twice', () => {
    const once = withComparison(readme(), report());
    expect(withComparison(once, report())).toBe(once);
    const outside = (text: string) => text.replace(/<!-- Made by[\s\S]*?<!-- The table ends here. -->/, '');
    expect(outside(once)).toBe(outside(readme()));
  });

  test('shows measured figures where there are some', async () => {
    lab = sampleOf([experimentOf('speed', { a: measures(10, 20, 30) })]);
    await lab.run([]);
    const { readings, experiments } = lab;
    const text = withComparison(readme(), assemble(readings, experiments, lab.results));
    expect(text).toContain('| requests per second | 10 | 20 | 30 |');
  });

  test('is refused a README without a place for it', () => {
    expect(() => withComparison('# No place', report())).toThrow(/no place/);
  });
});

describe('every reading', () => {
  test.each(READINGS.map((reading) => [reading.experiment, reading] as const))(
    '%s says that nothing was measured where there are no figures',
    (name, reading) => {
      lab = sampleOf([]);
      mkdirSync(lab.results, { recursive: true });
      const { commit, machine } = circumstancesOf('c0ffee');
      writeResults(lab.results, { experiment: name, mode: 'full', commit, machine, steps: [] });
      const [claim] = assemble([reading], [experimentOf(name, {})], lab.results).claims;
      expect(claim?.findings.verdict).toBe('not measured');
      expect(claim?.findings.because).not.toMatch(/NaN|undefined|null|Infinity/);
    },
  );
});
