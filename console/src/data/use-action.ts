/** Something that is done on demand: whether it is under way, and why it came to nothing. */

import { useCallback, useState } from 'react';
import { type Fault, faultOf } from './faults.js';

export interface Action<Argument extends unknown[]> {
  /** Never rejects. A second call while one is under way does nothing. */
  run(...argument: Argument): Promise<void>;
  readonly isRunning: boolean;
  readonly fault: Fault | null;
  clear(): void;
}

export function useAction<Argument extends unknown[]>(
  work: (...argument: Argument) => Promise<void>,
): Action<Argument> {
  const [isRunning, setRunning] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const clear = useCallback(() => setFault(null), []);
  return {
    isRunning,
    fault,
    clear,
    run: async (...argument) => {
      if (isRunning) return;
      setRunning(true);
      setFault(null);
      try {
        await work(...argument);
      } catch (error) {
        setFault(faultOf(error));
      } finally {
        setRunning(false);
      }
    },
  };
}
