/**
 * The last minutes of what processes have counted, from answers that come one by one. Counts become differences. Each
 * process has a history of its own, since one is no continuation of another: behind a balancer answers may alternate.
 * Draws nothing and asks nothing.
 */

import type { ServerFiguresQuery } from '../../generated/graphql.js';

export type Figures = ServerFiguresQuery['serverFigures'];

export const WINDOW_MS = 300_000;
/** After so long without an answer what was counted in between belongs to no moment. */
const GAP_MS = 10_000;
/** A process that has answered nothing for so long gives way to one that does. */
const SILENCE_MS = 15_000;

export interface Sample {
  readonly at: number;
  readonly figures: Figures;
  /** Since the sample before, by verdict. Empty for the first, and after a gap. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** Nothing is known of the time before it. */
  readonly isAfterGap: boolean;
}

export interface History {
  readonly processes: ReadonlyMap<string, readonly Sample[]>;
  /** Whose figures are shown. */
  readonly shown: string | null;
  /** Another was shown before, and has gone silent. */
  readonly hasBegunAnew: boolean;
}

export const NO_HISTORY: History = { processes: new Map(), shown: null, hasBegunAnew: false };

export function withAnswer(history: History, figures: Figures): History {
  const at = Date.parse(figures.at);
  const earlier = history.processes.get(figures.process) ?? [];
  const sample = sampleOf(figures, at, earlier.at(-1) ?? null);
  const processes = new Map<string, readonly Sample[]>();
  for (const [process, samples] of history.processes) {
    const kept = samples.filter((each) => each.at >= at - WINDOW_MS);
    if (kept.length > 0) processes.set(process, kept);
  }
  processes.set(figures.process, [...(processes.get(figures.process) ?? []), sample]);
  const last = history.shown === null ? undefined : processes.get(history.shown)?.at(-1)?.at;
  const isSilent = last === undefined || at - last > SILENCE_MS;
  const next = isSilent ? figures.process : history.shown;
  const isOther = history.shown !== null && next !== history.shown;
  return { processes, shown: next, hasBegunAnew: history.hasBegunAnew || isOther };
}

/** Another process, as somebody chose. */
export function showing(history: History, process: string): History {
  return { ...history, shown: process, hasBegunAnew: false };
}

export function samplesOf({ processes, shown }: History): readonly Sample[] {
  return (shown === null ? undefined : processes.get(shown)) ?? [];
}

function sampleOf(figures: Figures, at: number, previous: Sample | null): Sample {
  const isAfterGap = previous === null || at - previous.at > GAP_MS;
  const verdicts = new Map<string, number>();
  if (!isAfterGap) {
    const now = totals(figures);
    const then = totals(previous.figures);
    for (const [verdict, count] of now) verdicts.set(verdict, Math.max(0, count - (then.get(verdict) ?? 0)));
  }
  return { at, figures, verdicts, isAfterGap };
}

/** Since the start of the process, whatever an "ended" was because of. */
export function totals({ refreshVerdicts }: Figures): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { verdict, count } of refreshVerdicts) sums.set(verdict, (sums.get(verdict) ?? 0) + count);
  return sums;
}

export interface Interval {
  readonly from: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** What was counted in each stretch of `lengthMs`, oldest first; those in which nothing was, included. */
export function intervals(samples: readonly Sample[], lengthMs: number): readonly Interval[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  const slot = (at: number) => Math.floor(at / lengthMs) * lengthMs;
  const found = new Map<number, Map<string, number>>();
  const begin = slot(Math.max(samples[0]?.at ?? last.at, last.at - WINDOW_MS));
  for (let from = begin; from <= slot(last.at); from += lengthMs) found.set(from, new Map());
  for (const { at, verdicts } of samples) {
    const counts = found.get(slot(at));
    for (const [verdict, count] of verdicts) counts?.set(verdict, (counts.get(verdict) ?? 0) + count);
  }
  return [...found].map(([from, counts]) => ({ from, counts }));
}
