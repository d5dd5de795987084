/**
 * What the feed costs a node: its processor time with so many consumers, less that with none, while it is idle (then
 * heartbeats are all), while each reading of the log brings one revocation, and while each brings a hundred. Rows are
 * written into the log by hand, so that nothing but reading and sending is the node's work.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { ended, startNode } from '../../lab/harness/pinned.js';
import { REPOSITORY } from '../../lab/harness/server.js';
import { bundled } from '../bundle.js';
import { whileWatching } from '../processes.js';
import type { FeedLoad } from './feed-worker.js';
import type { FeedCost } from './results.js';

/** Further apart than two looks at the log, so that each is a piece of its own. */
const APART_MS = 120;
const BURST = 100;

export interface FeedSubject {
  readonly url: string;
  readonly pid: number;
  readonly credentials: readonly string[];
  /** Writes into the node's database. */
  readonly client: pg.Client;
}

export interface FeedPlan {
  readonly consumers: number;
  readonly seconds: number;
  readonly rounds: number;
  say(what: string): void;
}

interface Busy {
  readonly idle: number;
  readonly single: number;
  readonly burst: number;
}

export async function feedCosts(subject: FeedSubject, plan: FeedPlan): Promise<FeedCost[]> {
  const costs: FeedCost[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    plan.say(`round ${round + 1}: the feed without consumers`);
    const alone = await busy(subject, plan.seconds);
    plan.say(`round ${round + 1}: the feed with ${plan.consumers} consumers`);
    const end = await consumers(subject, plan.consumers);
    const followed = await busy(subject, plan.seconds);
    await end();
    costs.push(costOf(alone, followed, plan, round));
  }
  return costs;
}

/** Seconds of processor time within the same time, in the three states. */
async function busy({ pid, client }: FeedSubject, seconds: number): Promise<Busy> {
  const during = async (rows: number) => {
    const { busySeconds } = await whileWatching(pid, async () => {
      for (let written = 0; written < piecesIn(seconds); written++) {
        if (rows > 0) await revoke(client, rows);
        await pause(APART_MS);
      }
    });
    return busySeconds;
  };
  await pause(1_000);
  return { idle: await during(0), single: await during(1), burst: await during(BURST) };
}

function piecesIn(seconds: number): number {
  return Math.ceil((seconds * 1_000) / APART_MS);
}

async function revoke(client: pg.Client, rows: number): Promise<void> {
  await client.query(
    `insert into revocations (at, until, kind, subject, number)
      select $1, $2, 'session-ended', translate(substr(encode(uuid_send(gen_random_uuid()), 'base64'), 1, 22), '+/', '-_'), 0
      from generate_series(1, $3::int)`,
    [Date.now(), Date.now() + 335_000, rows],
  );
}

function costOf(alone: Busy, followed: Busy, { consumers, seconds }: FeedPlan, round: number): FeedCost {
  const pieces = piecesIn(seconds);
  const beats = (pieces * APART_MS) / 1_000;
  const idle = (followed.idle - alone.idle) / consumers;
  const single = (followed.single - alone.single) / consumers - idle;
  const burst = (followed.burst - alone.burst) / consumers - idle;
  const event = Math.max(0, (burst - single) / (pieces * (BURST - 1)));
  return {
    round,
    consumers,
    heartbeatMicroseconds: Math.max(0, (idle / beats) * 1e6),
    pieceMicroseconds: Math.max(0, (single / pieces - event) * 1e6),
    eventMicroseconds: event * 1e6,
  };
}

/** Resolves when all follow, to what ends them. */
async function consumers(
  { url, credentials }: FeedSubject,
  connections: number,
): Promise<() => Promise<void>> {
  const line = [await bundled('postgres/feed-worker.ts')];
  const child = startNode({ line, side: 'load', folder: REPOSITORY, environment: {} });
  const load: FeedLoad = { url, credentials, connections };
  child.stdin?.write(`${JSON.stringify(load)}\n`);
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`the consumers ended:\n${said}`)));
  });
  return async () => {
    await ended(child, 'SIGTERM');
  };
}
