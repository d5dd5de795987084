/**
 * "Sessions expire at odd moments": visitors of one and the same simple manner on servers of each model, and a count of
 * who was sent to the sign-in page although the lifetimes had not passed. Full mode: 3 steps of 25 seconds, 3 of
 * 23, 3 of 9. Quick mode: 3 steps of 7 to 13. Nearly all of it is waiting.
 */

import type { Experiment, Plan, Step } from '../harness/experiment.js';
import { GRACE, races } from './expiry-races.js';
import { atEverySetting } from './expiry-servers.js';
import { fastClock, SKEW_LIFETIMES, type SkewPlan, skewed } from './expiry-skew.js';
import { waits } from './expiry-waits.js';

/** In seconds. A token of less than 3 s would be mostly rounding, since the times in a JWT are whole seconds. */
const WAITED = {
  quick: { access: 3, idle: 6, absolute: 8 },
  full: { access: 4, idle: 10, absolute: 20 },
};
/** Visitors per case and step. More of them would keep each other waiting, and there are rounds. */
const CLIENTS = { quick: 1, full: 3 };
const DAYS = { access: 300, idle: 14 * 86_400, absolute: 90 * 86_400 };
/** A stateless token may live for a day at most. */
const RACING = { ...DAYS, idle: 86_400 };

function skewPlan({ mode }: Plan): SkewPlan {
  const quick = mode === 'quick';
  return {
    skews: quick ? [-120, 0, 120] : [-120, -90, -60, -30, 0, 30, 60, 90, 120],
    clients: 1,
    // Long enough for the slowest clock to meet an expiry in quick mode, and three of them in full mode.
    forSeconds: quick ? 480 : 1080,
    speed: quick ? 120 : 60,
  };
}

function steps(plan: Plan): Step[] {
  const clients = CLIENTS[plan.mode];
  return Array.from({ length: plan.rounds }, (_, round): Step[] => [
    {
      id: `waiting-${round}`,
      label: 'visitors idle across each lifetime, renewals at the boundary',
      run: (bench) =>
        atEverySetting(bench, WAITED[plan.mode], {}, (site) => {
          bench.say('waiting for lifetimes to pass');
          return waits(site, clients, round);
        }),
    },
    {
      id: `skew-${round}`,
      label: 'visitors with wrong clocks',
      run: (bench) => {
        const skew = skewPlan(plan);
        return atEverySetting(bench, SKEW_LIFETIMES, fastClock(skew), (site) => skewed(site, skew, round));
      },
    },
    {
      id: `races-${round}`,
      label: 'two tabs, lost answers',
      run: (bench) =>
        atEverySetting(bench, RACING, { COUNTERFOIL_REUSE_GRACE: String(GRACE) }, (site) =>
          races(site, clients * 3, round),
        ),
    },
  ]).flat();
}

export const experiment: Experiment = {
  name: 'expiry',
  title: 'Expiry trouble',
  steps,
};
