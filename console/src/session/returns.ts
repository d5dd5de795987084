/** Told that there may have been news that nobody heard: somebody, the network, or the connection for news is back. */

import { useEffect } from 'react';

const returned = new Set<() => unknown>();

/** The connection for news is there: what has happened since the page asked is told to nobody. */
export function noteReturn(): void {
  for (const listener of returned) listener();
}

/** Calls whenever somebody comes back to the page, the network to the machine, or the connection for news. */
export function useReturn(back: () => unknown): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') back();
    };
    returned.add(look);
    document.addEventListener('visibilitychange', look);
    addEventListener('online', look);
    return () => {
      returned.delete(look);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', look);
    };
  }, [back]);
}
