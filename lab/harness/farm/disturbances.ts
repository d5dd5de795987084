/** What is done to a farm while it works: nodes killed, connections to the log broken, the database paused, feeds cut. */

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Farm } from './farm.js';

/** The database server, as far as it can be disturbed. */
export interface Disturbable {
  readonly url: string;
  /** Stops every process of it, as a machine that hangs would. */
  pause(): void;
  resume(): void;
}

export const DISTURBANCES = ['kill', 'break-listen', 'pause', 'cut-feeds'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

/** What has not been done by then, after the time was over, is not done. */
const GIVE_UP_MS = 300_000;

export interface DisturbancePlan {
  /** Between the ends of one and the beginning of the next. */
  readonly everyMs: number;
  /** How long the database hangs, at most; above `maxStaleness` now and then. */
  readonly pauseMs: number;
}

/** Disturbs until it is over, and each thing was done; how often each was. Gives up on what could not be done in time. */
export async function disturb(
  farm: Farm,
  database: Disturbable,
  plan: DisturbancePlan,
  isOver: () => boolean,
): Promise<Record<Disturbance, number>> {
  const counts: Record<Disturbance, number> = { kill: 0, 'break-listen': 0, pause: 0, 'cut-feeds': 0 };
  const isDone = () => isOver() && DISTURBANCES.every((what) => counts[what] > 0);
  const deadline = performance.now() + GIVE_UP_MS;
  for (let turn = 0; !isDone(); turn += 1) {
    if (isOver() && performance.now() > deadline) break;
    await sleep(plan.everyMs * (0.5 + Math.random()));
    if (isDone()) break;
    const what = DISTURBANCES[turn % DISTURBANCES.length] ?? 'kill';
    farm.disturbedAt = performance.now();
    await once(what, farm, database, plan, counts);
    farm.disturbedAt = performance.now();
  }
  return counts;
}

async function once(
  what: Disturbance,
  farm: Farm,
  database: Disturbable,
  plan: DisturbancePlan,
  counts: Record<Disturbance, number>,
): Promise<void> {
  counts[what] += 1;
  switch (what) {
    case 'kill':
      return farm.kill(Math.random() * 1_000);
    case 'break-listen':
      return breakListening(database.url);
    case 'cut-feeds':
      return farm.balancer?.cut();
    case 'pause': {
      database.pause();
      // Troubles do not come one by one: every second time a node dies while the database hangs.
      const death = counts.pause % 2 === 0 ? farm.kill(0) : Promise.resolve();
      if (counts.pause % 2 === 0) counts.kill += 1;
      await sleep(plan.pauseMs * (0.3 + 0.7 * Math.random()));
      database.resume();
      return death;
    }
  }
}

/** Ends the connection of every node that waits for news of the log. */
async function breakListening(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'counterfoil log'`,
    );
  } finally {
    await client.end();
  }
}
