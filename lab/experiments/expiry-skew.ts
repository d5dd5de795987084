/**
 * Visitors in steady use whose clocks are wrong by up to two minutes, with tokens of the default 300 s. So that nobody
 * waits for a quarter of an hour, the server's clock runs faster once all have signed in: `Date.now` in its process, and
 * nothing else, is multiplied, and the visitors live by the same time.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../harness/observation.js';
import { counted, type Outcome } from './expiry-outcomes.js';
import { modelOf, type Site } from './expiry-servers.js';
import type { Manner, Visitor } from './visitor.js';

export interface SkewPlan {
  /** Seconds ahead; negative for behind. */
  readonly skews: readonly number[];
  readonly clients: number;
  /** Seconds of the fast clock. */
  readonly forSeconds: number;
  readonly speed: number;
}

export const SKEW_LIFETIMES = { access: 300, idle: 6 * 3600, absolute: 24 * 3600 };

const USES_EVERY_SECONDS = 20;
/** So much of a token's life may have passed before its visitor begins: half of it. */
const TO_SIGN_IN_MS = 150_000;
const HURRY = 'SIGUSR2';
/** Longer than the pause between two uses, so that a visitor with a right clock never comes too late. */
const MARGIN_MS = 60_000;
/** Who comes so long after the last use may be signed out for that, with a clock that is little wrong. */
const LATE_MS = 30_000;

/**
 * Lets a server's clock run fast from a signal on. Its own idea of staleness must be lax, since it polls by unhurried
 * timers.
 */
export function fastClock({ speed }: SkewPlan): Record<string, string> {
  const script = `const now = Date.now;
    let from = Infinity;
    process.on('${HURRY}', () => { from = now(); });
    Date.now = () => Math.round(now() < from ? now() : from + (now() - from) * ${speed});`;
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    COUNTERFOIL_MAX_STALENESS: '300',
  };
}

export async function skewed(site: Site, plan: SkewPlan, round: number): Promise<Observation[]> {
  let from = Number.POSITIVE_INFINITY;
  const now = () => (Date.now() < from ? Date.now() : from + (Date.now() - from) * plan.speed);
  const byClock = (renews: Manner['renews'], skew: number): Manner => ({
    renews,
    now,
    skewMs: skew * 1000,
    marginMs: MARGIN_MS,
  });
  const manners = [
    byClock('when refused', 0),
    ...plan.skews.flatMap((skew) => [
      byClock('by its own clock', skew),
      byClock("by the server's clock", skew),
    ]),
  ];
  // All sign in before anybody begins: hashing passwords keeps the server from everything else.
  const visitors = await Promise.all(
    manners.flatMap((manner) => Array.from({ length: plan.clients }, () => site.signIn(manner))),
  );
  await site.together();
  process.kill(site.pid, HURRY);
  from = Date.now();
  const lives = await Promise.all(visitors.map((visitor) => live(visitor, plan)));
  return manners.flatMap((manner) => {
    const own = lives.filter(({ visitor }) => visitor.manner === manner);
    return observe(site, manner, own, plan, round);
  });
}

interface Life {
  readonly visitor: Visitor;
  readonly late: boolean;
}

async function live(visitor: Visitor, plan: SkewPlan): Promise<Life> {
  const { now } = visitor.manner;
  const began = now();
  let late = began > visitor.signedInAt + TO_SIGN_IN_MS;
  while (!visitor.signedOut && now() < began + plan.forSeconds * 1000) {
    const last = now();
    await sleep((USES_EVERY_SECONDS * 1000) / plan.speed);
    await visitor.use();
    // Who was let in all the same has shown it.
    late ||= visitor.signedOut && now() - last > LATE_MS;
  }
  return { visitor, late: late && visitor.signedOut };
}

function observe(
  { setting }: Site,
  manner: Manner,
  lives: readonly Life[],
  { forSeconds }: SkewPlan,
  round: number,
): Observation[] {
  const skew = manner.skewMs / 1000;
  const name = manner.renews === 'when refused' ? 'by no clock' : `${manner.renews}, ${skew} s wrong`;
  const outcomes = lives.map(
    ({ visitor: { signedOut }, late }): Outcome => ({
      case: name,
      signedOut,
      promised: true,
      ownPromise: true,
      late,
    }),
  );
  const factors = { setting, renews: manner.renews, skew };
  const counts = counted(setting, 'skew', round, outcomes).map((count) => ({
    ...count,
    factors: { ...count.factors, ...factors },
  }));
  // Who has been signed out makes no more requests, and would make the figures look better than they are.
  const staying = lives.filter(({ visitor, late }) => !visitor.signedOut && !late);
  if (staying.length === 0) return counts;
  const perHour = (metric: string, of: (visitor: Visitor) => number): Observation => {
    const all = staying.reduce((sum, { visitor }) => sum + of(visitor), 0);
    const value = (all / staying.length / forSeconds) * 3600;
    return { metric, unit: 'per hour', model: modelOf(setting), factors, round, value };
  };
  return [
    ...counts,
    perHour('renewals', ({ renewals }) => renewals),
    perHour('refused requests', ({ refusals }) => refusals),
  ];
}
