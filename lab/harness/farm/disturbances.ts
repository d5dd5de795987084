/** What is done to a farm while it works: nodes killed, connections to the log broken, the database paused, feeds cut. */

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

export interface DisturbancePlan {
  /** Between the ends of one and the beginning of the next. */
  readonly everyMs: number;
  /** How long the database hangs, at most; above `maxStaleness` now and then. */
  readonly pauseMs: number;
}

/** Disturbs until it is over; how often each was done. */
export async function disturb(
  farm: Farm,
  database: Disturbable,
  plan: DisturbancePlan,
  isOver: () => boolean,
): Promise<Record<Disturbance, number>> {
  const counts: Record<Disturbance, number> = { kill: 0, 'break-listen': 0, pause: 0, 'cut-feeds': 0 };
  for (let turn = 0; !isOver(); turn += 1) {
    await sleep(plan.everyMs * (0.5 + Math.random()));
    if (isOver()) break;
    const what = DISTURBANCES[turn % DISTURBANCES.length] ?? 'kill';
    await once(what, farm, database, plan);
    counts[what] += 1;
  }
  return counts;
}

async function once(
  what: Disturbance,
  farm: Farm,
  database: Disturbable,
  plan: DisturbancePlan,
): Promise<void> {
  switch (what) {
    case 'kill':
      return farm.kill(Math.random() * 1_000);
    case 'break-listen':
      return breakListening(database.url);
    case 'cut-feeds':
      return farm.balancer?.cut();
    case 'pause':
      database.pause();
      await sleep(plan.pauseMs * (0.3 + 0.7 * Math.random()));
      return database.resume();
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

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
