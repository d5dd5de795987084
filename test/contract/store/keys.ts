/** The contract of `KeyStore`. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import type { KeyRingChange } from '../../../src/entities/key-ring.js';
import type { KeyState, StoredSigningKey } from '../../../src/entities/signing-key.js';
import type { StoreFactory } from './factory.js';
import { EVERYTHING, heardFrom, NOW, tally, times, wholeLog } from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

const STATES: readonly KeyState[] = [
  { kind: 'standby', activatesAt: null },
  { kind: 'standby', activatesAt: NOW + 5 },
  { kind: 'active', activatedAt: NOW },
  { kind: 'retired', activatedAt: NOW, retiredAt: NOW + 1, goneAt: NOW + 2 },
  { kind: 'revoked', revokedAt: NOW + 3, reason: 'it leaked' },
];

function key(kid: string, state: KeyState): StoredSigningKey {
  const sealedPrivateKey = state.kind === 'revoked' ? null : randomBytes(40);
  return {
    kid,
    algorithm: 'ES256',
    publishedAt: NOW,
    state,
    publicJwk: { kty: 'EC', kid },
    sealedPrivateKey,
  };
}

function change(from: number, parts: Partial<KeyRingChange> = {}): KeyRingChange {
  return { from, put: [], drop: [], secrets: [], at: NOW, revocations: [], audit: null, ...parts };
}

export function keysContract(factory: StoreFactory): void {
  describe(`keys on ${factory.name}`, () => {
    const opened = openedForEach(factory);

    it('begins with an empty ring of revision 0', async () => {
      expect(await opened.store.keys.load()).toEqual({ revision: 0, keys: [], secrets: [] });
    });

    it('gives back keys of every state, and secrets, as they were written', async () => {
      const { keys } = opened.store;
      const put = STATES.map((state, index) => key(`key-${index}`, state));
      const secrets = [{ version: 1, sealed: randomBytes(40), createdAt: NOW }];
      expect(await keys.change(change(0, { put, secrets }))).toEqual({ kind: 'changed', revision: 1 });
      const ring = await keys.load();
      expect(ring.revision).toBe(1);
      expect([...ring.keys].sort((a, b) => a.kid.localeCompare(b.kid))).toEqual(put);
      expect(ring.secrets).toEqual(secrets);
    });

    it('puts in place of what has the same name, and drops what is to go', async () => {
      const { keys } = opened.store;
      const standby = { kind: 'standby', activatesAt: null } as const;
      const secret = { version: 1, sealed: randomBytes(8), createdAt: NOW };
      await keys.change(change(0, { put: [key('a', standby), key('b', standby)], secrets: [secret] }));
      const active = key('a', { kind: 'active', activatedAt: NOW });
      const resealed = { ...secret, sealed: randomBytes(8) };
      await keys.change(change(1, { put: [active], drop: ['b'], secrets: [resealed] }));
      expect(await keys.load()).toEqual({ revision: 2, keys: [active], secrets: [resealed] });
    });

    it.each([0, 1, 2])('lets one of 100 changes planned on revision %i win', async (from) => {
      const { keys } = opened.store;
      for (let revision = 0; revision < from; revision++) await keys.change(change(revision));
      const outcomes = await Promise.all(
        times(100, (index) =>
          keys.change(change(from, { put: [key(`key-${index}`, { kind: 'active', activatedAt: NOW })] })),
        ),
      );
      expect(tally(outcomes)).toEqual({ changed: 1, lost: 99 });
      const winner = outcomes.findIndex(({ kind }) => kind === 'changed');
      const ring = await keys.load();
      expect(ring.revision).toBe(from + 1);
      expect(ring.keys.map(({ kid }) => kid)).toEqual([`key-${winner}`]);
    });

    it('refuses a change planned on the past or on the future, and writes nothing of it', async () => {
      const { store } = opened;
      await store.keys.change(change(0));
      const log = await wholeLog(store);
      const planned = {
        put: [key('a', { kind: 'active', activatedAt: NOW })],
        audit: auditEvent('key.rotated', NOW),
      };
      for (const from of [0, 2, 7])
        expect(await store.keys.change(change(from, planned))).toEqual({ kind: 'lost' });
      expect(await store.keys.load()).toEqual({ revision: 1, keys: [], secrets: [] });
      expect(await wholeLog(store)).toEqual(log);
      expect((await store.audit.list({ userId: null, kind: null }, EVERYTHING)).items).toEqual([]);
    });

    it('tells of each change in the log, with what it revokes, before it returns', async () => {
      const { store } = opened;
      const heard = heardFrom(store);
      const revocation = { kind: 'key-revoked', kid: 'a' } as const;
      const audit = auditEvent('key.revoked', NOW, { detail: 'a' });
      await store.keys
        .change(change(0, { revocations: [{ revocation, until: NOW + 9 }], audit }))
        .then(() => {
          expect(heard.map((entry) => entry.revocation)).toEqual([
            revocation,
            { kind: 'keys-changed', revision: 1 },
          ]);
          expect(heard[0]?.until).toBe(NOW + 9);
        });
      expect(await wholeLog(store)).toEqual(heard);
      const { items } = await store.audit.list({ userId: null, kind: 'key.revoked' }, EVERYTHING);
      expect(items).toHaveLength(1);
    });

    for (const table of ['signing_keys', 'refresh_secrets', 'revocations', 'audit_log']) {
      it(`applies a change whole or not at all: nothing where ${table} cannot be written`, async () => {
        const { store } = opened;
        await store.keys.change(change(0, { put: [key('old', { kind: 'active', activatedAt: NOW })] }));
        const before = await store.keys.load();
        const whole = change(1, {
          put: [key('new', { kind: 'active', activatedAt: NOW })],
          drop: ['old'],
          secrets: [{ version: 2, sealed: randomBytes(8), createdAt: NOW }],
          audit: auditEvent('key.rotated', NOW),
        });
        const mend = await opened.probe.breakInserts(table);
        await expect(store.keys.change(whole)).rejects.toThrow();
        await mend();
        expect(await store.keys.load()).toEqual(before);
        expect(await store.keys.change(whole)).toEqual({ kind: 'changed', revision: 2 });
      });
    }

    whereItPersists(factory, 'has kept the ring when it is opened again', async () => {
      const put = [key('a', { kind: 'active', activatedAt: NOW })];
      await opened.store.keys.change(change(0, { put }));
      await opened.reopen();
      expect(await opened.store.keys.load()).toEqual({ revision: 1, keys: put, secrets: [] });
      expect(await opened.store.keys.change(change(0))).toEqual({ kind: 'lost' });
    });
  });
}
