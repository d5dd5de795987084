/** One measured figure: what was measured, of which model, under which circumstances, in which round. */

export const MODELS = ['stateful', 'stateless', 'hybrid'] as const;
export type Model = (typeof MODELS)[number];

export type Factor = string | number | boolean;

export interface Observation {
  /** Such as `throughput`. */
  readonly metric: string;
  /** Such as `requests/s`, `ms`, `bytes`; empty for words and counts. */
  readonly unit: string;
  /** Null where the figure is of no session model: a yardstick, an algorithm. */
  readonly model: Model | null;
  /** What was varied, such as `{ sessions: 1000 }`. */
  readonly factors: Readonly<Record<string, Factor>>;
  /** From 0. Rounds of different models are interleaved, so that the noise of the machine falls on all alike. */
  readonly round: number;
  readonly value: Factor;
}
