import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
