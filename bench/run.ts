/**
 * Runs measures, one after the other, each in a folder of its own that is gone when it has ended. One that fails takes
 * nothing from the others.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../lab/harness/progress.js';
import type { Figure, Measure, Plan } from './measure.js';

export interface Run {
  readonly figures: readonly Figure[];
  readonly failures: readonly Failure[];
}

interface Failure {
  readonly measure: string;
  readonly why: string;
}

export async function runMeasures(
  measures: readonly Measure[],
  plan: Plan,
  progress: Progress,
): Promise<Run> {
  const figures: Figure[] = [];
  const failures: Failure[] = [];
  progress.begin('bench', 0, measures.length);
  for (const measure of measures) {
    const began = performance.now();
    try {
      figures.push(
        ...whole(await runMeasure(measure, plan, (what) => progress.doing(`${measure.name}: ${what}`))),
      );
    } catch (fault) {
      failures.push({ measure: measure.name, why: fault instanceof Error ? fault.message : String(fault) });
    }
    progress.stepped(measure.name, (performance.now() - began) / 1000);
  }
  progress.end();
  return { figures, failures };
}

async function runMeasure(
  measure: Measure,
  plan: Plan,
  say: (what: string) => void,
): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  const endings: (() => Promise<unknown>)[] = [];
  process.once('exit', forget);
  try {
    return await measure.run({ plan, folder, say, later: (work) => void endings.unshift(work) });
  } finally {
    for (const work of endings) await work();
    forget();
    process.off('exit', forget);
  }
}

/** JSON has no word for what is no number, and a table no verdict. */
function whole(figures: readonly Figure[]): readonly Figure[] {
  const lost = figures.find(({ value }) => !Number.isFinite(value));
  if (lost !== undefined) throw new Error(`this machine cannot tell the figure of ${lost.budget}`);
  return figures.map((figure) => ({
    ...figure,
    parts: figure.parts.filter(({ value }) => Number.isFinite(value)),
  }));
}
