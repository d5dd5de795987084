/** A node that cannot read the revocation log any more, while another one on the same database revokes. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { revokeSigningKey } from '../../src/account/signing-keys.js';
import { type App, createApp } from '../../src/app.js';
import { MODEL_NAMES } from '../../src/entities/session-model.js';
import {
  type SharedDatabase,
  sharedDatabase,
  startCounterfoil,
  type TestCounterfoil,
} from '../support/counterfoil.js';

const OPERATOR = { userId: null, caller: { ipAddress: null, clientLabel: null } };

describe.each(MODEL_NAMES.filter((name) => name !== 'stateful'))('a stale node, %s', (model) => {
  let database: SharedDatabase;
  let stale: TestCounterfoil;
  let other: App;

  beforeEach(async () => {
    database = await sharedDatabase();
    stale = await startCounterfoil({ settings: { model, database: database.setting } });
    other = await createApp(stale.app.config, { clock: stale.clock });
  });
  afterEach(async () => {
    await other.stop();
    await stale.stop();
    await database.drop();
  });

  it('refuses what a key signed that another node has revoked, though it never heard of it', async () => {
    const { tokens } = await stale.signedInAs();
    const token = tokens.accessToken ?? '';
    const { kid } = stale.app.parts.keyring.ring.signer();
    stale.app.store.revocations.read = async () => {
      throw new Error('The log is out of reach.');
    };
    await revokeSigningKey(other.parts, { kid, reason: 'leaked' }, OPERATOR);
    stale.clock.advance(stale.app.config.lifetimes.maxStalenessMs + 1);
    const { counterfoil } = await stale.withToken(token);
    expect(counterfoil.authentication.kind).toBe('refused');
  });

  it('decides nothing when the keys are out of reach, too', async () => {
    const { tokens } = await stale.signedInAs();
    await stale.app.store.close();
    stale.clock.advance(stale.app.config.lifetimes.maxStalenessMs + 1);
    const { counterfoil } = await stale.withToken(tokens.accessToken ?? '');
    expect(counterfoil.authentication.kind).toBe('undecided');
  });
});
