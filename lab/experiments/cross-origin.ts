/**
 * Cookies and CORS in real Chromium: a page on the server's origin, on another port, on a sibling subdomain and on a
 * foreign site, on the list of allowed origins and off it, with the cookie and with a bearer token: which flows work. And
 * hostile pages against somebody who is signed in by cookie: what gets through. One step per model and round: about
 * 6 s in quick mode, 8 s in full mode.
 */

import { type Bench, type Experiment, type Mode, stepsOfModels } from '../harness/experiment.js';
import type { Model, Observation } from '../harness/observation.js';
import { freshProfile, newPerson, openPage, startSite } from '../harness/site.js';
import { observeAttacks } from './cross-origin/attacks.js';
import { observeFlows } from './cross-origin/flows.js';
import { ALL_PLACES, FRONT_PORTS, listedOrigins, originOf, type Place } from './cross-origin/places.js';
import { type Attack, attacksFor, BY_TRUSTED_SCRIPT } from './cross-origin/vectors.js';

const DELIVERIES = ['cookie', 'bearer'] as const;

export const experiment: Experiment = {
  name: 'cross-origin',
  title: 'Cookies and CORS',
  steps: (plan) => stepsOfModels(plan, measure),
};

async function measure(model: Model, round: number, { plan, folder, say }: Bench): Promise<Observation[]> {
  const site = await startSite({ model, folder, ports: FRONT_PORTS, allowed: listedOrigins });
  try {
    const observations: Observation[] = [];
    const cast = {
      victim: await newPerson(site, 'victim'),
      attacker: await newPerson(site, 'attacker'),
    };
    const profile = await freshProfile(site);
    const own = await openPage(profile, site.origin);
    for (const place of ALL_PLACES) {
      say(`a page on ${place.name}${place.listed ? ', listed' : ''}`);
      const page = await openPage(profile, originOf(place, site.front.ports));
      const visit = { site, profile, own, page, place };
      for (const delivery of DELIVERIES)
        observations.push(...(await observeFlows(visit, cast.victim, { delivery, model, round })));
      const attacks = attacksFrom(place, plan.mode);
      observations.push(...(await observeAttacks(visit, cast, { attacks, model, round })));
      await page.close();
    }
    return observations;
  } finally {
    await site.end();
  }
}

/** Hostile pages are those that nobody has listed; the others show what they were spared. */
function attacksFrom({ name, listed }: Place, mode: Mode): readonly Attack[] {
  return listed || name === 'same origin' ? BY_TRUSTED_SCRIPT : attacksFor(mode);
}
