/** Opens a store of the factory for each test of the surrounding `describe`, and closes it afterwards. */

import { afterEach, beforeEach, it } from 'vitest';
import type { Store } from '../../../src/store/ports/store.js';
import type { OpenedStore, Probe, StoreFactory } from './factory.js';

export interface Opened {
  readonly store: Store;
  readonly probe: Probe;
  /** Closes the store and opens it again on what it left behind. */
  reopen(): Promise<void>;
}

export function openedForEach(factory: StoreFactory): Opened {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await factory.open();
  });
  afterEach(async () => {
    await opened.close();
  });
  return {
    get store() {
      return opened.store;
    },
    get probe() {
      return opened.probe;
    },
    reopen: async () => {
      opened = await opened.reopen();
    },
  };
}

/** A test that makes sense only of a store that leaves something behind. */
export function whereItPersists(factory: StoreFactory, promise: string, test: () => Promise<void>): void {
  if (factory.persists) it(promise, test);
}
