/**
 * What was promised for an instant, and whether the machine was too slow for the outcome to show anything. A visitor
 * who came late and was let in all the same shows what it should; one who was signed out may be so for being late.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './expiry-outcomes.js';
import type { Site } from './expiry-servers.js';
import type { Visitor } from './visitor.js';

type Promises = Pick<Outcome, 'promised' | 'ownPromise'>;

/** Says of any instant whether a session that is idle since now should live at it. */
function promisesOf(
  { lifetimes, ownIdle, tokenSeconds }: Site,
  { held, signedInAt }: Visitor,
): (instant: number) => Promises {
  // Where the server tells when an idle session ends, to the millisecond; else by the time of its answer.
  const told = held.diesAt ?? (tokenSeconds === null ? held.expiresAt : null);
  return (instant) => {
    const young = instant < signedInAt + lifetimes.absolute * 1000;
    return {
      promised: young && instant < (told ?? held.serverTime + lifetimes.idle * 1000),
      ownPromise: young && instant < (told ?? held.serverTime + ownIdle * 1000),
    };
  };
}

/**
 * Does something at an instant of a visitor who is idle until then. `toleranceMs` says how much later it would be
 * something else; null where it may be as late as it likes while the promise is the same.
 */
export async function atInstant(
  site: Site,
  visitor: Visitor,
  instant: number,
  toleranceMs: number | null,
  stays: () => Promise<boolean>,
): Promise<Omit<Outcome, 'case'>> {
  const promises = promisesOf(site, visitor);
  await until(instant);
  const signedOut = !(await stays());
  const tooLate = toleranceMs !== null && isLate(instant, toleranceMs);
  const otherPromise = promises(Date.now()).promised !== promises(instant).promised;
  return { signedOut, ...promises(instant), late: signedOut && (tooLate || otherPromise) };
}

/** Whether what should have been done at that instant may have reached the server more than so much later. */
export function isLate(instant: number, byMs: number): boolean {
  return Date.now() > instant + byMs;
}

export async function until(instant: number): Promise<void> {
  await sleep(Math.max(0, instant - Date.now()));
}
