/**
 * From the answer to a logout at one node until readers of every node's feed have heard of it: on one machine, by one
 * clock. Counted to the arrival of the event, so never too short.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { logout } from '../../lab/harness/client.js';
import { quantile } from '../../lab/harness/statistics.js';
import { login, register } from '../signed-in.js';
import { follow } from './feed-reader.js';
import type { FeedLag } from './results.js';

const GIVE_UP_MS = 10_000;

export interface LagPlan {
  readonly nodes: readonly string[];
  readonly verifiersEach: number;
  readonly credential: string;
  readonly logouts: number;
}

export async function feedLag({ nodes, verifiersEach, credential, logouts }: LagPlan): Promise<FeedLag> {
  const heardAt = new Map<string, number[]>();
  const heard = (data: string) => {
    const { sid } = JSON.parse(data) as { sid?: string };
    if (sid !== undefined) heardAt.get(sid)?.push(performance.now());
  };
  const verifiers = nodes.length * verifiersEach;
  const readers = await Promise.all(
    nodes.flatMap((url) => Array.from({ length: verifiersEach }, () => follow(url, credential, heard))),
  );
  const email = `lag${Math.random()}@example.test`;
  await register(nodes[0] ?? '', email);
  const lags: number[] = [];
  for (let count = 0; count < logouts; count++) {
    const url = nodes[count % nodes.length] ?? '';
    const { accessToken: bearer, sessionId } = await login(url, email);
    const arrivals: number[] = [];
    heardAt.set(sessionId, arrivals);
    await logout(url, { bearer });
    const returnedAt = performance.now();
    while (arrivals.length < verifiers) {
      if (performance.now() - returnedAt > GIVE_UP_MS) throw new Error('a verifier never heard of a logout');
      await pause(1);
    }
    heardAt.delete(sessionId);
    lags.push(...arrivals.map((at) => Math.max(0, at - returnedAt)));
    // Not in step with anything that polls.
    await pause(37 * (count % 3));
  }
  for (const reader of readers) reader.close();
  lags.sort((a, b) => a - b);
  return {
    nodes: nodes.length,
    verifiers,
    revocations: logouts,
    p50: quantile(lags, 0.5),
    p99: quantile(lags, 0.99),
    max: lags.at(-1) ?? Number.NaN,
  };
}
