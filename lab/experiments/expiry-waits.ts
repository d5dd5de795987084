/**
 * Visitors who are idle for a bit less and a bit more than each lifetime, visitors in steady use up to the absolute
 * lifetime, and renewals just before, at and just after the told expiry. Lifetimes are short and really waited for.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../harness/observation.js';
import { atInstant, isLate, until } from './expiry-instants.js';
import { counted, type Outcome } from './expiry-outcomes.js';
import type { Site } from './expiry-servers.js';
import type { Manner, Visitor } from './visitor.js';

/** A bit more and a bit less: milliseconds. */
const NEAR = 400;
/** Times in a JWT are whole seconds, so a session may lose up to one at its absolute end. */
const NEAR_THE_END = 1_200;
const USES_EVERY = 400;
const BOUNDARY = [-1_000, -100, 0, 100, 1_000];

const PATIENT: Manner = { renews: 'when refused', now: Date.now, skewMs: 0, marginMs: 0 };

/**
 * Sign-ins cost the server more than anything else, so whoever has to be on time soon signs in last, when the others have
 * done with it and wait.
 */
export async function waits(site: Site, clients: number, round: number): Promise<Observation[]> {
  const each = <Made>(make: () => Made[]) => Array.from({ length: clients }, make).flat();
  const { long, short } = idlers(site);
  const slow = each(() => [...users(site), ...long.map((wait) => wait())]);
  const boundary = each(() => BOUNDARY.map((offset) => renewal(site, offset)));
  const quick = each(() => [...short.map((wait) => wait()), usedOnce(site)]);
  return [
    ...counted(site.setting, 'waiting', round, await Promise.all([...quick, ...slow])),
    ...counted(site.setting, 'boundary', round, await Promise.all(boundary)),
  ];
}

async function renewal(site: Site, offset: number): Promise<Outcome> {
  const visitor = await site.signIn(PATIENT);
  // Later than the next of these instants it would be another case.
  const tolerance = offset < 1_000 ? 90 : null;
  const { expiresAt } = visitor.held;
  const outcome = await atInstant(site, visitor, expiresAt + offset, tolerance, () => visitor.renew());
  return { case: boundaryName(offset), ...outcome };
}

function boundaryName(offset: number): string {
  if (offset === 0) return 'at the told expiry';
  return `${Math.abs(offset)} ms ${offset < 0 ? 'before' : 'after'} the told expiry`;
}

type Wait = () => Promise<Outcome>;

function idlers(site: Site): { readonly long: readonly Wait[]; readonly short: readonly Wait[] } {
  const { lifetimes, tokenSeconds } = site;
  const idle = lifetimes.idle * 1000;
  const accessEnds = ({ held }: Visitor) =>
    tokenSeconds === lifetimes.access
      ? held.expiresAt - held.serverTime
      : // Where no token ends by then, the same time is waited.
        lifetimes.access * 1000;
  const idler =
    (name: string, waitOf: (visitor: Visitor) => number, toleranceMs: number | null) => async () => {
      const visitor = await site.signIn(PATIENT);
      const instant = visitor.held.serverTime + waitOf(visitor);
      const outcome = await atInstant(site, visitor, instant, toleranceMs, () => visitor.use());
      return { case: name, ...outcome };
    };
  return {
    short: [
      idler(
        'idle for a bit less than the access lifetime',
        (visitor) => accessEnds(visitor) - NEAR,
        NEAR / 2,
      ),
      idler('idle for a bit more than the access lifetime', (visitor) => accessEnds(visitor) + NEAR, NEAR),
    ],
    long: [
      idler('idle for 60 % of the idle lifetime', () => idle * 0.6, NEAR),
      idler('idle for a bit less than the idle lifetime', () => idle - NEAR, NEAR / 2),
      idler('idle for a bit more than the idle lifetime', () => idle + NEAR, null),
    ],
  };
}

/**
 * Used a moment after the login, and then idle for not quite the idle lifetime. By the user's own watch that is not too
 * long; no model that slides its expiry by renewals, or not at every use, sees it so.
 */
async function usedOnce(site: Site): Promise<Outcome> {
  const idle = site.lifetimes.idle * 1000;
  const visitor = await site.signIn(PATIENT);
  const use = visitor.held.serverTime + 0.035 * idle;
  await until(use);
  await visitor.use();
  const late = isLate(use, 0.01 * idle);
  const instant = use + 0.983 * idle;
  await until(instant);
  const signedOut = !(await visitor.use());
  return {
    case: 'idle for 98 % of the idle lifetime since the last use',
    signedOut,
    promised: true,
    ownPromise: site.ownIdle >= site.lifetimes.idle,
    late: late || (signedOut && isLate(use, idle)),
  };
}

function users(site: Site): Promise<Outcome>[] {
  const absolute = site.lifetimes.absolute * 1000;
  // More than the pause between two uses, so that none of them comes too late.
  const ahead: Manner = { ...PATIENT, renews: 'by its own clock', marginMs: 2 * USES_EVERY };
  const cases: [string, Manner, number][] = [
    ['in use, renewing when refused, nearly up to the absolute lifetime', PATIENT, -NEAR_THE_END],
    ['in use, renewing ahead, nearly up to the absolute lifetime', ahead, -NEAR_THE_END],
    ['in use, renewing ahead, beyond the absolute lifetime', ahead, NEAR],
  ];
  return cases.map(async ([name, manner, offset]) => {
    const visitor = await site.signIn(manner);
    const ends = visitor.signedInAt + absolute + offset;
    let late = false;
    while (!visitor.signedOut && Date.now() + USES_EVERY < ends) {
      const due = Date.now();
      await visitor.use();
      late ||= visitor.signedOut && isLate(due, USES_EVERY);
      await sleep(USES_EVERY);
      late ||= isLate(due, 3 * USES_EVERY);
    }
    const early = visitor.signedOut && Date.now() < visitor.signedInAt + absolute - NEAR_THE_END;
    await until(ends);
    const signedOut = !(await visitor.use());
    const promised = offset < 0;
    // Who did not get so far shows nothing of the end.
    const nothing = promised ? late || isLate(ends, NEAR_THE_END / 2) : early;
    return { case: name, signedOut, promised, ownPromise: promised, late: signedOut && nothing };
  });
}
