import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChores } from '../../../src/account/chores.js';
import { auditEvent } from '../../../src/entities/audit.js';
import { startCounterfoil, type TestCounterfoil } from '../../../src/testing/index.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PATIENCE = { timeout: 20_000, interval: 50 };

describe('a running instance, with nobody asking', () => {
  let counterfoil: TestCounterfoil;

  beforeEach(async () => {
    counterfoil = await startCounterfoil();
  });
  afterEach(() => counterfoil.stop());

  it('sweeps what is dead, and forgets the revocations that no token needs any more', async () => {
    const { app, clock } = counterfoil;
    const dead = await counterfoil.signedInAs({ email: 'dead@example.test' });
    await counterfoil.run('mutation { logout { accessTokensDeadBy } }', dead);
    const alive = await counterfoil.signedInAs({ email: 'alive@example.test' });
    clock.advance(2 * HOUR_MS);
    await vi.waitFor(async () => {
      expect(await app.store.sessions.find(dead.session.id)).toBeNull();
      expect((await app.store.revocations.read(null, 0)).entries).toEqual([]);
    }, PATIENCE);
    expect(await app.store.sessions.find(alive.session.id)).not.toBeNull();
  });

  it('forgets more than one batch of the audit log in one round', async () => {
    const { app, clock } = counterfoil;
    const old = auditEvent('login.failed', clock.now() - 100 * DAY_MS, {});
    for (let row = 0; row < 12_000; row += 1) await app.store.audit.append(old);
    await app.store.audit.append({ ...old, at: clock.now() });
    // What the first round began is ended without the minute that lies between rounds: this clock stands still.
    clock.advance(60_000);
    await vi.waitFor(async () => {
      const { items } = await app.store.audit.list({ userId: null, kind: null }, { first: 2, after: null });
      expect(items).toHaveLength(1);
    }, PATIENCE);
  });

  it('tells of a round that failed, and pauses before the next', async () => {
    const { app, clock } = counterfoil;
    const { store } = app.parts;
    const failed: string[] = [];
    let tries = 0;
    const leases = { ...store.leases, hold: async () => true };
    const sessions = {
      ...store.sessions,
      sweep: async () => {
        tries += 1;
        throw new Error('the disk is full');
      },
    };
    const lifetimes = { idleTtlMs: DAY_MS, auditKeepMs: DAY_MS };
    const parts = { ...app.parts, store: { ...store, leases, sessions } };
    const chores = createChores(parts, lifetimes, (chore) => failed.push(chore));
    chores.start();
    await vi.waitFor(() => expect(tries).toBe(1), PATIENCE);
    // Long enough for two more tries, if there were any.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(tries).toBe(1);
    expect(failed).toEqual(['sweep']);
    clock.advance(60_000);
    await vi.waitFor(() => expect(tries).toBe(2), PATIENCE);
    await chores.stop();
  });

  it('rotates its signing key when that is due, and removes the old one once its last token is dead', async () => {
    const { app, clock } = counterfoil;
    const { ring } = app.parts.keyring;
    const first = ring.signer().kid;
    clock.advance(30 * DAY_MS - HOUR_MS);
    const { tokens } = await counterfoil.signedInAs();
    expect(ring.signer().kid).toBe(first);
    clock.advance(HOUR_MS);
    await vi.waitFor(() => expect(ring.signer().kid).not.toBe(first), PATIENCE);
    expect(ring.verifier(first)).toBeDefined();
    expect((await counterfoil.withToken(tokens.accessToken)).counterfoil.authentication.kind).toBe('refused');
    clock.advance(HOUR_MS);
    await vi.waitFor(() => expect(ring.keys().map(({ kid }) => kid)).not.toContain(first), PATIENCE);
  });
});
