/** One step in a folder of its own, which is gone when the step has ended, failed or been interrupted. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Plan, Step } from './experiment.js';
import type { Observation } from './observation.js';
import type { StepRecord } from './results.js';

/** A Ctrl-C reaches servers as well, and a step that fails for it has not failed. */
const SIGNAL_ARRIVES_MS = 200;

export type StepEnd =
  /** `lost` are figures that this machine could not give: JSON has no word for them. */
  | { readonly kind: 'measured'; readonly record: StepRecord; readonly lost: readonly Observation[] }
  | { readonly kind: 'failed'; readonly seconds: number; readonly fault: unknown }
  | { readonly kind: 'interrupted' };

const folders = new Set<string>();
// After `pinned.ts` has ended the children, whose folders they are.
process.on('exit', () => {
  for (const folder of folders) remove(folder);
});

export async function runStep(
  step: Step,
  plan: Plan,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<StepEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-lab-'));
  folders.add(folder);
  const over = new AbortController();
  const began = performance.now();
  const seconds = () => Math.round(performance.now() - began) / 1000;
  try {
    const observations = await Promise.race([step.run({ plan, folder, say }), aborted(signal, over.signal)]);
    if (observations === 'aborted') return { kind: 'interrupted' };
    const lost = observations.filter(isLost);
    const record: StepRecord = {
      id: step.id,
      at: new Date().toISOString(),
      seconds: seconds(),
      observations: observations.filter((each) => !isLost(each)),
    };
    return { kind: 'measured', record, lost };
  } catch (fault) {
    await pause(SIGNAL_ARRIVES_MS);
    return signal.aborted ? { kind: 'interrupted' } : { kind: 'failed', seconds: seconds(), fault };
  } finally {
    over.abort();
    // What an interrupted step began goes on until the process exits, and its folder with it.
    if (!signal.aborted) {
      remove(folder);
      folders.delete(folder);
    }
  }
}

function isLost({ value }: Observation): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** Until the signal comes, or `over` says that nobody waits for it any more. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    const heard = () => resolve('aborted');
    signal.addEventListener('abort', heard, { once: true });
    // There are many steps, and one signal for all of them.
    over.addEventListener('abort', () => signal.removeEventListener('abort', heard), { once: true });
  });
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
