/**
 * What a measure is: the code that measures the figures of one or more budgets, and the shape of a figure. What the
 * budgets demand is in `budgets.ts`; a measure knows nothing of it.
 */

export interface Plan {
  /** Only to see that it works: small sizes and short loads. Its figures are not for publishing. */
  readonly quick: boolean;
  /** How often each figure is measured; the sides of a ratio take turns within a round. */
  readonly rounds: number;
}

/** What a measure is given. */
export interface Bench {
  readonly plan: Plan;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Says on the progress line what is being done. */
  say(what: string): void;
  /** Is done when the measure has ended, well or not; the last one first. */
  later(work: () => Promise<unknown>): void;
}

/** One thing that was measured on the way to a figure, such as one side of a ratio. */
export interface Part {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export interface Figure {
  /** The name of the budget that is judged by it. */
  readonly budget: string;
  /** From 0. */
  readonly round: number;
  /** In the unit of the budget. */
  readonly value: number;
  readonly parts: readonly Part[];
}

export interface Measure {
  readonly name: string;
  /** Rejects where it cannot be measured. */
  run(bench: Bench): Promise<readonly Figure[]>;
}
