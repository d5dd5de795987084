/**
 * What the store contract is proven on: an opened store, and a probe that looks behind it. The suites beside this file
 * are functions over a `StoreFactory`, so that every implementation stands up to the same ones.
 */

import type { Store } from '../../../src/store/ports/store.js';

export interface StoreFactory {
  readonly name: string;
  /** Whether what was written is there again after `reopen`. */
  readonly persists: boolean;
  open(): Promise<OpenedStore>;
}

export interface OpenedStore {
  readonly store: Store;
  readonly probe: Probe;
  /** Closes the store and opens it again on what it left behind. */
  reopen(): Promise<OpenedStore>;
  close(): Promise<void>;
}

/** A look behind the ports, at the tables themselves. */
export interface Probe {
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  execute(sql: string): Promise<void>;
  /** How many rows this store has inserted, updated or deleted since it was opened. */
  rowsWritten(): Promise<number>;
  /** Makes every insert into the table fail, until the returned function is called. */
  breakInserts(table: string): Promise<() => Promise<void>>;
}
