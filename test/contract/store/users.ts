/** The contract of `UserStore`. */

import { describe, expect, it } from 'vitest';
import { LAST_EPOCH } from '../../../src/entities/revocation.js';
import type { User } from '../../../src/entities/user.js';
import type { StoreFactory } from './factory.js';
import {
  audited,
  begunSession,
  createdUser,
  EVERYTHING,
  NOW,
  newUser,
  newUserId,
  rotation,
  tally,
  times,
  userEnding,
  wholeLog,
} from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

export function usersContract(factory: StoreFactory): void {
  describe(`users on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const registered = audited('user.registered');

    it('gives an address to one of 100 who ask for it at once, in whatever spelling', async () => {
      const spellings = [
        'ada@example.test',
        ' ADA@example.test',
        'Ada@Example.Test',
        '\uff41da@example.test',
      ];
      const outcomes = await Promise.all(
        times(100, (index) =>
          opened.store.users.create(newUser({ email: spellings[index % 4] ?? '' }), registered),
        ),
      );
      expect(tally(outcomes)).toEqual({ created: 1, 'email-taken': 99 });
      expect((await opened.store.users.list(EVERYTHING, null)).items).toHaveLength(1);
      expect((await opened.store.audit.list({ userId: null, kind: null }, EVERYTHING)).items).toHaveLength(1);
    });

    it('finds a user by id and by any equal spelling of the address, and nobody else', async () => {
      const user = await createdUser(opened.store, {
        email: 'Grace@Example.test',
        roles: ['USER', 'OPERATOR'],
      });
      const { users } = opened.store;
      expect(user).toMatchObject({ email: 'Grace@Example.test', epoch: 0, standing: { kind: 'active' } });
      expect(user.roles).toEqual(['USER', 'OPERATOR']);
      expect(await users.find(user.id)).toEqual(user);
      expect(await users.credentialsByEmail(' grace@EXAMPLE.test ')).toEqual({
        user,
        passwordHash: 'hash-1',
      });
      expect(await users.credentialsById(user.id)).toEqual({ user, passwordHash: 'hash-1' });
      expect(await users.find(newUserId())).toBeNull();
      expect(await users.credentialsByEmail('grace@example.tes')).toBeNull();
      expect(await users.credentialsById(newUserId())).toBeNull();
    });

    it('lists newest first, page by page, while others register', async () => {
      const made: User[] = [];
      for (const name of times(5, (index) => `u${index}`))
        made.unshift(await createdUser(opened.store, { name }));
      const { users } = opened.store;
      const first = await users.list({ first: 2, after: null }, null);
      await createdUser(opened.store, { name: 'late' });
      const second = await users.list({ first: 2, after: first.items.at(-1)?.cursor ?? null }, null);
      const third = await users.list({ first: 2, after: second.items.at(-1)?.cursor ?? null }, null);
      expect([first, second, third].flatMap((page) => page.items.map(({ item }) => item))).toEqual(made);
      expect([first, second, third].map((page) => page.hasNextPage)).toEqual([true, true, false]);
    });

    it('searches for what is written, not for a pattern', async () => {
      await createdUser(opened.store, { email: 'a_b@example.test', name: '100% Ada' });
      await createdUser(opened.store, { email: 'axb@example.test', name: 'back\\slash' });
      const found = async (search: string) =>
        (await opened.store.users.list(EVERYTHING, search)).items.map(({ item }) => item.email);
      expect(await found('a_b')).toEqual(['a_b@example.test']);
      expect(await found('0% a')).toEqual(['a_b@example.test']);
      expect(await found('k\\s')).toEqual(['axb@example.test']);
      expect(await found('%')).toEqual(['a_b@example.test']);
    });

    it('answers a cursor that is not one of its own with an empty page', async () => {
      await createdUser(opened.store);
      for (const after of ['', 'nonsense', '-1', '1e3', '9'.repeat(400)]) {
        const page = await opened.store.users.list({ first: 10, after }, null);
        expect(page, after).toEqual({ items: [], hasNextPage: false });
      }
    });

    it('rehashes only the hash that was checked', async () => {
      const { users } = opened.store;
      const { id } = await createdUser(opened.store);
      const hashOf = async () => (await users.credentialsById(id))?.passwordHash;
      await users.rehash(id, 'hash-0', 'hash-2');
      expect(await hashOf()).toBe('hash-1');
      await users.rehash(id, 'hash-1', 'hash-2');
      expect(await hashOf()).toBe('hash-2');
      expect(await wholeLog(opened.store)).toEqual([]);
    });

    it('lets one of 100 changes of one password win; the others are stale and change nothing', async () => {
      const { users } = opened.store;
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const outcomes = await Promise.all(
        times(100, (index) =>
          users.changePassword({
            ...userEnding(user.id),
            from: 'hash-1',
            to: `hash-new-${index}`,
            survivor: session.id,
          }),
        ),
      );
      expect(tally(outcomes)).toEqual({ ended: 1, stale: 99 });
      const winner = outcomes.findIndex(({ kind }) => kind === 'ended');
      expect(await users.credentialsById(user.id)).toMatchObject({
        passwordHash: `hash-new-${winner}`,
        user: { epoch: 1 },
      });
      expect(await wholeLog(opened.store)).toHaveLength(1);
    });

    it('has nothing to change for a user who is not there', async () => {
      const id = newUserId();
      const { users } = opened.store;
      const change = { ...userEnding(id), from: 'hash-1', to: 'hash-2', survivor: null };
      expect(await users.changePassword(change)).toEqual({ kind: 'stale' });
      expect(await users.suspend({ ...userEnding(id), reason: 'x' })).toEqual({ kind: 'not-found' });
      expect(await users.reinstate(id, audited('user.reinstated'))).toEqual({ kind: 'not-found' });
      expect(await users.remove(userEnding(id))).toEqual({ kind: 'not-found' });
      await users.rehash(id, 'hash-1', 'hash-2');
      expect(await wholeLog(opened.store)).toEqual([]);
      expect((await opened.store.audit.list({ userId: null, kind: null }, EVERYTHING)).items).toEqual([]);
    });

    it('suspends and reinstates: sessions of before stay dead', async () => {
      const { users, sessions } = opened.store;
      const user = await createdUser(opened.store);
      const session = await begunSession(opened.store, user);
      const suspended = await users.suspend({ ...userEnding(user.id), reason: 'fraud' });
      expect(suspended).toMatchObject({
        kind: 'ended',
        sessionsEnded: 1,
        survivor: null,
        user: { epoch: 1, standing: { kind: 'suspended', at: NOW, reason: 'fraud' } },
      });
      const reinstated = await users.reinstate(user.id, audited('user.reinstated'));
      expect(reinstated).toMatchObject({
        kind: 'reinstated',
        user: { epoch: 1, standing: { kind: 'active' } },
      });
      expect(await sessions.rotate(rotation(session, 0))).toEqual({ kind: 'lost' });
    });

    it('removes a user with all that identifies them, and frees the address', async () => {
      const { users, sessions, audit } = opened.store;
      const user = await createdUser(opened.store, { email: 'gone@example.test', name: 'Very Identifying' });
      const session = await begunSession(opened.store, user);
      const removed = await users.remove(userEnding(user.id));
      expect(removed).toMatchObject({
        kind: 'ended',
        sessionsEnded: 1,
        user: { email: 'gone@example.test' },
      });
      expect(await users.find(user.id)).toBeNull();
      expect(await sessions.find(session.id)).toBeNull();
      expect((await wholeLog(opened.store)).map(({ revocation }) => revocation)).toEqual([
        { kind: 'epoch-raised', userId: user.id, epoch: LAST_EPOCH },
      ]);
      const kept = JSON.stringify(await audit.list({ userId: null, kind: null }, EVERYTHING));
      expect(kept).not.toMatch(/gone@example|Identifying/);
      expect(await users.create(newUser({ email: 'gone@example.test' }), registered)).toMatchObject({
        kind: 'created',
      });
    });

    whereItPersists(factory, 'has kept everything when it is opened again', async () => {
      const user = await createdUser(opened.store, { email: 'kept@example.test' });
      await opened.store.users.suspend({ ...userEnding(user.id), reason: 'kept' });
      await opened.reopen();
      expect(await opened.store.users.find(user.id)).toEqual({
        ...user,
        epoch: 1,
        standing: { kind: 'suspended', at: NOW, reason: 'kept' },
      });
    });
  });
}
