/** Timers that keep no process alive where there are processes (Node, Deno, Bun), and are plain timers elsewhere. */

import type { Closing } from './closing.js';

/** Calls back after so many milliseconds; the result calls it off. */
export function later(milliseconds: number, call: () => void): () => void {
  const timer: unknown = setTimeout(call, milliseconds);
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}

/** Resolves after so many milliseconds, or with the closing. */
export async function pause(milliseconds: number, closing: Closing): Promise<void> {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const callOff = later(milliseconds, end);
  const forget = closing.on(end);
  await over;
  callOff();
  forget();
}
