/** One evening in three worlds: what the page shows of each model is what the server guarantees of it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occasionsOf } from '../../../console/src/pages/learn/occasions.js';
import { DEEDS, type Deed, type World } from '../../../console/src/pages/learn/world.js';
import { beginWorld, doDeed } from '../../../console/src/pages/learn/worlds.js';
import { MODEL_NAMES, type ModelName } from '../../../src/entities/session-model.js';
import { GUARANTEES } from '../../../src/session/guarantees.js';

const live = (model: ModelName, deeds: readonly Deed[]): World => deeds.reduce(doDeed, beginWorld(model));
const answers = (deeds: readonly Deed[]) =>
  Object.fromEntries(MODEL_NAMES.map((model) => [model, live(model, deeds).last?.kind]));

describe('the same deeds', () => {
  it('a copy works after logging out in the stateless world only', () => {
    expect(answers(['steal', 'logout', 'thief-request'])).toEqual({
      stateful: 'no',
      stateless: 'yes',
      hybrid: 'no',
    });
  });

  it('logging out everywhere is beyond the stateless world', () => {
    expect(answers(['logout-everywhere'])).toEqual({ stateful: 'done', stateless: 'cannot', hybrid: 'done' });
  });

  it('a thief who goes on is found out in the hybrid world only', () => {
    expect(answers(['steal', 'wait', 'thief-request'])).toEqual({
      stateful: 'yes',
      stateless: 'yes',
      hybrid: 'no',
    });
  });

  it('a leaked key forges in two worlds, until it is revoked', () => {
    expect(answers(['leak-key', 'forge'])).toEqual({ stateful: 'no', stateless: 'yes', hybrid: 'yes' });
    const revoked: readonly Deed[] = ['leak-key', 'forge', 'revoke-key'];
    expect(answers([...revoked, 'thief-request'])).toEqual({ stateful: 'no', stateless: 'no', hybrid: 'no' });
    expect(answers([...revoked, 'request'])).toEqual({ stateful: 'yes', stateless: 'no', hybrid: 'yes' });
  });

  it('a forged access token of the hybrid world buys no more than five minutes', () => {
    expect(answers(['leak-key', 'forge', 'wait', 'thief-request'])).toMatchObject({
      stateless: 'yes',
      hybrid: 'no',
    });
  });
});

describe.each(MODEL_NAMES)('the %s world', (model) => {
  it('asks the database as often as it promises', () => {
    const asked = live(model, ['request', 'request', 'request']).reads;
    expect(asked).toBe(3 * GUARANTEES[model].storeReadsPerRequest);
  });

  it('answers every deed, in words, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DEEDS), { minLength: 1, maxLength: 30 }), (deeds) => {
        expect(live(model, deeds).last?.text).toMatch(/\.$/);
      }),
    );
  });

  it('is described for every occasion', () => {
    expect(occasionsOf(model).map(({ title }) => title)).toEqual(
      occasionsOf('hybrid').map(({ title }) => title),
    );
  });
});
