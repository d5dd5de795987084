/** The learners' simulator: it decides what the server decides, keeps the promises of rotation, and never gets stuck. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deed, outcome, spoken } from '../../../console/src/pages/learn/narration.js';
import { ACTS, type Act, type ClientKind, type Play } from '../../../console/src/pages/learn/play.js';
import { TABLE } from '../../../console/src/pages/learn/rotation-table.js';
import { SCENARIOS } from '../../../console/src/pages/learn/scenarios.js';
import { POLICY } from '../../../console/src/pages/learn/simulated-row.js';
import { act, begin, can, isOver } from '../../../console/src/pages/learn/simulator.js';

const CLIENTS: readonly ClientKind[] = ['careful', 'plain', 'native'];
const play = (start: Play, acts: readonly Act[]) => acts.reduce(act, start);
const anyClient = fc.constantFrom(...CLIENTS);
const anyActs = (not: readonly Act[] = []) =>
  fc.array(fc.constantFrom(...ACTS.filter((each) => !not.includes(each))), { maxLength: 40 });
const verdicts = ({ steps }: Play) =>
  steps.flatMap((step) => (step.kind === 'refresh' ? [step.verdict.kind] : []));

describe('scenarios', () => {
  it.each(SCENARIOS)('$title: every act is possible, and it ends in $ends', ({ client, acts, ends }) => {
    let now = begin(client);
    for (const each of acts) {
      expect(can(now, each), each).toBe(true);
      now = act(now, each);
    }
    expect(verdicts(now).at(-1)).toBe(ends);
  });

  it('show every verdict, and every row of the table', () => {
    const steps = SCENARIOS.flatMap(({ client, acts }) => play(begin(client), acts).steps);
    const rows = new Set(steps.flatMap((step) => (step.kind === 'refresh' ? [step.row.id] : [])));
    expect([...rows].sort()).toEqual(TABLE.map(({ id }) => id).sort());
  });
});

describe('whatever is pressed', () => {
  it('a session that thief and owner both go on refreshing is over, at the second’s next refresh after the grace', () => {
    fc.assert(
      fc.property(anyClient, anyActs(['power-cut']), (client, acts) => {
        const before = play(begin(client), acts);
        fc.pre(can(before, 'steal'));
        const stolen = act(before, 'steal');
        const owner: Act[] = [before.owner.pending === null ? 'refresh' : 'retry-without-key', 'wait-40'];
        const after = play(stolen, ['wait-40', ...owner, 'thief-refresh', 'wait-40', 'refresh']);
        expect(isOver(after)).toBe(true);
      }),
    );
  });

  it('a careful client without a thief is never taken for one, whatever is lost', () => {
    const alone: readonly Act[] = ['steal', 'thief-refresh', 'thief-without-key', 'retry-without-key'];
    fc.assert(
      fc.property(fc.constantFrom<ClientKind>('careful', 'native'), anyActs(alone), (client, acts) => {
        expect(verdicts(play(begin(client), acts))).not.toContain('reuse');
      }),
    );
  });

  it('what has ended gives no tokens any more', () => {
    fc.assert(
      fc.property(anyClient, anyActs(), anyActs(), (client, first, then) => {
        const ended = play(begin(client), first);
        fc.pre(isOver(ended));
        const later = play(ended, then);
        expect(isOver(later)).toBe(true);
        const since = later.steps.slice(ended.steps.length);
        for (const step of since)
          if (step.kind === 'refresh') expect(['ended', 'invalid']).toContain(step.verdict.kind);
      }),
    );
  });

  it('each verdict is that of the row which is shown for it, and is told in words', () => {
    fc.assert(
      fc.property(anyClient, anyActs(), (client, acts) => {
        const { steps } = play(begin(client), acts);
        for (const step of steps) {
          expect(deed(step)).not.toBe('');
          if (step.kind === 'refresh') expect(step.row.verdict).toBe(step.verdict.kind);
          else expect(outcome(step)).toBe(null);
        }
        expect(spoken(steps)).not.toMatch(/undefined|null|NaN/);
      }),
    );
  });

  it('guessing changes nothing', () => {
    fc.assert(
      fc.property(anyClient, anyActs(), (client, acts) => {
        const before = play(begin(client), acts);
        const { found, owner, thief } = act(before, 'thief-guess');
        expect({ found, owner, thief }).toEqual({
          found: before.found,
          owner: before.owner,
          thief: before.thief,
        });
      }),
    );
  });
});

it('the grace on the page is the grace of the default policy', () => {
  expect(POLICY.graceMs).toBe(30_000);
  expect(TABLE.find(({ id }) => id === 'grace')?.when).toContain('30 s');
});
