/** What the storage of browsers does where IndexedDB hangs, fails or closes; where it does its duty, browsers show it. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/client/indexed-db-storage.js';

interface Request {
  result?: unknown;
  error?: unknown;
  onsuccess: () => void;
  onerror: () => void;
}

/** IndexedDB whose events are the test's to fire. */
function factory() {
  const requests: Request[] = [];
  const opened: (Request & { result: ReturnType<typeof connection> })[] = [];
  function connection() {
    const own = {
      isClosed: false,
      transactions: [] as ReturnType<typeof transaction>[],
      close: () => {
        own.isClosed = true;
      },
      transaction: () => {
        const made = transaction();
        own.transactions.push(made);
        return made;
      },
      onclose: () => {},
    };
    return own;
  }
  function transaction() {
    const own = {
      error: null as unknown,
      isAborted: false,
      oncomplete: () => {},
      onabort: () => {},
      onerror: () => {},
      abort: () => {
        own.isAborted = true;
      },
      objectStore: () => ({
        get: () => {
          const request = {} as Request;
          requests.push(request);
          return request;
        },
      }),
    };
    return own;
  }
  const open = () => {
    const request = { result: connection() } as (typeof opened)[number];
    opened.push(request);
    queueMicrotask(() => request.onsuccess());
    return request;
  };
  return { open, opened, requests };
}

let made: ReturnType<typeof factory>;
beforeEach(() => {
  vi.useFakeTimers();
  made = factory();
  Object.assign(globalThis, { indexedDB: { open: made.open } });
});
afterEach(() => {
  vi.useRealTimers();
  delete (globalThis as { indexedDB?: unknown }).indexedDB;
});

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a storage in IndexedDB', () => {
  it('lets go of a connection that hangs, with what is queued on it, and opens another', async () => {
    const storage = indexedDbStorage();
    const hanging = storage.read().catch((fault: Error) => fault.message);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await hanging).toContain('5000 ms');
    const [first] = made.opened;
    expect(first?.result).toMatchObject({ isClosed: true, transactions: [{ isAborted: true }] });
    storage.read().catch(() => {});
    await settle();
    expect(made.opened).toHaveLength(2);
    // The browser says so of the first one, late.
    first?.result.onclose();
    storage.read().catch(() => {});
    await settle();
    expect(made.opened).toHaveLength(2);
  });

  it('says why a change was not made', async () => {
    const storage = indexedDbStorage();
    const reading = storage.read().catch((fault: unknown) => fault);
    await settle();
    const [transaction] = made.opened[0]?.result.transactions ?? [];
    // In this order, and the reason comes with the second.
    transaction?.onerror();
    await settle();
    Object.assign(transaction ?? {}, { error: 'quota' });
    transaction?.onabort();
    expect(await reading).toBe('quota');
  });
});
