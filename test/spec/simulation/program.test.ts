/** `npm run simulate`: what it says, and what it refuses. */

import { describe, expect, it } from 'vitest';
import { runSimulation } from '../../../lab/simulation/program.js';

const silent = { note: () => {}, begin: () => {}, doing: () => {}, stepped: () => {}, end: () => {} };

async function run(...line: string[]) {
  const said = { out: '', err: '' };
  const code = await runSimulation(['node', 'simulate', ...line], {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    progress: silent,
  });
  return { code, ...said };
}

const SMALL = ['--verifiers', '20', '--nodes', '2', '--seconds', '5'];

describe('npm run simulate', () => {
  it('says in words whether the promise was kept', async () => {
    const { code, out } = await run(...SMALL);
    expect(code).toBe(0);
    expect(out).toContain('2 nodes, no relays, 20 verifiers');
    expect(out).toMatch(/the promise +kept/);
  });

  it('ends with 1 where the promise was broken', async () => {
    const wrong = [
      '--drift',
      '500',
      '--margin',
      '0',
      '--connected-for',
      '864000',
      '--nodes-fail',
      '8:10',
      '--seconds',
      '60',
    ];
    const { code, out } = await run(...SMALL.slice(0, 4), ...wrong, '--revocations', '5');
    expect(out).toContain('BROKEN');
    expect(code).toBe(1);
  });

  it('gives scenario and outcome as JSON, the same for the same seed', async () => {
    const [one, other] = [
      await run(...SMALL, '--json', '--seed', '7'),
      await run(...SMALL, '--json', '--seed', '7'),
    ];
    expect(one.out).toBe(other.out);
    const { scenario, outcome } = JSON.parse(one.out);
    expect(scenario).toMatchObject({ seed: 7, nodes: 2, verifiers: 20 });
    expect(outcome.promise.kept).toBe(true);
  });

  it('names every bad value at once, and simulates nothing', async () => {
    const { code, out, err } = await run('--nodes', '0', '--verifiers', '-3', '--hinted', '2');
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const name of ['nodes', 'verifiers', 'hinted']) expect(err).toContain(name);
  });

  it.each([['--nodes', 'many'], ['--relays-fail', '5'], ['--reconnect', 'nobody'], ['--bogus']])(
    'refuses %s %s',
    async (...line) => {
      expect((await run(...line)).code).toBe(2);
    },
  );

  it('explains itself', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('--fan-out');
  });
});
