/** Randomness, handed in: the operating system's generator in service, a seeded one for reproducible seeds. */

import { randomBytes } from 'node:crypto';

export interface Randomness {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

export const systemRandomness: Randomness = {
  bytes: (count) => randomBytes(count),
};
