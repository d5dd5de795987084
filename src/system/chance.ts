/**
 * Chance that need not be unguessable: for spreading things out in time. Whatever somebody could profit from guessing is
 * made of `randomness.ts`. Needs nothing of Node, so that `counterfoil/verify` can have it, too.
 */

/** From 0 up to, but not including, 1. */
export type Chance = () => number;

export const systemChance: Chance = () => Math.random();
