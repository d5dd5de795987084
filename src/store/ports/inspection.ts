/**
 * What a database says of itself, for whoever has to find out what is wrong with a deployment. Duty of every
 * implementation: looking changes nothing, and makes no database where there is none.
 */

import type { StoredKeyRing } from '../../entities/key-ring.js';

export type DatabaseStatus =
  /** There is no file; or a database without tables, in which they could be made. */
  | { readonly kind: 'absent' }
  /** Nothing could run on it, and `reason` says why and what to do. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** It has moved elsewhere, or is a copy that is not finished: nothing may run on it. */
  | { readonly kind: 'closed'; readonly reason: string }
  /** How many migrations it has had, and how many this version knows. */
  | { readonly kind: 'present'; readonly applied: number; readonly known: number };

/** Of a database that has had exactly the known migrations. */
export interface DatabaseFacts {
  /** What an integrity check found; nothing when sound. */
  readonly damage: readonly string[];
  readonly users: number;
  readonly revocationLogRows: number;
  /** The latest instant at which anything says it was written; null where nothing was. */
  readonly newestAt: number | null;
  readonly ring: StoredKeyRing;
  /** Of the server; null where the database is a file. */
  readonly server: ServerFacts | null;
}

export interface ServerFacts {
  readonly version: string;
  /** Connections that it lets our user have, over all processes. */
  readonly connections: number;
  /** By how much its clock is ahead of ours, in milliseconds, as far as the time of an answer lets us know. */
  readonly clockAheadMs: number;
}
