/**
 * Visitors who are idle for a bit less and a bit more than each lifetime, visitors in steady use up to the absolute
 * lifetime, and renewals just before, at and just after the told expiry. Lifetimes are short and really waited for.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../harness/observation.js';
import { counted, type Outcome, type Site } from './expiry-servers.js';
import type { Manner, Visitor } from './visitor.js';

/** A bit more and a bit less: milliseconds. */
const NEAR = 400;
/** Times in a JWT are whole seconds, so a session may lose up to one at its absolute end. */
const NEAR_THE_END = 1_200;
const USES_EVERY = 400;
const BOUNDARY = [-1_000, -100, 0, 100, 1_000];

const PATIENT: Manner = { renews: 'when refused', now: Date.now, skewMs: 0, marginMs: 0 };

export async function waits(site: Site, clients: number, round: number): Promise<Observation[]> {
  const each = Array.from({ length: clients });
  const idle = await Promise.all(each.flatMap(() => [...idlers(site), ...users(site)]));
  return counted(site.setting, 'waiting', round, idle);
}

export async function boundary(site: Site, clients: number, round: number): Promise<Observation[]> {
  const renewals = BOUNDARY.flatMap((offset) =>
    Array.from({ length: clients }, async (): Promise<Outcome> => {
      const visitor = await site.signIn(PATIENT);
      const instant = visitor.held.expiresAt + offset;
      const promises = promisesAt(site, visitor, instant);
      await until(instant);
      const renewed = await visitor.renew();
      return { case: boundaryName(offset), signedOut: !renewed, ...promises, late: isLate(instant, 90) };
    }),
  );
  return counted(site.setting, 'boundary', round, await Promise.all(renewals));
}

function boundaryName(offset: number): string {
  if (offset === 0) return 'at the told expiry';
  return `${Math.abs(offset)} ms ${offset < 0 ? 'before' : 'after'} the told expiry`;
}

/** Whether a session that was last heard of when its credential came should live at that instant. */
function promisesAt(
  { lifetimes, ownIdle, tokenSeconds }: Site,
  { held, signedInAt }: Visitor,
  instant: number,
) {
  const young = instant < signedInAt + lifetimes.absolute * 1000;
  // Where the server tells when an idle session ends, to the millisecond; else by the time of its answer.
  const told = held.diesAt ?? (tokenSeconds === null ? held.expiresAt : null);
  return {
    promised: young && instant < (told ?? held.serverTime + lifetimes.idle * 1000),
    ownPromise: young && instant < (told ?? held.serverTime + ownIdle * 1000),
  };
}

function idlers(site: Site): Promise<Outcome>[] {
  const { lifetimes, tokenSeconds } = site;
  const idle = lifetimes.idle * 1000;
  const accessEnds = ({ held }: Visitor) =>
    tokenSeconds === lifetimes.access
      ? held.expiresAt - held.serverTime
      : // Where no token ends by then, the same time is waited.
        lifetimes.access * 1000;
  const cases: [string, (visitor: Visitor) => number][] = [
    ['idle for a bit less than the access lifetime', (visitor) => accessEnds(visitor) - NEAR],
    ['idle for a bit more than the access lifetime', (visitor) => accessEnds(visitor) + NEAR],
    ['idle for 60 % of the idle lifetime', () => idle * 0.6],
    ['idle for a bit less than the idle lifetime', () => idle - NEAR],
    ['idle for a bit more than the idle lifetime', () => idle + NEAR],
  ];
  const plain = cases.map(async ([name, waitOf]) => {
    const visitor = await site.signIn(PATIENT);
    const instant = visitor.held.serverTime + waitOf(visitor);
    const promises = promisesAt(site, visitor, instant);
    await until(instant);
    const signedOut = !(await visitor.use());
    return { case: name, signedOut, ...promises, late: isLate(instant, NEAR / 2) };
  });
  return [...plain, usedOnce(site)];
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
    late: late || isLate(instant, 0.015 * idle),
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
      await sleep(USES_EVERY);
      late ||= isLate(due, 2 * USES_EVERY);
    }
    await until(ends);
    const signedOut = !(await visitor.use());
    const promised = offset < 0;
    return { case: name, signedOut, promised, ownPromise: promised, late: late || isLate(ends, NEAR / 2) };
  });
}

/** Whether what should have been done at that instant may have reached the server more than so much later. */
function isLate(instant: number, byMs: number): boolean {
  return Date.now() > instant + byMs;
}

async function until(instant: number): Promise<void> {
  await sleep(Math.max(0, instant - Date.now()));
}
