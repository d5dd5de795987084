/**
 * For browsers: one record in IndexedDB for all tabs of an origin, which outlives them. Each change is one transaction, so
 * tabs that race see one another. What one tab is given, the others hear by a BroadcastChannel; access tokens are never
 * written down.
 */

import { ClientError } from './errors.js';
import type { Channel, ClientStorage, Message, Stored } from './storage.js';

/** As much of IndexedDB as is used: the types of browsers are no part of this project. */
interface Request<Result> {
  readonly result: Result;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface ObjectStore {
  get(key: string): Request<Stored | undefined>;
  put(value: Stored, key: string): unknown;
  delete(key: string): unknown;
}
interface Transaction {
  readonly error: unknown;
  objectStore(name: string): ObjectStore;
  abort(): void;
  oncomplete: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(
    name: string,
    mode: 'readonly' | 'readwrite',
    options: { readonly durability: 'strict' },
  ): Transaction;
  close(): void;
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
}
interface OpenRequest extends Request<Database> {
  onupgradeneeded: (() => void) | null;
}
interface Factory {
  open(name: string, version: number): OpenRequest;
}

/** A page that is frozen may hold up the others' transactions for as long as it is. */
const PATIENCE_MS = 5_000;

const STORE = 'session';
const KEY = 'present';

/** `name`: one for each session that a page may have; `counterfoil` unless given. */
export function indexedDbStorage(name = 'counterfoil'): ClientStorage {
  let opening: Promise<Database> | null = null;

  function database(): Promise<Database> {
    const gone = () => {
      opening = null;
    };
    opening ??= open(name, gone).catch((fault: unknown) => {
      gone();
      throw fault;
    });
    return opening;
  }

  /** A connection may have been closed since: by the browser, or by a page that cleared its data. */
  async function begin(mode: 'readonly' | 'readwrite'): Promise<Transaction> {
    // On the disk before anything is sent: what is forgotten in a crash looks like theft to the server.
    const options = { durability: 'strict' } as const;
    const first = await database();
    try {
      return first.transaction(STORE, mode, options);
    } catch {
      opening = null;
      return (await database()).transaction(STORE, mode, options);
    }
  }

  async function inTransaction<Value>(
    mode: 'readonly' | 'readwrite',
    work: (store: ObjectStore, done: (value: Value) => void) => void,
  ): Promise<Value> {
    return inTime(transact(mode, work), () => {
      opening = null;
    });
  }

  async function transact<Value>(
    mode: 'readonly' | 'readwrite',
    work: (store: ObjectStore, done: (value: Value) => void) => void,
  ): Promise<Value> {
    const transaction = await begin(mode);
    return new Promise((resolve, reject) => {
      let value: Value;
      transaction.oncomplete = () => resolve(value);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(STORE), (result) => {
        value = result;
      });
    });
  }

  return {
    read: () =>
      inTransaction<Stored | null>('readonly', (store, done) => {
        const request = store.get(KEY);
        request.onsuccess = () => done(request.result ?? null);
      }),
    update: (change) =>
      inTransaction<Stored | null>('readwrite', (store, done) => {
        const request = store.get(KEY);
        request.onsuccess = () => {
          const before = request.result ?? null;
          const after = change(before);
          if (after === null) store.delete(KEY);
          else if (after !== before) store.put(after, KEY);
          done(after);
        };
      }),
    channel: broadcast(name),
  };
}

/** Rejects with a `ClientError` where it fails, and where it takes for ever; `given` is called then. */
function inTime<Value>(work: Promise<Value>, given: () => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      given();
      reject(new ClientError('storage', 'The browser keeps nothing for this page right now.', { cause }));
    };
    const timer = setTimeout(() => fail(new Error(`No answer within ${PATIENCE_MS} ms.`)), PATIENCE_MS);
    work.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, fail);
  });
}

async function open(name: string, onGone: () => void): Promise<Database> {
  const factory = (globalThis as { readonly indexedDB?: Factory }).indexedDB;
  if (factory === undefined) throw new Error('There is no IndexedDB here: use another storage.');
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const { result } = request;
      result.onversionchange = () => {
        result.close();
        onGone();
      };
      result.onclose = onGone;
      resolve(result);
    };
  });
}

function broadcast(name: string): Channel | null {
  if (typeof BroadcastChannel === 'undefined') return null;
  const channel = new BroadcastChannel(name);
  const listeners = new Set<(message: Message) => void>();
  channel.onmessage = ({ data }: { data: unknown }) => {
    for (const listener of listeners) listener(data as Message);
  };
  // In Node.js an open channel would keep the process alive.
  (channel as { unref?: () => void }).unref?.();
  return {
    post: (message) => {
      try {
        channel.postMessage(message);
      } catch {
        // It has been closed: there is nobody to tell any more.
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => channel.close(),
  };
}
