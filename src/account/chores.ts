/** What is done by and by, on timers. */

import { identifierFromBytes } from '../entities/identifier.js';
import type { AccountParts } from './parts.js';
import { tendSigningKeys } from './signing-keys.js';
import { type SweepPolicy, sweep } from './sweep.js';

const TEND_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 1_000;
const SWEEP_ROUND_MS = 60_000;
/** Long enough for a batch and a hiccup, short enough that another process soon takes over from one that is gone. */
const SWEEP_LEASE_MS = 15_000;
const SWEEP_LEASE = 'sweep';
/** How long a dead session's row stays, so that the store can still say what became of it. */
const KEEP_DEAD_MS = 3_600_000;

export interface Chores {
  start(): void;
  /** Resolves when the last one under way is done. */
  stop(): Promise<void>;
}

/**
 * What is done by and by: tending the keys and sweeping what is dead. Of all processes on one database, one sweeps. One
 * failure is logged and the next try comes.
 */
export function createChores(parts: AccountParts, policy: Omit<SweepPolicy, 'keepDeadMs'>): Chores {
  const { store, clock, log, randomness } = parts;
  const self = identifierFromBytes(randomness.bytes(16));
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let cursor: string | null = null;
  let roundDoneAt = Number.NEGATIVE_INFINITY;
  let sweeper = false;

  async function sweepOneBatch(): Promise<void> {
    if (cursor === null && clock.monotonic() - roundDoneAt < SWEEP_ROUND_MS) return;
    if (!(await store.leases.hold(SWEEP_LEASE, self, SWEEP_LEASE_MS))) return;
    sweeper = true;
    cursor = await sweep(store, { ...policy, keepDeadMs: KEEP_DEAD_MS }, clock.now(), cursor);
    if (cursor === null) roundDoneAt = clock.monotonic();
  }

  function every(milliseconds: number, name: string, chore: () => Promise<void>): void {
    const timer = setInterval(() => {
      const run = chore()
        .catch((fault: unknown) =>
          log.error({ event: 'chore.failed', chore: name, err: fault }, 'a chore failed'),
        )
        .finally(() => running.delete(run));
      running.add(run);
    }, milliseconds);
    timer.unref();
    timers.add(timer);
  }

  return {
    start: () => {
      every(TEND_EVERY_MS, 'keys', () => tendSigningKeys(parts));
      every(SWEEP_EVERY_MS, 'sweep', sweepOneBatch);
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
      // A process that goes keeps nobody waiting; one that cannot say so is waited for.
      if (sweeper) await store.leases.release(SWEEP_LEASE, self).catch(() => {});
    },
  };
}
