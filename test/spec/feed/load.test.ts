/** Many readers, slow readers, and readers whose connections break: nobody misses anything, nobody holds the server up. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { endedSessions, type FeedReader, followFeed } from '../../support/feed.js';
import { pipelined } from '../../support/loopback.js';
import { sessionNumbered, startFeed } from './world.js';

type Feed = Awaited<ReturnType<typeof startFeed>>;

let at: Feed;

afterEach(() => at.stop());

/** Reproducible, and good enough to break connections by. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A reader as a verifier is one: connects again when it is cut off, and goes on where it was. */
class Follower {
  heard: string[] = [];
  connections = 0;
  lastEventId: string | null = null;
  #reader: FeedReader | null = null;

  constructor(
    readonly port: number,
    readonly authorization: string,
  ) {}

  async connect(): Promise<void> {
    this.connections += 1;
    this.#reader = await followFeed(this.port, this.authorization, this.lastEventId, (event) => {
      if (event.kind === 'hello' && !event.resumed) this.heard = [];
      this.heard.push(...endedSessions([event]));
      if (event.kind === 'revocation' && event.id !== null) this.lastEventId = event.id;
    });
  }

  async reconnect(): Promise<void> {
    this.close();
    await this.#reader?.closed;
    await this.connect();
  }

  close(): void {
    this.#reader?.close();
  }
}

describe('a hundred readers whose connections break', () => {
  it('each hear a thousand entries in order and without a gap', async () => {
    at = await startFeed({ readersPerVerifier: 1_000 });
    const { bearer } = await at.newVerifier();
    const random = dice(20_260_101);
    const followers = Array.from({ length: 100 }, () => new Follower(at.port, bearer));
    await Promise.all(followers.map((follower) => follower.connect()));
    const all: string[] = [];
    while (all.length < 1_000) {
      const burst = Math.min(1_000 - all.length, Math.ceil(random() * 40));
      for (let n = 0; n < burst; n += 1) all.push(at.endOne());
      const broken = followers.filter(() => random() < 0.05);
      await Promise.all([nextTurn(), ...broken.map((follower) => follower.reconnect())]);
    }
    for (const follower of followers) await expect.poll(() => follower.heard).toEqual(all);
    expect(Math.max(...followers.map(({ connections }) => connections))).toBeGreaterThan(2);
    expect(at.feed.figures().dropped).toBe(0);
    for (const follower of followers) follower.close();
  });
});

describe('a reader that stops reading', () => {
  it('is let go, holds up nobody, and goes on without a gap when it comes back', async () => {
    at = await startFeed({ bufferBytes: 64 * 1024 });
    const { bearer } = await at.newVerifier();
    const [slow, quick] = [await followFeed(at.port, bearer), new Follower(at.port, bearer)];
    await quick.connect();
    slow.response.pause();
    let count = 0;
    while (at.feed.figures().dropped === 0 && count < 1_000_000) {
      for (let n = 0; n < 500; n += 1) at.endOne();
      count += 500;
      await nextTurn();
      // Whoever reads must not be mistaken for one who does not, however busy this process is.
      await expect.poll(() => quick.heard.length).toBe(count);
    }
    expect(at.feed.figures()).toMatchObject({ dropped: 1, readers: 1 });
    slow.response.resume();
    await slow.closed;
    const before = endedSessions(slow.events);
    expect(before.length).toBeLessThan(count);
    const again = await followFeed(at.port, bearer, slow.lastEventId);
    at.endOne();
    count += 1;
    const expected = Array.from({ length: count }, (_, n) => sessionNumbered(n + 1));
    await expect.poll(() => before.length + endedSessions(again.events).length).toBe(count);
    expect([...before, ...endedSessions(again.events)]).toEqual(expected);
    expect(again.events[0]).toEqual({ kind: 'hello', resumed: true });
    again.close();
    quick.close();
  }, 60_000);

  it('does not keep a stopping server up', async () => {
    at = await startFeed();
    const { bearer } = await at.newVerifier();
    const slow = await followFeed(at.port, bearer);
    slow.response.pause();
    for (let n = 0; n < 5_000; n += 1) at.endOne();
    await at.stop();
    expect(at.feed.figures().readers).toBe(0);
    slow.close();
    at = await startFeed();
  });

  it('may take its time over what it catches up with', async () => {
    at = await startFeed({ bufferBytes: 1_024 });
    const { bearer } = await at.newVerifier();
    for (let n = 0; n < 60_000; n += 1) at.endOne();
    const reader = await followFeed(at.port, bearer);
    reader.response.pause();
    await nextTurn();
    reader.response.resume();
    await expect.poll(() => endedSessions(reader.events).length, { timeout: 10_000 }).toBe(60_000);
    expect(at.feed.figures().dropped).toBe(0);
    reader.close();
  });
});

describe('room', () => {
  const status = async (authorization: string) => {
    const answer = await fetch(`http://127.0.0.1:${at.port}/revocations`, { headers: { authorization } });
    const retryAfter = answer.headers.get('retry-after');
    await answer.body?.cancel();
    return [answer.status, retryAfter];
  };

  it('is for so many connections of one verifier, and for others all the same', async () => {
    at = await startFeed({ readersPerVerifier: 2 });
    const [one, other] = [await at.newVerifier(), await at.newVerifier()];
    const readers = [await followFeed(at.port, one.bearer), await followFeed(at.port, one.basic)];
    expect(await status(one.bearer)).toEqual([429, '5']);
    readers.push(await followFeed(at.port, other.bearer));
    readers[0]?.close();
    await expect.poll(() => at.feed.figures().readers).toBe(2);
    readers.push(await followFeed(at.port, one.bearer));
    for (const reader of readers) reader.close();
  });

  it('is not for those who asked behind another answer, when their connection breaks', async () => {
    at = await startFeed({ readers: 2 });
    const { bearer } = await at.newVerifier();
    const ask = `GET /revocations HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer}\r\n\r\n`;
    const cut = await pipelined(at.port, Array(5).fill(ask));
    await cut();
    await expect.poll(() => at.feed.figures().readers).toBe(0);
    const reader = await followFeed(at.port, bearer);
    expect(reader.response.statusCode).toBe(200);
    reader.close();
  });

  it('is for so many connections of all', async () => {
    at = await startFeed({ readers: 1 });
    const [one, other] = [await at.newVerifier(), await at.newVerifier()];
    const reader = await followFeed(at.port, one.bearer);
    expect(await status(other.bearer)).toEqual([503, '5']);
    reader.close();
  });
});
