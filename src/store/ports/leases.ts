/**
 * Leases: of all processes on one database, which may do a chore for a while. Duty of every implementation: at most
 * one holder of a name at a time, by the clock of the database and nobody else's.
 */

export interface Leases {
  /** Takes the lease, or extends it, until `ttlMs` from now; false while somebody else has it. */
  hold(name: string, holder: string, ttlMs: number): Promise<boolean>;
  /** Gives it back, if it is the holder's. */
  release(name: string, holder: string): Promise<void>;
}
