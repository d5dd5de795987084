/**
 * Tries a credential over and over until it opens nothing any more, and remembers when each try was sent. Begun before
 * whatever shall end the credential, so that no moment is missed. Times are those of `performance.now()`.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { whoIs } from '../harness/client.js';

export interface Tries {
  /** When the tries that opened were sent. */
  readonly opened: readonly number[];
  /** When the first of the tries that failed was sent; null where the last try still opened. */
  readonly refusedAt: number | null;
}

export interface Trying {
  /** Resolves when the first try has opened. Rejects where it has not: then there is no end to be measured. */
  readonly begun: Promise<void>;
  readonly done: Promise<Tries>;
  /** Ends the trying, refused or not. */
  stop(): void;
}

/** So many refusals in a row are an end; fewer would be a door that opens again, and count as open. */
const ENOUGH = 3;

export function untilRefused(opens: () => Promise<boolean>, pauseMs = 2): Trying {
  const opened: number[] = [];
  let refused: number[] = [];
  let stopped = false;

  async function attempt(): Promise<void> {
    const at = performance.now();
    if (await opens()) {
      opened.push(at);
      refused = [];
    } else refused.push(at);
  }
  async function first(): Promise<void> {
    await attempt();
    if (opened.length === 0) throw new Error('the credential opens nothing to begin with');
  }
  async function rest(): Promise<Tries> {
    while (!stopped && refused.length < ENOUGH) {
      await sleep(pauseMs);
      await attempt();
    }
    return { opened, refusedAt: refused[0] ?? null };
  }
  const begun = first();
  const done = begun.then(rest);
  // Whoever waits for the beginning hears of its failure there.
  done.catch(() => {});
  return {
    begun,
    done,
    stop: () => {
      stopped = true;
    },
  };
}

/** The tries that were sent after `since`, and opened. */
export function openedSince({ opened }: Tries, since: number): number {
  return opened.filter((at) => at > since).length;
}

/** Whether a credential, sent as the bearer, is taken for anybody's. */
export function opensWith(url: string, bearer: string): () => Promise<boolean> {
  return async () => {
    const who = await whoIs(url, { bearer });
    return who !== 'UNAUTHENTICATED' && who !== 'nothing';
  };
}
