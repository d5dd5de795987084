/**
 * Cookies and CORS in real Chromium: a page on the server's origin, on another port, on a sibling subdomain and on a
 * foreign site, on the list of allowed origins and off it, with the cookie and with a bearer token: which flows work. And
 * hostile pages against somebody who is signed in by cookie: what gets through. One step per model and round.
 */

import type { Bench, Experiment, Plan, Step } from '../harness/experiment.js';
import { MODELS, type Model, type Observation } from '../harness/observation.js';
import { newPerson, startSite } from '../harness/site.js';
import { ATTACKS, CONTROLS, observeAttacks } from './cross-origin/attacks.js';
import { observeFlows } from './cross-origin/flows.js';
import { ALL_PLACES, FRONT_PORTS, listedOrigins } from './cross-origin/places.js';

const DELIVERIES = ['cookie', 'bearer'] as const;
const [OWN_ORIGIN] = ALL_PLACES;

export const experiment: Experiment = {
  name: 'cross-origin',
  title: 'Cookies and CORS',
  steps: ({ rounds }: Plan): readonly Step[] =>
    Array.from({ length: rounds }, (_, round) =>
      MODELS.map((model) => ({
        id: `${model}-${round}`,
        label: `${model}, round ${round + 1}`,
        run: (bench: Bench) => measure(model, round, bench),
      })),
    ).flat(),
};

async function measure(model: Model, round: number, { folder, say }: Bench): Promise<Observation[]> {
  const site = await startSite({ model, folder, ports: FRONT_PORTS, allowed: listedOrigins });
  try {
    const observations: Observation[] = [];
    const [victim, attacker] = [await newPerson(site, 'victim'), await newPerson(site, 'attacker')];
    for (const place of ALL_PLACES) {
      for (const delivery of DELIVERIES) {
        say(`a page on ${place.name}${place.listed ? ', listed' : ''}, by ${delivery}`);
        observations.push(...(await observeFlows(site, victim, place, { delivery, model, round })));
      }
    }
    for (const place of ALL_PLACES.filter(({ name, listed }) => !listed && name !== 'same origin')) {
      say(`attacks from ${place.name}`);
      const attacked = { attacks: ATTACKS, model, round };
      observations.push(...(await observeAttacks(site, { victim, attacker }, place, attacked)));
    }
    if (OWN_ORIGIN !== undefined) {
      const controls = { attacks: CONTROLS, model, round };
      observations.push(...(await observeAttacks(site, { victim, attacker }, OWN_ORIGIN, controls)));
    }
    return observations;
  } finally {
    await site.end();
  }
}
