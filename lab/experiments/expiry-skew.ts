/**
 * Visitors in steady use whose clocks are wrong by up to two minutes, with tokens of the default 300 s. So that nobody
 * waits for a quarter of an hour, the server's clock runs faster: `Date.now` in its process, and nothing else, is
 * multiplied, and the visitors live by the same time.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../harness/observation.js';
import { counted, modelOf, type Outcome, type Site } from './expiry-servers.js';
import type { Manner, Visitor } from './visitor.js';

export interface SkewPlan {
  /** Seconds ahead; negative for behind. */
  readonly skews: readonly number[];
  readonly clients: number;
  /** Seconds of the fast clock. */
  readonly forSeconds: number;
  readonly speed: number;
  /** When the fast clock showed the true time; milliseconds. */
  readonly startedAt: number;
}

export const SKEW_LIFETIMES = { access: 300, idle: 6 * 3600, absolute: 24 * 3600 };

const USES_EVERY_SECONDS = 20;
/** Longer than the pause between two uses, so that a visitor with a right clock never comes too late. */
const MARGIN_MS = 60_000;

/** Makes a server's clock run fast. Its own idea of staleness must be lax, since it polls by unhurried timers. */
export function fastClock({ speed, startedAt }: SkewPlan): Record<string, string> {
  const script = `const now=Date.now;Date.now=()=>Math.round(${startedAt}+(now()-${startedAt})*${speed});`;
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    COUNTERFOIL_MAX_STALENESS: '300',
  };
}

export async function skewed(site: Site, plan: SkewPlan, round: number): Promise<Observation[]> {
  const now = () => plan.startedAt + (Date.now() - plan.startedAt) * plan.speed;
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
  const lived = await Promise.all(
    manners.map(async (manner) => ({
      manner,
      lives: await Promise.all(Array.from({ length: plan.clients }, () => live(site, manner, plan))),
    })),
  );
  return lived.flatMap(({ manner, lives }) => observe(site, manner, lives, plan, round));
}

interface Life {
  readonly visitor: Visitor;
  readonly late: boolean;
}

async function live(site: Site, manner: Manner, plan: SkewPlan): Promise<Life> {
  const visitor = await site.signIn(manner);
  const ends = manner.now() + plan.forSeconds * 1000;
  let last = manner.now();
  let late = false;
  while (manner.now() < ends && (await visitor.use())) {
    await sleep((USES_EVERY_SECONDS * 1000) / plan.speed);
    late ||= manner.now() - last > MARGIN_MS;
    last = manner.now();
  }
  return { visitor, late: late || manner.now() - last > MARGIN_MS };
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
