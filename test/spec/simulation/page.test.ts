/** `docs/scaling.md` says what was recorded, and what was recorded is what the simulator gives. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PUBLISHED_POSTGRES, readPostgresResults } from '../../../bench/postgres/results.js';
import { costsFrom } from '../../../lab/simulation/costs.js';
import { PAGE, PLOTS, paged, plots } from '../../../lab/simulation/page.js';
import { readSimulation, rounded } from '../../../lab/simulation/results.js';
import { scenarios } from '../../../lab/simulation/scenarios.js';
import { simulate } from '../../../lab/simulation/simulate.js';

const recorded = readSimulation();
const measured = readPostgresResults(PUBLISHED_POSTGRES);

describe('the page on scaling', () => {
  it('is what `npm run simulate -- --report` writes', () => {
    const page = readFileSync(PAGE, 'utf8');
    expect(paged(page, recorded, measured)).toBe(page);
  });

  it('shows the plots that it would draw, and no others', () => {
    const drawn = plots(recorded);
    expect(readdirSync(PLOTS).sort()).toEqual([...drawn.keys()].map((name) => `${name}.svg`).sort());
    for (const [name, file] of drawn) expect(readFileSync(join(PLOTS, `${name}.svg`), 'utf8')).toBe(file);
  });

  it('rests on scenarios that were simulated with the measured costs', () => {
    const { costs } = costsFrom(measured);
    expect(recorded.costs).toEqual(costs);
    expect(recorded.outcomes.map(({ name }) => name)).toEqual(scenarios(costs).map(({ name }) => name));
  });

  it('rests on outcomes that the simulator gives again', () => {
    const small = scenarios(recorded.costs).filter(
      ({ scenario }) => scenario.verifiers * scenario.seconds <= 20_000,
    );
    expect(small.length).toBeGreaterThan(3);
    for (const { name, scenario } of small) {
      const before = recorded.outcomes.find((each) => each.name === name)?.outcome;
      expect(rounded(simulate(scenario)), name).toEqual(before);
    }
  });

  it('breaks its promise in no scenario but those of clocks that run wrong and readers that trust them', () => {
    const broken = recorded.outcomes.filter(({ outcome }) => !outcome.promise.kept).map(({ name }) => name);
    expect(broken).toContain('clocks-day');
    for (const name of broken) expect(['clocks-trusted', 'clocks-day']).toContain(name);
  });
});
