/** The contract of `RevocationLog` and `AuditLog`: what is only appended. */

import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../../src/entities/audit.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import type { LogNews } from '../../../src/store/ports/revocations.js';
import type { StoreFactory } from './factory.js';
import {
  begunSession,
  createdUser,
  EVERYTHING,
  ending,
  endingAll,
  heardFrom,
  NOW,
  newSessionId,
  newUserId,
  times,
  wholeLog,
} from './fixtures.js';
import { openedForEach, whereItPersists } from './opened.js';

export function revocationsContract(factory: StoreFactory): void {
  describe(`the revocation log on ${factory.name}`, () => {
    const opened = openedForEach(factory);

    /** Three entries that live for 10, 20 and 30 ms. */
    async function three(): Promise<readonly RevocationEntry[]> {
      const user = await createdUser(opened.store);
      for (const lives of [10, 20, 30]) {
        await opened.store.sessions.endAll(endingAll(user.id, { until: NOW + lives }));
      }
      return wholeLog(opened.store);
    }

    it('gives all that is alive from the beginning, and behind a position what has come since', async () => {
      const entries = await three();
      const { revocations } = opened.store;
      const sequences = entries.map(({ sequence }) => sequence);
      expect([...sequences].sort((a, b) => a - b)).toEqual(sequences);
      expect(new Set(sequences).size).toBe(3);
      const aliveAt = async (now: number) => (await revocations.read(null, now)).entries;
      expect(await aliveAt(NOW + 9)).toEqual(entries);
      expect(await aliveAt(NOW + 10)).toEqual(entries.slice(1));
      expect(await aliveAt(NOW + 30)).toEqual([]);
      const { position } = await revocations.read(null, NOW);
      const user = await createdUser(opened.store);
      await opened.store.sessions.endAll(endingAll(user.id));
      // Some may be given again where another transaction is open somewhere; what is new is not missed.
      const next = await revocations.read(position, NOW);
      expect(next.entries.at(-1)?.revocation).toEqual({ kind: 'epoch-raised', userId: user.id, epoch: 1 });
      await expect.poll(async () => (await revocations.read(next.position, NOW)).entries).toEqual([]);
    });

    it('forgets exactly what is dead, and never gives a number twice', async () => {
      const entries = await three();
      const { revocations } = opened.store;
      expect(await revocations.prune(NOW + 9, 100)).toBe(0);
      expect(await revocations.prune(NOW + 20, 100)).toBe(2);
      expect(await wholeLog(opened.store)).toEqual(entries.slice(2));
      expect(await revocations.prune(NOW + 30, 100)).toBe(1);
      const user = await createdUser(opened.store);
      await opened.store.sessions.endAll(endingAll(user.id));
      const [next] = await wholeLog(opened.store);
      expect(next?.sequence).toBeGreaterThan(entries.at(-1)?.sequence ?? Number.POSITIVE_INFINITY);
    });

    it('forgets no more at once than it is told to, and goes on where it stopped', async () => {
      const entries = await three();
      const { revocations } = opened.store;
      expect(await revocations.prune(NOW + 30, 2)).toBe(2);
      expect(await wholeLog(opened.store)).toEqual(entries.slice(2));
      expect(await revocations.prune(NOW + 30, 2)).toBe(1);
      expect(await revocations.prune(NOW + 30, 2)).toBe(0);
    });

    it('tells every subscriber, until it unsubscribes', async () => {
      const [one, other]: [RevocationEntry[], RevocationEntry[]] = [[], []];
      const { revocations } = opened.store;
      const told = (list: RevocationEntry[]) => (news: LogNews) =>
        list.push(...(news.kind === 'entries' ? news.entries : []));
      const leave = revocations.subscribe(told(one));
      revocations.subscribe(told(other));
      const user = await createdUser(opened.store);
      await opened.store.sessions.endAll(endingAll(user.id));
      leave();
      await opened.store.sessions.endAll(endingAll(user.id));
      expect(one).toHaveLength(1);
      expect(other).toEqual(await wholeLog(opened.store));
    });

    it('tells nobody of what ended nothing', async () => {
      const heard = heardFrom(opened.store);
      await opened.store.sessions.end(ending(newSessionId()));
      await opened.store.sessions.endAll(endingAll(newUserId()));
      expect(heard).toEqual([]);
    });

    whereItPersists(factory, 'has kept every entry and its number when it is opened again', async () => {
      const entries = await three();
      await opened.reopen();
      expect(await wholeLog(opened.store)).toEqual(entries);
    });
  });
}

export function auditContract(factory: StoreFactory): void {
  describe(`the audit log on ${factory.name}`, () => {
    const opened = openedForEach(factory);
    const detail = (index: number) => `event ${index}`;
    const append = async (count: number, about = {}) => {
      for (const index of times(count, (n) => n)) {
        const event = auditEvent('key.rotated', NOW + index, { detail: detail(index), ...about });
        await opened.store.audit.append(event);
      }
    };
    const details = async (first: number, after: string | null) => {
      const page = await opened.store.audit.list({ userId: null, kind: null }, { first, after });
      return { ...page, details: page.items.map(({ item }) => item.detail) };
    };

    it('gives back each event as it was written', async () => {
      const about = {
        userId: newUserId(),
        actorId: newUserId(),
        sessionId: newSessionId(),
        ipAddress: '2001:db8::1',
        detail: 'ünïcode',
      };
      const events = [auditEvent('login.failed', NOW), auditEvent('session.ended', NOW + 1, about)];
      for (const event of events) await opened.store.audit.append(event);
      const { items } = await opened.store.audit.list({ userId: null, kind: null }, EVERYTHING);
      expect(items.map(({ item: { sequence: _, ...event } }) => event)).toEqual(events.reverse());
    });

    it('lists newest first, page by page, while more is appended', async () => {
      await append(5);
      const first = await details(2, null);
      await append(1);
      const second = await details(2, first.items.at(-1)?.cursor ?? null);
      const third = await details(2, second.items.at(-1)?.cursor ?? null);
      expect([first, second, third].flatMap((page) => page.details)).toEqual([4, 3, 2, 1, 0].map(detail));
      expect([first, second, third].map(({ hasNextPage }) => hasNextPage)).toEqual([true, true, false]);
    });

    it('gives what came after a row, oldest first, as many as are asked for', async () => {
      const { audit } = opened.store;
      expect(await audit.end()).toBe(0);
      expect(await audit.after(0, 10)).toEqual([]);
      await append(5);
      const all = await audit.after(0, 10);
      expect(all.map((record) => record.detail)).toEqual([0, 1, 2, 3, 4].map(detail));
      const [, second] = all;
      expect(await audit.after(second?.sequence ?? 0, 2)).toEqual(all.slice(2, 4));
      expect(await audit.end()).toBe(all.at(-1)?.sequence);
      expect(await audit.after(await audit.end(), 10)).toEqual([]);
    });

    it('filters by user, by kind, and by both', async () => {
      const [ada, grace] = [newUserId(), newUserId()];
      for (const userId of [ada, grace]) {
        for (const kind of ['login.succeeded', 'login.failed'] as const) {
          await opened.store.audit.append(auditEvent(kind, NOW, { userId }));
        }
      }
      const count = async (filter: Parameters<typeof opened.store.audit.list>[0]) =>
        (await opened.store.audit.list(filter, EVERYTHING)).items.length;
      expect(await count({ userId: ada, kind: null })).toBe(2);
      expect(await count({ userId: null, kind: 'login.failed' })).toBe(2);
      expect(await count({ userId: grace, kind: 'login.failed' })).toBe(1);
      expect(await count({ userId: newUserId(), kind: null })).toBe(0);
    });

    it('refuses every change of what is written', async () => {
      await append(1);
      for (const assignment of ["detail = 'x'", 'at = 0', 'user_id = null', 'detail = detail']) {
        await expect(opened.probe.execute(`update audit_log set ${assignment}`)).rejects.toThrow(
          /append-only/,
        );
      }
      expect((await details(9, null)).details).toEqual([detail(0)]);
    });

    it('ages out what lies before an instant, and nothing else', async () => {
      await append(5);
      expect(await opened.store.audit.prune(NOW + 2, 100)).toBe(2);
      expect((await details(9, null)).details).toEqual([4, 3, 2].map(detail));
    });

    it('ages out no more at once than it is told to, oldest first, and goes on where it stopped', async () => {
      await append(5);
      expect(await opened.store.audit.prune(NOW + 5, 2)).toBe(2);
      expect((await details(9, null)).details).toEqual([4, 3, 2].map(detail));
      expect(await opened.store.audit.prune(NOW + 5, 2)).toBe(2);
      expect(await opened.store.audit.prune(NOW + 5, 2)).toBe(1);
      expect(await opened.store.audit.prune(NOW + 5, 2)).toBe(0);
    });

    it('has one row for each begun session', async () => {
      const user = await createdUser(opened.store);
      await begunSession(opened.store, user);
      await begunSession(opened.store, user);
      const { items } = await opened.store.audit.list(
        { userId: user.id, kind: 'login.succeeded' },
        EVERYTHING,
      );
      expect(items).toHaveLength(2);
    });
  });
}
