/** A database that is open; its tables may not be there yet. */

import type { Store } from './store.js';

/** How many migrations it has had, and how many this version knows. A newer version may have applied more. */
export interface MigrationStatus {
  readonly applied: number;
  readonly known: number;
}

export interface Database {
  migrationStatus(): Promise<MigrationStatus>;
  /** Brings it to the present tables. Several processes may do so at once: all but one wait. */
  migrate(): Promise<MigrationStatus>;
  /** The store over the migrated database; closing the store closes the database. */
  store(): Store;
  close(): Promise<void>;
}
