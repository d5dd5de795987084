/**
 * For browsers: one record in IndexedDB for all tabs of an origin, which outlives them. Each change is one transaction, so
 * tabs that race see one another. What one tab is given, the others hear by a BroadcastChannel; access tokens are never
 * written down.
 */

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
    if (opening !== null) return opening;
    const mine = open(name, () => forget(mine));
    opening = mine;
    mine.catch(() => forget(mine));
    return mine;
  }

  /** Another may have been opened since. */
  function forget(connection: Promise<Database>): void {
    if (opening === connection) opening = null;
  }

  async function inTransaction<Value>(
    mode: 'readonly' | 'readwrite',
    work: (store: ObjectStore, done: (value: Value) => void) => void,
  ): Promise<Value> {
    let connection = database();
    let transaction: Transaction | null = null;
    let isGivenUp = false;

    /** A connection may have been closed since: by the browser, or by a page that cleared its data. */
    async function begin(): Promise<Transaction> {
      // On the disk before anything is sent: what is forgotten in a crash looks like theft to the server.
      const options = { durability: 'strict' } as const;
      const first = await connection;
      try {
        return first.transaction(STORE, mode, options);
      } catch {
        forget(connection);
        connection = database();
        return (await connection).transaction(STORE, mode, options);
      }
    }

    async function transact(): Promise<Value> {
      transaction = await begin();
      // What has been called a failure is not carried out later.
      if (isGivenUp) transaction.abort();
      return settled(transaction, work);
    }

    /** With what is queued on it: others would wait for that. */
    function giveUp(): void {
      isGivenUp = true;
      forget(connection);
      try {
        transaction?.abort();
      } catch {
        // It has come to its end by itself.
      }
      connection.then(
        (database) => database.close(),
        () => {},
      );
    }

    return inTime(transact(), giveUp);
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

function settled<Value>(
  transaction: Transaction,
  work: (store: ObjectStore, done: (value: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let value: Value;
    transaction.oncomplete = () => resolve(value);
    // A request that fails aborts it, and only then is it known why.
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(STORE), (result) => {
      value = result;
    });
  });
}

/** `giveUp` is called where it fails, and where it takes for ever. */
function inTime<Value>(work: Promise<Value>, giveUp: () => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      clearTimeout(timer);
      giveUp();
      reject(cause);
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
