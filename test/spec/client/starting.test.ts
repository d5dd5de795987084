/** Starting: from what is stored, once for whoever asks, and never against what has become known meanwhile. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ClientState,
  type ClientStorage,
  type Message,
  memoryStorage,
} from '../../../src/client/index.js';
import { PASSWORD } from '../../support/api.js';
import { type Loopback, startLoopback } from '../../support/loopback.js';
import { clientOf, type Jar, networkTo, signedInClient } from './world.js';

let at: Loopback;

beforeEach(async () => {
  at = await startLoopback();
});
afterEach(() => at.stop());

it.each(['BODY', 'COOKIE'] as const)(
  'with delivery %s: fifty requests of a page that has just been loaded cost one refresh',
  async (delivery) => {
    const jar: Jar | null = delivery === 'COOKIE' ? { cookie: null } : null;
    const network = networkTo(at, jar);
    const storage = memoryStorage();
    await signedInClient(at, network, { storage, delivery });
    at.pass(20);
    const client = clientOf(at, network, { storage, delivery });
    const states: ClientState[] = [];
    client.subscribe((state) => states.push(state));
    await Promise.all(Array.from({ length: 50 }, () => client.request('query Viewer { viewer { id } }', {})));
    expect(network.arrived.filter((name) => name === 'Refresh')).toHaveLength(1);
    expect(states.map(({ kind }) => kind)).toEqual(['signed-in']);
  },
);

/** A storage whose first reading takes until it is let, and what others post on its channel. */
function slowStorage() {
  const inner = memoryStorage();
  const listeners = new Set<(message: Message) => void>();
  let letRead = () => {};
  const held = new Promise<void>((resolve) => {
    letRead = resolve;
  });
  let reads = 0;
  const storage: ClientStorage = {
    ...inner,
    read: async () => {
      const stored = await inner.read();
      reads += 1;
      if (reads === 1) await held;
      return stored;
    },
    channel: {
      post() {},
      close() {},
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  function say(message: Message): void {
    for (const each of listeners) each(message);
  }
  return { storage, letRead, say };
}

it('a start whose reading comes late does not sign out who has signed in meanwhile', async () => {
  await at.signedIn('ada@example.test');
  const { storage, letRead } = slowStorage();
  const client = clientOf(at, networkTo(at), { storage });
  const starting = client.start();
  await client.login({ email: 'ada@example.test', password: PASSWORD });
  letRead();
  expect((await starting).kind).toBe('signed-in');
  expect(await client.accessToken()).not.toBeNull();
});

it('news of a logout that are looked into late do not sign out who has signed in meanwhile', async () => {
  await at.signedIn('ada@example.test');
  const { storage, letRead, say } = slowStorage();
  const client = clientOf(at, networkTo(at), { storage });
  say({ kind: 'signed-out', because: 'logout' });
  await client.login({ email: 'ada@example.test', password: PASSWORD });
  letRead();
  await expect.poll(() => client.accessToken()).not.toBeNull();
  expect(client.state.kind).toBe('signed-in');
});
