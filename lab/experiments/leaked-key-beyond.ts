/**
 * How far the revocation of a leaked key reaches beyond one machine (`beyond.ts`): a forgery made with the key that was
 * taken out of PostgreSQL, at another node and at a service that hears of revocations by the feed.
 */

import { ask, mutate } from '../harness/client.js';
import type { Bench } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { OPERATOR } from '../harness/server.js';
import { beyond, untilDeadBeyond } from './beyond.js';
import { forge, stealSigningKeyFrom } from './forgery.js';

/** Keys that leak one after the other. */
const LEAKS = { quick: 1, full: 5 };
const VICTIM = { email: 'victim@example.test', password: 'willow anchor satchel 27', name: 'victim' };

export function revokeBeyond(bench: Bench, model: Model, round: number): Promise<Observation[]> {
  return beyond(bench, model, async (doors) => {
    const here = doors.farm.at(0);
    const { viewer } = await mutate(here, 'register', VICTIM);
    const userId = viewer?.id ?? '';
    const { data } = await ask(here, '{ serverInfo { issuer accessTokenLifetime sessionModel } }');
    const info = data?.['serverInfo'] as
      | { issuer: string; accessTokenLifetime: number; sessionModel: string }
      | undefined;
    if (info === undefined) throw new Error('the server says nothing of itself');
    const server = { ...info, accessSeconds: info.accessTokenLifetime, model: info.sessionModel };
    const observations: Observation[] = [];
    for (let leak = 0; leak < LEAKS[bench.plan.mode]; leak += 1) {
      bench.say(`leak ${leak + 1}`);
      const key = await stealSigningKeyFrom(doors.url);
      const forgery = await forge(key, server, { userId });
      // Signed in anew each time: in the stateless model the operator's own token dies with the key.
      const { tokens } = await mutate(here, 'login', OPERATOR);
      const bearer = tokens?.accessToken ?? null;
      const input = { kid: key.kid, reason: 'leaked' };
      const seen = await untilDeadBeyond(doors, forgery, () =>
        mutate(here, 'revokeSigningKey', input, { bearer }),
      );
      observations.push(...seen.map((each) => ({ ...each, model, round })));
    }
    return observations;
  });
}
