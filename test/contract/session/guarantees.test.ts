/** Each guarantee of each model is measured on the model itself, and one that is misstated is found out. */

import { afterEach, describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import { MODEL_NAMES, type ModelName } from '../../../src/entities/session-model.js';
import { GUARANTEES, type Guarantees } from '../../../src/session/guarantees.js';
import { isTrue, MEASURES } from './measures.js';
import { makeWorld, type World } from './world.js';

const NAMES = Object.keys(MEASURES) as (keyof Guarantees)[];

let world: World | null = null;
afterEach(async () => {
  await world?.stop();
  world = null;
});

async function holds(model: ModelName, name: keyof Guarantees, stated: Partial<Guarantees> = {}) {
  world = await makeWorld(model, stated);
  return isTrue(name, world.model.guarantees[name], await MEASURES[name](world));
}

/** Other values that the field may take. */
function misstatements(name: keyof Guarantees, value: Guarantees[keyof Guarantees]) {
  const others = MODEL_NAMES.map((model) => GUARANTEES[model][name]).filter((other) => other !== value);
  if (typeof value === 'boolean') return [!value];
  if (name === 'leakedDatabase') return ['every session'];
  if (typeof value === 'number')
    return [...new Set([...others, value + 1 + value, Math.floor(value / 2) - 1])];
  return [...new Set(others)];
}

describe.each(MODEL_NAMES)('the %s model', (model) => {
  it.each(NAMES)('keeps its word on %s', async (name) => {
    expect(await holds(model, name)).toBe(true);
  });

  const wrong = NAMES.flatMap((name) =>
    misstatements(name, GUARANTEES[model][name]).map((value) => [name, value] as const),
  );
  it.each(wrong)('is found out where it misstates %s as %s', async (name, value) => {
    expect(await holds(model, name, { [name]: value })).toBe(false);
  });

  it('would be found out if a credential of it got into the database', async () => {
    const made = await makeWorld(model);
    world = made;
    const careless: World['signIn'] = async (user, delivery) => {
      const signedIn = await made.signIn(user, delivery);
      const detail = signedIn.tokens.accessToken;
      await made.counterfoil.app.store.audit.append({ ...auditEvent('login.succeeded', 0, {}), detail });
      return signedIn;
    };
    expect(await MEASURES.leakedDatabase({ ...made, signIn: careless })).toBe('every session');
  });
});
