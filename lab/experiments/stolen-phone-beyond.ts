/**
 * How far the logout of all devices reaches beyond one machine (`beyond.ts`). A service that knows only the public keys
 * has no need of PostgreSQL: see `stolen-phone-outlive.ts`.
 */

import { mutate } from '../harness/client.js';
import type { Bench } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { type Beyond, beyond, type Seen, untilDeadBeyond } from './beyond.js';

const OWNERS = { quick: 2, full: 20 };
/** Of a model that cannot log out: there is nothing to wait for. */
const SHORT_PATIENCE_MS = 1_000;
const PASSWORD = 'harbour velvet pencil 62';

export function logOutBeyond(bench: Bench, model: Model, round: number): Promise<Observation[]> {
  return beyond(bench, model, async (doors) => {
    const observations: Observation[] = [];
    // The first mutation of a fresh process is slow for other reasons.
    await oneOwner(doors, 'warming-up', model);
    for (let owner = 0; owner < OWNERS[bench.plan.mode]; owner += 1) {
      bench.say(`owner ${owner + 1}`);
      const found = await oneOwner(doors, `owner-${owner}`, model);
      observations.push(...found.map((each) => ({ ...each, model, round })));
      // Each costs all the patience.
      if (found.some(({ metric, value }) => metric === 'dead' && value === false)) break;
    }
    return observations;
  });
}

async function oneOwner(doors: Beyond, name: string, model: Model): Promise<Seen[]> {
  const person = { email: `${name}@example.test`, password: PASSWORD };
  const here = doors.farm.at(0);
  await mutate(here, 'register', { ...person, name });
  const phone = await mutate(here, 'login', { ...person, deviceName: 'phone' });
  const laptop = await mutate(here, 'login', { ...person, deviceName: 'laptop' });
  const bearer = laptop.tokens?.accessToken ?? null;
  return untilDeadBeyond(
    doors,
    phone.tokens?.accessToken ?? '',
    () => mutate(here, 'logoutAllDevices', {}, { bearer }),
    model === 'stateless' ? SHORT_PATIENCE_MS : undefined,
  );
}
