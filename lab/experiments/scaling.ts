/**
 * Whether sessions stand in the way of growth: an authenticated request as live sessions grow from 1 k to 1 M
 * (`scaling/growth.ts`); 1, 2 and 4 server processes on one database, SQLite or PostgreSQL, what they know of each other
 * and what is lost when one is killed (`scaling/farm.ts`); and a farm to which everything is done at once
 * (`scaling/chaos.ts`). Full mode: 4 steps of 40 to 90 seconds, 9 of about 65, and one of 140. Quick mode: 2 steps of
 * about 5 seconds, one of about 10, and one of about 27.
 */

import { type Bench, type Experiment, stepsOfModels } from '../harness/experiment.js';
import { measureChaos } from './scaling/chaos.js';
import { measureFarm } from './scaling/farm.js';
import { measureGrowth, SIZES } from './scaling/growth.js';

export const experiment: Experiment = {
  name: 'scaling',
  title: 'More sessions, more servers',
  steps: (plan) => [
    ...SIZES[plan.mode].map((sessions) => ({
      id: `sessions-${sessions}`,
      label: `${sessions.toLocaleString('en')} live sessions`,
      run: (bench: Bench) => measureGrowth(sessions, bench),
    })),
    ...stepsOfModels(plan, measureFarm, { before: 'processes-', says: 'several processes, ' }),
    { id: 'chaos', label: 'a farm, disturbed', run: measureChaos },
  ],
};
