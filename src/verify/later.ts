/** Timers that keep no process alive where there are processes (Node, Deno, Bun), and are plain timers elsewhere. */

/** Calls back after so many milliseconds; the result calls it off. */
export function later(milliseconds: number, call: () => void): () => void {
  const timer: unknown = setTimeout(call, milliseconds);
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
    timer.unref();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}

/** Resolves after so many milliseconds, or when the signal comes. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      callOff();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const callOff = later(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}
