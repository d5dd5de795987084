/**
 * A farm under load while everything is done to it at once: honest clients go on, others log out, nodes are killed, the
 * database hangs. What came of it is a plain report; whoever runs it says what must hold.
 */

import { quantile } from '../statistics.js';
import { type Disturbable, type Disturbance, type DisturbancePlan, disturb } from './disturbances.js';
import type { Farm } from './farm.js';
import { type Dead, Leavers, WAYS } from './leavers.js';
import { Owner, pause, signUp } from './owners.js';

export interface ChaosPlan extends DisturbancePlan {
  readonly seconds: number;
  readonly owners: number;
  /** People who log out one after the other, in so many lanes. */
  readonly lanes: number;
  /** How long everybody has to recover after the last disturbance, and to be asked once more; 8 s unless given. */
  readonly calmMs?: number;
}

export interface ChaosReport {
  readonly seconds: number;
  readonly disturbances: Readonly<Record<Disturbance, number>>;
  readonly refreshes: number;
  readonly views: number;
  readonly interrupted: number;
  /** What honest clients were told that signs them out. Must be empty. */
  readonly signedOut: readonly string[];
  readonly loggedOut: number;
  readonly tries: number;
  readonly lag: Lag;
  /** The dead tokens that somebody accepted latest. */
  readonly latest: readonly Dead[];
}

/** Milliseconds after the mutation's answer at which a node or a verifier last said yes. */
export interface Lag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The greatest of those that were asked for so late. */
  readonly certainMax: number;
  /** How many tokens were last accepted within so many milliseconds. */
  readonly histogram: readonly { readonly upTo: number; readonly count: number }[];
}

const EDGES = [1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, Number.POSITIVE_INFINITY];
const CALM_MS = 8_000;

export async function runChaos(
  farm: Farm,
  database: Disturbable,
  plan: ChaosPlan,
  say: (what: string) => void,
): Promise<ChaosReport> {
  say('signing up');
  const owners: Owner[] = [];
  for (let n = 0; n < plan.owners; n += 1) owners.push(new Owner(farm, await signUp(farm)));
  const leavers = new Leavers(farm);
  const began = performance.now();
  const isCalm = () => performance.now() - began > plan.seconds * 1000;
  let over = false;
  const isOver = () => over;

  say(`disturbing for ${plan.seconds} s`);
  const lanes = Array.from({ length: plan.lanes }, async (_, lane) => {
    for (let n = lane; !isCalm(); n += 1) {
      await leavers.leaveAndWatch(WAYS[n % WAYS.length] ?? 'logout', isOver);
      await pause();
    }
  });
  const going = owners.map((owner) => owner.goOn(isOver));
  const disturbances = await disturb(farm, database, plan, isCalm);
  await Promise.all(lanes);
  say('waiting for calm');
  await new Promise((resolve) => setTimeout(resolve, plan.calmMs ?? CALM_MS));
  over = true;
  await Promise.all(going);
  await leavers.settled();
  // Everybody once more, now that nothing stands in the way.
  for (const owner of owners) await owner.refresh();
  const { dead } = leavers;
  const sum = (read: (owner: Owner) => number) => owners.reduce((total, owner) => total + read(owner), 0);
  return {
    seconds: plan.seconds,
    disturbances,
    refreshes: sum(({ refreshes }) => refreshes),
    views: sum(({ views }) => views),
    interrupted: sum(({ interrupted }) => interrupted) + leavers.unanswered,
    signedOut: owners.flatMap(({ signedOut }) => signedOut),
    loggedOut: dead.length,
    tries: dead.reduce((total, { tries }) => total + tries, 0),
    lag: lagOf(dead),
    latest: [...dead].sort((one, other) => other.lastYesMs - one.lastYesMs).slice(0, 5),
  };
}

function lagOf(dead: readonly Dead[]): Lag {
  const lags = dead.map(({ lastYesMs }) => lastYesMs).sort((one, other) => one - other);
  return {
    p50: lags.length === 0 ? 0 : quantile(lags, 0.5),
    p99: lags.length === 0 ? 0 : quantile(lags, 0.99),
    max: lags.at(-1) ?? 0,
    certainMax: Math.max(0, ...dead.map(({ certainYesMs }) => certainYesMs)),
    histogram: EDGES.map((upTo, index) => {
      const from = EDGES[index - 1] ?? -1;
      return { upTo, count: lags.filter((lag) => lag > from && lag <= upTo).length };
    }),
  };
}

/** What was promised and did not hold; nothing where all did. */
export function brokenPromises(report: ChaosReport, maxStalenessMs: number): string[] {
  const broken: string[] = [];
  if (report.signedOut.length > 0)
    broken.push(
      `honest clients were signed out ${report.signedOut.length} times: ${report.signedOut.join(', ')}`,
    );
  if (report.lag.certainMax > maxStalenessMs)
    broken.push(
      `a revoked token was accepted ${Math.round(report.lag.certainMax)} ms after the mutation had answered, by ${report.latest[0]?.lastYesFrom}`,
    );
  const undone = Object.entries(report.disturbances).filter(([, count]) => count === 0);
  if (undone.length > 0) broken.push(`never tried: ${undone.map(([what]) => what).join(', ')}`);
  if (report.loggedOut === 0 || report.refreshes === 0)
    broken.push('nothing happened that could have shown it');
  return broken;
}

/** The report as lines for people. */
export function chaosLines(report: ChaosReport): string[] {
  const { lag, disturbances } = report;
  const most = Math.max(1, ...lag.histogram.map(({ count }) => count));
  return [
    `${report.seconds} s: ${Object.entries(disturbances)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ')}`,
    `${report.refreshes} refreshes, ${report.views} views, ${report.interrupted} unanswered or put off, ${report.signedOut.length} signed out without reason`,
    `${report.loggedOut} logouts, each token tried ${Math.round(report.tries / Math.max(1, report.loggedOut))} times; last accepted after p50 ${lag.p50.toFixed(1)} ms, p99 ${lag.p99.toFixed(1)} ms, max ${lag.max.toFixed(1)} ms`,
    ...lag.histogram.map(({ upTo, count }) => {
      const label = Number.isFinite(upTo) ? `≤ ${upTo} ms` : 'later';
      return `${label.padStart(10)} ${String(count).padStart(6)} ${'█'.repeat(Math.round((40 * count) / most))}`;
    }),
  ];
}
