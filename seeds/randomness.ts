/** Randomness that is the same for the same seed: SHA-256 over a counter. For demos only; nobody could not guess it. */

import { createHash } from 'node:crypto';
import type { Randomness } from '../src/system/randomness.js';

export interface SeededRandomness extends Randomness {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export function seededRandomness(seed: string): SeededRandomness {
  let counter = 0;
  let pool = Buffer.alloc(0);

  function bytes(count: number): Uint8Array {
    while (pool.length < count) {
      pool = Buffer.concat([pool, createHash('sha256').update(`${seed}:${counter}`).digest()]);
      counter += 1;
    }
    const drawn = pool.subarray(0, count);
    pool = pool.subarray(count);
    return drawn;
  }

  const below = (limit: number) => Buffer.from(bytes(4)).readUInt32BE() % limit;
  return {
    bytes,
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('There is nothing to pick from.');
      return item;
    },
  };
}
