/**
 * The life of signing keys as properties over random sequences of what can happen to a ring: time, tending, rotation
 * (asked, forced, to another algorithm) and revocation. While the sequence runs, the active key signs a token at every
 * step, and the world remembers until when each of them is alive.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyPolicy, KeyRingChange, StoredKeyRing } from '../../../src/entities/key-ring.js';
import { CLOCK_MARGIN_MS } from '../../../src/entities/revocation.js';
import type { SigningAlgorithm, StoredSigningKey } from '../../../src/entities/signing-key.js';
import {
  activeKey,
  type MakeKey,
  type Planning,
  planDue,
  planFirstRing,
  planRevocation,
  planRotation,
  standbyKey,
} from '../../../src/keys/plan.js';

const MINUTE = 60_000;
const POLICY: KeyPolicy = {
  publishLeadMs: 60 * MINUTE,
  rotateEveryMs: 30 * 24 * 60 * MINUTE,
  tokenLingersMs: 6 * MINUTE,
};
const STARTS_AT = 1_767_225_600_000;

type Step =
  | { readonly kind: 'wait'; readonly minutes: number; readonly tended: boolean }
  | { readonly kind: 'rotate'; readonly algorithm: SigningAlgorithm | null; readonly force: boolean }
  | { readonly kind: 'revoke'; readonly pick: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      minutes: fc.oneof(
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 50, max: 70 }),
        fc.integer({ max: 50_000, min: 0 }),
      ),
      tended: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('rotate' as const),
      algorithm: fc.option(fc.constantFrom<SigningAlgorithm>('ES256', 'EdDSA', 'RS256')),
      force: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revoke' as const), pick: fc.nat({ max: 9 }) }) },
);

/** A ring and the clock beside it. Keys are names here; what they are made of is tested elsewhere. */
class World {
  ring: StoredKeyRing = { revision: 0, keys: [], secrets: [] };
  now = STARTS_AT;
  /** By kid: when the last token that it signed is dead. */
  readonly aliveUntil = new Map<string, number>();
  /** Kids that may sign before they were published for long enough, since somebody forced it or the one before leaked. */
  readonly excused = new Set<string>();
  readonly revoked = new Set<string>();
  #made = 0;

  static async begun(): Promise<World> {
    const world = new World();
    const secret = { version: 1, sealed: new Uint8Array(), createdAt: world.now };
    world.apply(await planFirstRing(world.#make, secret, world.now));
    world.excused.add(activeKey(world.ring).kid);
    world.sign();
    return world;
  }

  get planning(): Planning {
    return { make: this.#make, policy: POLICY, now: this.now };
  }

  readonly #make: MakeKey = async (algorithm) => {
    this.#made += 1;
    return {
      kid: `key-${this.#made}`,
      algorithm,
      publishedAt: this.now,
      state: { kind: 'standby', activatesAt: null },
      publicJwk: { alg: algorithm },
      sealedPrivateKey: new Uint8Array([1]),
    };
  };

  apply(change: KeyRingChange | null): void {
    if (change === null) return;
    expect(change.from).toBe(this.ring.revision);
    const keys = new Map(this.ring.keys.map((key) => [key.kid, key]));
    for (const kid of change.drop) keys.delete(kid);
    for (const key of change.put) keys.set(key.kid, key);
    this.ring = { revision: change.from + 1, keys: [...keys.values()], secrets: this.ring.secrets };
    for (const { revocation, until } of change.revocations) {
      if (revocation.kind !== 'key-revoked') continue;
      this.revoked.add(revocation.kid);
      expect(until).toBeGreaterThanOrEqual(this.aliveUntil.get(revocation.kid) ?? 0);
    }
  }

  /** The active key signs a token now. */
  sign(): void {
    this.aliveUntil.set(activeKey(this.ring).kid, this.now + POLICY.tokenLingersMs);
  }

  async tend(): Promise<void> {
    for (let turn = 0; ; turn++) {
      const change = await planDue(this.ring, this.planning);
      if (change === null) return;
      this.apply(change);
      expect(turn, 'tending comes to an end').toBeLessThan(10);
    }
  }

  async rotate(algorithm: SigningAlgorithm | null, force: boolean) {
    const plan = await planRotation(this.ring, { algorithm, force }, this.planning);
    if (plan === null) throw new Error('this world makes keys of every algorithm');
    if (force) this.excused.add(plan.active.kid);
    this.apply(plan.change);
    return plan;
  }

  async revoke(kid: string) {
    const plan = await planRevocation(this.ring, { kid, reason: 'leaked' }, this.planning);
    if (plan === null) throw new Error(`${kid} is not in the ring`);
    this.excused.add(plan.active.kid);
    this.apply(plan.change);
    return plan;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'wait') {
      // Tended or not: a node that was down for days must find the promises kept, too.
      this.now += step.minutes * MINUTE;
      if (step.tended) await this.tend();
    } else if (step.kind === 'rotate') {
      await this.rotate(step.algorithm, step.force);
    } else {
      const key = this.ring.keys[step.pick % this.ring.keys.length] as StoredSigningKey;
      await this.revoke(key.kid);
    }
    this.sign();
  }

  published(): StoredSigningKey[] {
    return this.ring.keys.filter(({ state }) => state.kind !== 'revoked');
  }

  inState(kind: string): StoredSigningKey[] {
    return this.ring.keys.filter(({ state }) => state.kind === kind);
  }
}

async function everywhere(promise: (world: World, step: Step) => void | Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (path) => {
      const world = await World.begun();
      for (const step of path) {
        await world.take(step);
        await promise(world, step);
      }
    }),
    { numRuns: 400 },
  );
}

describe('whatever happens to the key ring', () => {
  it('has exactly one active key and at most one standby, and one of it once tended', async () => {
    await everywhere(async (world, step) => {
      expect(world.inState('active')).toHaveLength(1);
      expect(world.inState('standby').length).toBeLessThanOrEqual(1);
      if (step.kind === 'wait' && step.tended) expect(world.inState('standby')).toHaveLength(1);
    });
  });

  it('signs with no key that was not published for long enough, unless it was forced or the one before leaked', async () => {
    await everywhere((world) => {
      const active = activeKey(world.ring);
      if (world.excused.has(active.kid) || active.state.kind !== 'active') return;
      expect(active.state.activatedAt - active.publishedAt).toBeGreaterThanOrEqual(POLICY.publishLeadMs);
    });
  });

  it('publishes each key until every token that it signed is dead, unless it was revoked', async () => {
    await everywhere((world) => {
      const published = new Set(world.published().map(({ kid }) => kid));
      for (const [kid, until] of world.aliveUntil) {
        if (until > world.now && !world.revoked.has(kid)) expect(published).toContain(kid);
      }
    });
  });

  it('forgets a retired key at the first tending after that', async () => {
    await everywhere((world, step) => {
      if (step.kind !== 'wait' || !step.tended) return;
      for (const { state } of world.inState('retired')) {
        expect(state.kind === 'retired' && state.goneAt > world.now).toBe(true);
      }
    });
  });

  it('never brings a revoked key back, publishes it or keeps its private half', async () => {
    await everywhere((world) => {
      for (const { kid, state, sealedPrivateKey } of world.ring.keys) {
        expect(world.revoked.has(kid)).toBe(state.kind === 'revoked');
        expect(sealedPrivateKey === null).toBe(state.kind === 'revoked');
      }
    });
  });

  it('only ever moves a key forward: standby, active, retired, gone, or revoked from any of them', async () => {
    const order = ['standby', 'active', 'retired', 'gone', 'revoked'];
    const seen = new WeakMap<World, Map<string, number>>();
    await everywhere((world) => {
      const before = seen.get(world) ?? new Map<string, number>();
      const after = new Map(world.ring.keys.map(({ kid, state }) => [kid, order.indexOf(state.kind)]));
      for (const [kid, place] of before) expect(after.get(kid) ?? 3, kid).toBeGreaterThanOrEqual(place);
      seen.set(world, new Map([...before, ...after]));
    });
  });

  it('prepares a standby of the algorithm that is in use, unless another was asked for', async () => {
    await everywhere((world) => {
      const standby = standbyKey(world.ring);
      if (standby?.state.kind !== 'standby' || standby.state.activatesAt !== null) return;
      expect(standby.algorithm).toBe(activeKey(world.ring).algorithm);
    });
  });

  it('keeps the promise of when a rotation takes place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 20 }),
        fc.constantFrom('ES256', 'EdDSA'),
        async (path, algorithm) => {
          const world = await World.begun();
          for (const step of path) await world.take(step);
          const plan = await world.rotate(algorithm as SigningAlgorithm, false);
          world.now = Math.max(world.now, plan.activatesAt);
          await world.tend();
          expect(activeKey(world.ring).algorithm).toBe(algorithm);
          const promised = plan.retired === null ? plan.standby : plan.active;
          expect(activeKey(world.ring).kid).toBe(promised.kid);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the plan of', () => {
  it('the first ring is one key that signs at once and one that stands by', async () => {
    const world = await World.begun();
    expect(world.ring.keys.map(({ algorithm, state }) => [algorithm, state.kind])).toEqual([
      ['ES256', 'active'],
      ['ES256', 'standby'],
    ]);
  });

  it('a rotation is a date where the standby is too young, and asking again changes nothing', async () => {
    const world = await World.begun();
    const plan = await world.rotate(null, false);
    expect(plan).toMatchObject({ retired: null, activatesAt: STARTS_AT + POLICY.publishLeadMs });
    world.now += MINUTE;
    const again = await world.rotate(null, false);
    expect(again).toMatchObject({ change: null, activatesAt: STARTS_AT + POLICY.publishLeadMs });
    world.now = plan.activatesAt - 1;
    await world.tend();
    expect(activeKey(world.ring).kid).toBe(plan.active.kid);
    world.now = plan.activatesAt;
    await world.tend();
    expect(activeKey(world.ring).kid).toBe(plan.standby.kid);
  });

  it('a change of algorithm keeps both keys published until the last token of the old one is dead', async () => {
    const world = await World.begun();
    const old = activeKey(world.ring).kid;
    await world.rotate('EdDSA', false);
    world.now += POLICY.publishLeadMs;
    world.sign();
    await world.tend();
    const algorithms = () => world.published().map(({ algorithm, state }) => `${algorithm} ${state.kind}`);
    expect(algorithms().sort()).toEqual(['ES256 retired', 'EdDSA active', 'EdDSA standby']);
    world.now += POLICY.tokenLingersMs - 1;
    await world.tend();
    expect(world.published().map(({ kid }) => kid)).toContain(old);
    world.now += 1;
    await world.tend();
    expect(algorithms().sort()).toEqual(['EdDSA active', 'EdDSA standby']);
  });

  it('time alone rotates after the appointed days, once, to the algorithm in use', async () => {
    const world = await World.begun();
    await world.rotate('EdDSA', true);
    const before = activeKey(world.ring).kid;
    world.now += POLICY.rotateEveryMs - 1;
    await world.tend();
    expect(activeKey(world.ring).kid).toBe(before);
    world.now += 1;
    await world.tend();
    const after = activeKey(world.ring);
    expect(after.kid).not.toBe(before);
    expect(after.algorithm).toBe('EdDSA');
    await world.tend();
    expect(activeKey(world.ring).kid).toBe(after.kid);
  });

  it('a revocation of the active key lets the standby take over at once, with one log row', async () => {
    const world = await World.begun();
    const [leaked, heir] = [activeKey(world.ring), standbyKey(world.ring)];
    const plan = await world.revoke(leaked.kid);
    expect(activeKey(world.ring).kid).toBe(heir?.kid);
    expect(plan.change?.revocations).toEqual([
      {
        revocation: { kind: 'key-revoked', kid: leaked.kid },
        until: world.now + POLICY.tokenLingersMs + CLOCK_MARGIN_MS,
      },
    ]);
    expect(standbyKey(world.ring)).not.toBeNull();
  });

  it('a revocation amid a change of algorithm does not undo the change', async () => {
    const world = await World.begun();
    await world.rotate('EdDSA', false);
    await world.revoke(activeKey(world.ring).kid);
    expect(activeKey(world.ring).algorithm).toBe('EdDSA');
    world.now += POLICY.rotateEveryMs;
    await world.tend();
    expect(activeKey(world.ring).algorithm).toBe('EdDSA');
  });

  it('a revocation of a scheduled standby puts another of its kind on a date of its own', async () => {
    const world = await World.begun();
    const { standby } = await world.rotate('EdDSA', false);
    world.now += 10 * MINUTE;
    await world.revoke(standby.kid);
    expect(standbyKey(world.ring)).toMatchObject({
      algorithm: 'EdDSA',
      state: { kind: 'standby', activatesAt: world.now + POLICY.publishLeadMs },
    });
  });

  it('a revocation of a key that is revoked already, or unknown, changes nothing', async () => {
    const world = await World.begun();
    const leaked = activeKey(world.ring).kid;
    await world.revoke(leaked);
    const again = await world.revoke(leaked);
    expect(again).toMatchObject({ change: null, active: { kid: activeKey(world.ring).kid } });
    expect(await planRevocation(world.ring, { kid: 'nobody', reason: '' }, world.planning)).toBeNull();
  });

  it('a rotation to an algorithm that the runtime lacks is none, and changes nothing', async () => {
    const world = await World.begun();
    const planning = { ...world.planning, make: async () => null };
    expect(await planRotation(world.ring, { algorithm: 'ML-DSA-44', force: true }, planning)).toBeNull();
  });
});
