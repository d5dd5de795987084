/** What is done by and by, on timers. */

import { identifierFromBytes } from '../entities/identifier.js';
import type { AccountParts } from './parts.js';
import { tendSigningKeys } from './signing-keys.js';
import { type SweepPlace, type SweepPolicy, sweep } from './sweep.js';

const TEND_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 1_000;
/** Between two rounds; and after a batch that failed, so that a database in need is not pressed. */
const SWEEP_ROUND_MS = 60_000;
/** Long enough for a batch and a hiccup, short enough that another process soon takes over from one that is gone. */
const SWEEP_LEASE_MS = 15_000;
const SWEEP_LEASE = 'sweep';
/** How long a dead session's row stays, so that the store can still say what became of it. */
const KEEP_DEAD_MS = 3_600_000;

export type ChoreName = 'keys' | 'sweep';

export interface Chores {
  start(): void;
  /** Resolves when the last one under way is done. */
  stop(): Promise<void>;
}

/**
 * What is done by and by: tending the keys and sweeping what is dead. Of all processes on one database, one sweeps. One
 * failure is logged, `onFailure` is called, and the next try comes: of sweeping after a pause.
 */
export function createChores(
  parts: AccountParts,
  policy: Omit<SweepPolicy, 'keepDeadMs'>,
  onFailure: (chore: ChoreName) => void,
): Chores {
  const { store, clock, log, randomness } = parts;
  const self = identifierFromBytes(randomness.bytes(16));
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let place: SweepPlace | null = null;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let sweeper = false;

  async function sweepOneBatch(): Promise<void> {
    if (clock.monotonic() < restsUntil) return;
    const rest = () => {
      restsUntil = clock.monotonic() + SWEEP_ROUND_MS;
    };
    try {
      if (!(await store.leases.hold(SWEEP_LEASE, self, SWEEP_LEASE_MS))) return;
      sweeper = true;
      place = await sweep(store, { ...policy, keepDeadMs: KEEP_DEAD_MS }, clock.now(), place);
      if (place === null) rest();
    } catch (fault) {
      rest();
      throw fault;
    }
  }

  function every(milliseconds: number, name: ChoreName, chore: () => Promise<void>): void {
    let atIt = false;
    const timer = setInterval(() => {
      // One that takes longer than the pause is not begun again beside itself.
      if (atIt) return;
      atIt = true;
      const run = chore()
        .catch((fault: unknown) => {
          onFailure(name);
          log.error({ event: 'chore.failed', chore: name, err: fault }, 'a chore failed');
        })
        .finally(() => {
          atIt = false;
          running.delete(run);
        });
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
