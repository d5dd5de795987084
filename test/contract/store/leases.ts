/** The contract of `Leases`. */

import { describe, expect, it } from 'vitest';
import type { StoreFactory } from './factory.js';
import { times } from './fixtures.js';
import { openedForEach } from './opened.js';

const LONG_MS = 60_000;

export function leasesContract(factory: StoreFactory): void {
  describe(`leases on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const hold = (holder: string, ttlMs = LONG_MS, name = 'sweep') =>
      opened.store.leases.hold(name, holder, ttlMs);

    it('go to one of 100 who ask at once, and stay with that one', async () => {
      const taken = await Promise.all(times(100, (index) => hold(`holder ${index}`)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = `holder ${taken.indexOf(true)}`;
      expect(await hold(winner)).toBe(true);
      expect(await hold('somebody else')).toBe(false);
    });

    it('of different names have nothing to do with each other', async () => {
      expect(await hold('one', LONG_MS, 'sweep')).toBe(true);
      expect(await hold('other', LONG_MS, 'something else')).toBe(true);
    });

    it('run out by themselves', async () => {
      expect(await hold('one', 50)).toBe(true);
      await expect.poll(() => hold('other')).toBe(true);
      expect(await hold('one')).toBe(false);
    });

    it('are given back by their holder and by nobody else', async () => {
      const { leases } = opened.store;
      await hold('one');
      await leases.release('sweep', 'other');
      expect(await hold('other')).toBe(false);
      await leases.release('sweep', 'one');
      expect(await hold('other')).toBe(true);
    });
  });
}
