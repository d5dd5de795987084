/** Of several processes on one database, one sweeps; the others ask in vain until it goes. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createChores } from '../../../src/account/chores.js';
import type { Store } from '../../../src/store/ports/store.js';
import { startCounterfoil, type TestCounterfoil } from '../../../src/testing/index.js';
import type { OpenedStore } from '../../contract/store/factory.js';
import { inMemory } from '../../contract/store/sqlite.js';

const ROUNDS = 5;
const POLICY = { idleTtlMs: 1_000_000, auditKeepMs: 1_000_000 };

let counterfoil: TestCounterfoil;
let opened: OpenedStore;

beforeEach(async () => {
  counterfoil = await startCounterfoil();
  opened = await inMemory.open();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await opened.close();
  await counterfoil.stop();
});

/** The chores of one process over the store that all share, and how often it swept and asked whether it may. */
function process(shared: Store) {
  const counts = { swept: 0, asked: 0 };
  const store: Store = {
    ...shared,
    sessions: {
      ...shared.sessions,
      sweep: (request) => {
        counts.swept += 1;
        return shared.sessions.sweep(request);
      },
    },
    leases: {
      ...shared.leases,
      hold: (...lease) => {
        counts.asked += 1;
        return shared.leases.hold(...lease);
      },
    },
  };
  const { start, stop } = createChores({ ...counterfoil.app.parts, store }, POLICY, () => {});
  return { start, stop, counts };
}

/** Time for one round of sweeping, and for one turn of each timer. */
async function round(): Promise<void> {
  counterfoil.clock.advance(61_000);
  await vi.advanceTimersByTimeAsync(1_000);
}

it('one sweeps while the other asks in vain, and the other takes over as soon as it stops', async () => {
  const [first, second] = [process(opened.store), process(opened.store)];
  first.start();
  second.start();
  for (let n = 0; n < ROUNDS; n += 1) await round();
  expect(first.counts).toEqual({ swept: ROUNDS, asked: ROUNDS });
  expect(second.counts).toEqual({ swept: 0, asked: ROUNDS });

  await first.stop();
  await round();
  expect(second.counts).toEqual({ swept: 1, asked: ROUNDS + 1 });
  await second.stop();
});

it('one that stops without having swept takes nothing from the one that sweeps', async () => {
  const [first, second, third] = [process(opened.store), process(opened.store), process(opened.store)];
  first.start();
  second.start();
  await round();
  await second.stop();
  third.start();
  await round();
  expect([first, second, third].map(({ counts }) => counts.swept)).toEqual([2, 0, 0]);
  await first.stop();
  await third.stop();
});
