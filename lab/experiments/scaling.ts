/**
 * Whether sessions stand in the way of growth: an authenticated request as live sessions grow from 1 k to 1 M
 * (`scaling/growth.ts`); 1, 2 and 4 server processes on one database, SQLite or PostgreSQL, what they know of each other
 * and what is lost when one is killed (`scaling/farm.ts`); and a farm to which everything is done at once
 * (`scaling/chaos.ts`). Full mode: 4 steps of 40 to 90 seconds, 9 of about 65, and one of 140. Quick mode: 2 steps of
 * about 5 seconds, 3 of 4 to 12, and one of about 27.
 */

import type { Experiment, Plan, Step } from '../harness/experiment.js';
import { MODELS } from '../harness/observation.js';
import { measureChaos } from './scaling/chaos.js';
import { measureFarm } from './scaling/farm.js';
import { measureGrowth, SIZES } from './scaling/growth.js';

export const experiment: Experiment = {
  name: 'scaling',
  title: 'More sessions, more servers',
  steps: ({ mode, rounds }: Plan): readonly Step[] => [
    ...SIZES[mode].map((sessions) => ({
      id: `sessions-${sessions}`,
      label: `${sessions.toLocaleString('en')} live sessions`,
      run: (bench: Parameters<Step['run']>[0]) => measureGrowth(sessions, bench),
    })),
    ...Array.from({ length: rounds }, (_, round) =>
      MODELS.map((model) => ({
        id: `processes-${model}-${round}`,
        label: `several processes, ${model}, round ${round + 1}`,
        run: (bench: Parameters<Step['run']>[0]) => measureFarm(model, round, bench),
      })),
    ).flat(),
    { id: 'chaos', label: 'a farm, disturbed', run: measureChaos },
  ],
};
