/**
 * Two tabs that hold the same credential and renew it, and answers that are lost on the way and asked for again. By the
 * lifetimes nobody should be signed out here: whoever is, was taken for a thief.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../harness/observation.js';
import { counted, type Outcome } from './expiry-outcomes.js';
import type { Site } from './expiry-servers.js';
import type { Manner, Visitor } from './visitor.js';

/** Seconds; short, so that its end can be waited for. */
export const GRACE = 1;
const AFTER_THE_GRACE_MS = GRACE * 1000 + 400;

const PLAIN: Manner = { renews: 'when refused', now: Date.now, skewMs: 0, marginMs: 0 };

/** What happens to one session; the visitors it returns should all be signed in. */
type Play = (first: Visitor) => Promise<readonly Visitor[]>;

const PLAYS: Readonly<Record<string, Play>> = {
  'two tabs at once, no idempotency key': (tab) => together(tab, null, null),
  'two tabs at once, one key that they share': (tab) => {
    const key = randomUUID();
    return together(tab, key, key);
  },
  'two tabs at once, a key of its own each': (tab) => together(tab, randomUUID(), randomUUID()),
  'two tabs that share nothing, the second after the grace': async (tab) => {
    const other = tab.twin();
    await tab.renew();
    await sleep(AFTER_THE_GRACE_MS);
    await other.renew();
    return [tab, other];
  },
  'answer lost, asked again at once with the same key': (visitor) => again(visitor, randomUUID(), 0),
  'answer lost, asked again after the grace with the same key': (visitor) =>
    again(visitor, randomUUID(), AFTER_THE_GRACE_MS),
  'answer lost, asked again at once without a key': (visitor) => again(visitor, null, 0),
  'answer lost, asked again after the grace without a key': (visitor) =>
    again(visitor, null, AFTER_THE_GRACE_MS),
};

async function together(tab: Visitor, one: string | null, two: string | null): Promise<Visitor[]> {
  const other = tab.twin();
  await Promise.all([tab.renew(one), other.renew(two)]);
  return [tab, other];
}

async function again(visitor: Visitor, key: string | null, waitMs: number): Promise<Visitor[]> {
  await visitor.renewInVain(key);
  await sleep(waitMs);
  await visitor.renew(key);
  return [visitor];
}

export async function races(site: Site, sessions: number, round: number): Promise<Observation[]> {
  const played = Object.entries(PLAYS).flatMap(([name, play]) =>
    Array.from({ length: sessions }, async (): Promise<Outcome> => {
      const visitor = await site.signIn(PLAIN);
      const began = performance.now();
      const tabs = await play(visitor);
      const stayed = await Promise.all(tabs.map((tab) => tab.use()));
      // What was to happen at once must have happened within the grace; the rest has all the time there is.
      const slow = !name.includes('after the grace') && performance.now() - began > GRACE * 1000;
      const signedOut = stayed.includes(false);
      return { case: name, signedOut, promised: true, ownPromise: true, late: signedOut && slow };
    }),
  );
  return counted(site.setting, 'races', round, await Promise.all(played));
}
