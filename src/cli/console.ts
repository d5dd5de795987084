/** What a command may touch of the process it runs in, handed in by `main.ts` so that tests can hand in their own. */

import type { Environment } from '../config/environment.js';

export interface Console {
  readonly environment: Environment;
  out(text: string): void;
  err(text: string): void;
  /** Standard input: a terminal or a stream. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Whether a person watches: then long work shows its progress. */
  readonly isTerminal: boolean;
  /** For signals and for faults that nobody caught. */
  readonly process: Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;
}

/** Exit codes: 0 done, 1 could not be done, 2 asked wrongly (arguments or configuration). */
export const EXIT = { done: 0, failed: 1, misused: 2 } as const;
