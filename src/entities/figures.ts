/** What one process has counted since its start, for those who watch it. Names nobody. */

export interface VerdictCount {
  readonly verdict: string;
  /** For `ended`: why. */
  readonly because: string | null;
  readonly count: number;
}

/** From the writing of a revocation to its being felt by this process; milliseconds. Null where there was none. */
export interface Lag {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface ProcessFigures {
  /** Names the process: what others have counted is no continuation of it. */
  readonly process: string;
  readonly verdicts: readonly VerdictCount[];
  readonly revocations: {
    readonly remembered: number;
    /** Null where it is not known at all. */
    readonly stalenessMs: number | null;
    /** Felt since the start. */
    readonly felt: number;
    /** Of the newest of them. */
    readonly lag: Lag | null;
  };
  readonly hashing: {
    readonly running: number;
    readonly waiting: number;
    readonly limit: number;
    readonly refused: number;
  };
  readonly push: {
    readonly connections: number;
    readonly subscriptions: number;
    readonly sent: number;
    readonly dropped: number;
  };
}
