/** For one client of one process: a server that acts for itself, a test, a page that should forget when it is closed. */

import type { ClientStorage, Stored } from './storage.js';

export function memoryStorage(initial: Stored | null = null): ClientStorage {
  let stored = initial;
  return {
    read: async () => stored,
    update: async (change) => {
      stored = change(stored);
      return stored;
    },
    channel: null,
  };
}
