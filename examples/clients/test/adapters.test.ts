/**
 * What every adapter promises, over the real server: fifty queries that find the token expired cost one refresh, a session
 * that is ended elsewhere signs out once and loops nowhere, and signing in again is all it takes to go on.
 */

import type { ClientState, SessionClient } from 'counterfoil/client';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ADAPTERS, type Ask } from './adapters.js';
import { clientOf, Network, signIn, startWorld, type World } from './world.js';

const QUERIES = 50;

let world: World;

async function endElsewhere(): Promise<void> {
  const other = clientOf(world, new Network());
  await signIn(other);
  await other.request('mutation { logoutAllDevices { __typename } }', {});
}

const cases = Object.entries(ADAPTERS).flatMap(([name, make]) =>
  (['BODY', 'COOKIE'] as const).map((delivery) => ({ name, make, delivery })),
);

describe('where there are access tokens', () => {
  beforeAll(async () => {
    world = await startWorld();
    await world.counterfoil.signedInAs({ email: 'ben@example.com' });
    return () => world.stop();
  });

  describe.each(cases)('$name, with delivery $delivery', ({ make, delivery }) => {
    let network: Network;
    let client: SessionClient;
    let states: ClientState[];
    let one: Ask;
    const many = (count = QUERIES) => Promise.allSettled(Array.from({ length: count }, () => one()));

    beforeEach(async () => {
      network = new Network(delivery);
      client = clientOf(world, network, { delivery });
      one = make(client, world.url, network.fetch);
      await signIn(client);
      states = [];
      client.subscribe((state) => states.push(state));
    });

    test('fifty queries at once that find the token expired are answered, after exactly one refresh', async () => {
      world.pass(400);
      const answers = await many();
      const ids = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value?.viewer.id : answer));
      expect(new Set(ids)).toEqual(new Set([expect.stringMatching(/^[\w-]{22}$/)]));
      expect(network.count('Refresh')).toBe(1);
      expect(states).toEqual([]);
    });

    test('ten queries at once whose token is refused, while the session lives, are answered with another', async () => {
      await client.request(
        'mutation { logoutAllDevices(input: { exceptCurrent: true }) { __typename } }',
        {},
      );
      const answers = await many(10);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
      expect(network.count('Refresh')).toBe(1);
      expect(network.count('Viewer')).toBe(20);
      expect(states).toEqual([]);
    });

    test('a session that is ended elsewhere is one sign-out, each query fails once, and signing in anew is all it takes', async () => {
      await one();
      await endElsewhere();
      const before = network.arrived.length;
      const answers = await many();
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
      const messages = new Set(
        answers.map((each) => each.status === 'rejected' && String(each.reason?.message)),
      );
      for (const message of messages) expect(message).toMatch(/session|sign in|access token/i);
      expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
      expect(network.count('Refresh')).toBe(1);
      expect(network.arrived.length - before).toBe(QUERIES + 1);
      await expect(one()).rejects.toThrow();
      expect(network.arrived.slice(before + QUERIES + 1)).toEqual(['Viewer']);
      await signIn(client);
      expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
      expect(states.map(({ kind }) => kind)).toEqual(['signed-out', 'signed-in']);
    });

    test('a query that is refused after another has signed in is not repeated in the other’s name', async () => {
      await endElsewhere();
      let letAnswer = () => {};
      network.answering = new Promise((resolve) => {
        letAnswer = resolve;
      });
      const pending = one().then(
        () => 'answered',
        () => 'refused',
      );
      await expect.poll(() => network.count('Viewer')).toBe(1);
      await client.logout();
      await signIn(client, 'ben@example.com');
      letAnswer();
      expect(await pending).toBe('refused');
      expect(network.count('Viewer')).toBe(1);
      expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
    });
  });
});

describe('where the only token is a cookie', () => {
  beforeAll(async () => {
    world = await startWorld({ model: 'stateful' });
    return () => world.stop();
  });

  test.each(Object.entries(ADAPTERS))(
    '%s: a session that is ended elsewhere signs out once',
    async (_, make) => {
      const network = new Network('COOKIE');
      const client = clientOf(world, network, { delivery: 'COOKIE' });
      const one = make(client, world.url, network.fetch);
      await signIn(client);
      const states: ClientState[] = [];
      client.subscribe((state) => states.push(state));
      expect((await one())?.viewer.id).toMatch(/^[\w-]{22}$/);
      await endElsewhere();
      const answers = await Promise.allSettled(Array.from({ length: QUERIES }, () => one()));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['rejected']));
      expect(states).toEqual([{ kind: 'signed-out', because: 'ended' }]);
      expect(network.count('Viewer')).toBe(QUERIES + 1);
      expect(network.count('Refresh')).toBe(1);
    },
  );
});
