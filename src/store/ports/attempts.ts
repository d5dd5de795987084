/**
 * Counters of attempts, for limits. Duty of every implementation: `spend` counts and answers in one step, so parallel
 * attempts cannot slip through between a check and a count; counts outlive a restart of the process. Where a connection breaks, a
 * call may be counted twice: a limit that is off by one for a moment does no harm.
 */

export interface AttemptRule {
  /** Names the counter; two rules never share one. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

export interface AttemptCounters {
  /** Counts one attempt under `key`; over the rule's points it says when to come back. */
  spend(
    rule: AttemptRule,
    key: string,
  ): Promise<{ kind: 'within'; spent: number } | { kind: 'over'; retryAfterSeconds: number }>;
  /** Gives one attempt back, for one that turned out honest. */
  refund(rule: AttemptRule, key: string): Promise<void>;
  /** Refuses everything under `key` for a while, whatever was spent. */
  block(rule: AttemptRule, key: string, seconds: number): Promise<void>;
  /** Seconds that `key` must still wait, or 0. Counts nothing. */
  waitFor(rule: AttemptRule, key: string): Promise<number>;
  forget(rule: AttemptRule, key: string): Promise<void>;
  /** Drops up to `limit` counters whose window was over at `now`; returns how many. */
  prune(now: number, limit: number): Promise<number>;
}
