/** The contract of `VerifierStore`. */

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, type VerifierId } from '../../../src/entities/identifier.js';
import type { StoredVerifier } from '../../../src/store/ports/verifiers.js';
import type { StoreFactory } from './factory.js';
import { audited, EVERYTHING, NOW, tally, times } from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

function newVerifier(name: string): StoredVerifier {
  const id = identifierFromBytes<VerifierId>(randomBytes(16));
  return { verifier: { id, name, createdAt: NOW, withdrawnAt: null }, secretHash: randomBytes(32) };
}

export function verifiersContract(factory: StoreFactory): void {
  describe(`verifiers on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const created = async (name: string) => {
      const stored = newVerifier(name);
      await opened.store.verifiers.create(stored, audited('verifier.created'));
      return stored;
    };
    const kinds = async () =>
      (await opened.store.audit.list({ userId: null, kind: null }, EVERYTHING)).items.map(
        ({ item }) => item.kind,
      );

    it('are given back as they were created, newest first', async () => {
      const [one, other] = [await created('orders service'), await created('ünïcode')];
      const { verifiers } = opened.store;
      expect(await verifiers.list()).toEqual([other.verifier, one.verifier]);
      const found = await verifiers.find(one.verifier.id);
      expect(found?.verifier).toEqual(one.verifier);
      expect(Buffer.from(found?.secretHash ?? [])).toEqual(one.secretHash);
      expect(await verifiers.find(newVerifier('x').verifier.id)).toBeNull();
    });

    it('are withdrawn once, however many ask, with one event', async () => {
      const { verifier } = await created('orders service');
      const { verifiers } = opened.store;
      const outcomes = await Promise.all(
        times(50, () => verifiers.withdraw(verifier.id, NOW + 1, audited('verifier.withdrawn'))),
      );
      expect(tally(outcomes)).toEqual({ withdrawn: 1, 'not-found': 49 });
      expect((await verifiers.find(verifier.id))?.verifier.withdrawnAt).toBe(NOW + 1);
      expect(await kinds()).toEqual(['verifier.withdrawn', 'verifier.created']);
    });

    it('that are not there cannot be withdrawn, and nothing is written', async () => {
      const { id } = newVerifier('x').verifier;
      const outcome = await opened.store.verifiers.withdraw(id, NOW, audited('verifier.withdrawn'));
      expect(outcome).toEqual({ kind: 'not-found' });
      expect(await kinds()).toEqual([]);
    });

    whereItPersists(factory, 'are there when it is opened again', async () => {
      const { verifier } = await created('orders service');
      await opened.reopen();
      expect(await opened.store.verifiers.list()).toEqual([verifier]);
    });
  });
}
