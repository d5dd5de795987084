/** The feed itself: what a reader has heard at any moment is all that it must know, in whatever order things happen. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionId, UserId } from '../../../src/entities/identifier.js';
import type { RevocationEntry } from '../../../src/entities/revocation.js';
import { type FeedEvent, readFeedEvent } from '../../../src/revocation/feed-events.js';
import { RevocationFilter } from '../../../src/revocation/filter.js';
import { createSource, sessionNumbered } from './world.js';

const USER = 'AAAAAAAAAAAAAAAAAAAAAA' as UserId;

/** One who follows: applies what it is told to a filter of its own, and forgets nothing between connections. */
class Reader {
  readonly filter = new RevocationFilter();
  readonly events: FeedEvent[] = [];
  lastEventId: string | null = null;
  keysRevision = 0;
  stop: (() => void) | null = null;

  connect(feed: ReturnType<typeof createSource>['feed']): boolean {
    const following = feed.follow(this.lastEventId, (bytes) => this.take(bytes));
    this.stop = () => following.stop('gone');
    for (const bytes of following.catchUp) this.take(bytes);
    return following.resumed;
  }

  take(bytes: Uint8Array): void {
    for (const block of Buffer.from(bytes).toString().split('\n\n').slice(0, -1)) {
      const id = /^id: (.*)$/m.exec(block)?.[1] ?? null;
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
      const event = readFeedEvent(/^event: (.*)$/m.exec(block)?.[1] ?? '', id, data);
      if (event?.kind !== 'revocation') continue;
      if (id !== null) this.lastEventId = id;
      this.events.push(event);
      const { revocation } = event.entry;
      if (revocation.kind === 'keys-changed') this.keysRevision = revocation.revision;
      this.filter.apply(event.entry);
    }
  }
}

/** What can happen, in any order and any number, within one turn or in several. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('session' as const), n: fc.nat(30) }),
  fc.record({ kind: fc.constant('epoch' as const), epoch: fc.nat(5) }),
  fc.record({ kind: fc.constant('key' as const), n: fc.nat(3) }),
  fc.record({ kind: fc.constant('keys' as const), revision: fc.nat(5) }),
  fc.record({ kind: fc.constant('connect' as const), reader: fc.nat(2) }),
  fc.record({ kind: fc.constant('disconnect' as const), reader: fc.nat(2) }),
  fc.record({ kind: fc.constant('turn' as const) }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(40_000) }),
);

function entryOf(what: { kind: string; n?: number; epoch?: number; revision?: number }, now: number) {
  const until = now + 330_000;
  const base = { sequence: 0, at: now, until };
  const entries: Record<string, RevocationEntry> = {
    session: { ...base, revocation: { kind: 'session-ended', sessionId: sessionNumbered(what.n ?? 0) } },
    epoch: { ...base, revocation: { kind: 'epoch-raised', userId: USER, epoch: what.epoch ?? 0 } },
    key: { ...base, revocation: { kind: 'key-revoked', kid: `key ${what.n}` } },
    keys: { ...base, revocation: { kind: 'keys-changed', revision: what.revision ?? 0 } },
  };
  return entries[what.kind];
}

type Happening = typeof happening extends fc.Arbitrary<infer What> ? What : never;

/** A source, three readers, and what happens to them. */
class World {
  readonly source = createSource();
  readonly readers = [new Reader(), new Reader(), new Reader()];
  keys = { revision: 0, until: 0 };

  /** Only with a turn does one end: everything else happens within it. */
  happens(what: Happening): Promise<void> | undefined {
    const { clock, filter } = this.source;
    switch (what.kind) {
      case 'connect':
        this.connect(this.readers[what.reader]);
        return;
      case 'disconnect':
        this.disconnect(this.readers[what.reader]);
        return;
      case 'turn':
        return Promise.resolve();
      case 'time':
        clock.advance(what.ms);
        filter.prune(clock.now());
        return;
      default:
        this.hear(what);
        return;
    }
  }

  connect(reader: Reader | undefined): void {
    if (reader?.stop === null) reader.connect(this.source.feed);
  }

  disconnect(reader: Reader | undefined): void {
    reader?.stop?.();
    if (reader !== undefined) reader.stop = null;
  }

  hear(what: Happening): void {
    const entry = entryOf(what, this.source.clock.now());
    if (entry === undefined) return;
    this.source.hear(entry);
    if (what.kind === 'keys' && what.revision > this.keys.revision)
      this.keys = { revision: what.revision, until: entry.until };
  }

  expectKnown({ filter, keysRevision }: Reader): void {
    const now = this.source.clock.now();
    const known = new Set([...filter.entries(now)].map((entry) => JSON.stringify(entry)));
    for (const entry of this.source.filter.entries(now)) expect(known).toContain(JSON.stringify(entry));
    if (this.keys.until > now) expect(keysRevision).toBe(this.keys.revision);
  }
}

describe('whatever happens in whatever order', () => {
  it('a reader that is connected knows all that is alive, once the turn is over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (story) => {
        const world = new World();
        for (const what of story) {
          const turn = world.happens(what);
          if (turn !== undefined) await turn;
        }
        await Promise.resolve();
        for (const reader of world.readers) if (reader.stop !== null) world.expectKnown(reader);
      }),
      { numRuns: 500 },
    );
  });

  it('a reader that never disconnects hears each entry once', async () => {
    const source = createSource();
    const reader = new Reader();
    reader.connect(source.feed);
    const entry = entryOf({ kind: 'session', n: 1 }, source.clock.now());
    const keys = entryOf({ kind: 'keys', revision: 2 }, source.clock.now());
    for (const _ of [1, 2, 3]) {
      if (entry) source.hear(entry);
      if (keys) source.hear(keys);
      await Promise.resolve();
    }
    expect(reader.events).toHaveLength(2);
  });
});

describe('resuming', () => {
  async function missing(missed: number) {
    const source = createSource();
    const reader = new Reader();
    reader.connect(source.feed);
    source.endOne();
    await Promise.resolve();
    reader.stop?.();
    const ended: SessionId[] = [];
    for (let n = 0; n < missed; n += 1) ended.push(source.endOne());
    reader.events.length = 0;
    return { resumed: reader.connect(source.feed), reader, ended, source };
  }

  it('goes on behind the last event, over ten thousand missed ones', async () => {
    const { resumed, reader } = await missing(10_000);
    expect(resumed).toBe(true);
    expect(reader.events).toHaveLength(10_000);
  });

  it('begins anew after more than are kept, and lacks nothing', async () => {
    const { resumed, reader, source } = await missing(40_000);
    expect(resumed).toBe(false);
    expect(reader.filter.size).toBe(source.filter.size);
  });

  it('within a first catching-up only the last event has an id', async () => {
    const source = createSource();
    for (let n = 0; n < 5; n += 1) source.endOne();
    await Promise.resolve();
    const reader = new Reader();
    reader.connect(source.feed);
    const ids = reader.events.map((event) => (event.kind === 'revocation' ? event.id : null));
    expect(ids.slice(0, -1)).toEqual([null, null, null, null]);
    expect(ids.at(-1)).toMatch(/\.5$/);
  });
});

describe('what is said of freshness', () => {
  it('grows with time, less the age of what is known', () => {
    let staleness = 30;
    const { feed, clock } = createSource(undefined, () => staleness);
    clock.advance(5_000);
    const acceptedAt = clock.monotonic();
    expect(feed.freshMs(acceptedAt)).toBe(-30);
    clock.advance(1_000);
    expect(feed.freshMs(acceptedAt)).toBe(970);
    // The log cannot be read from here on: its age grows with the clock.
    const brokenAt = clock.monotonic();
    for (const _ of [1, 2, 3]) {
      clock.advance(1_000);
      staleness = 30 + clock.monotonic() - brokenAt;
      expect(feed.freshMs(acceptedAt)).toBe(970);
    }
  });

  it('is nothing before the log was read', () => {
    const { feed } = createSource(undefined, () => Number.POSITIVE_INFINITY);
    expect(feed.freshMs(0)).toBeNull();
  });

  it('is never said before what it covers', () => {
    const { feed, clock, endOne } = createSource();
    const reader = new Reader();
    reader.connect(feed);
    clock.advance(10);
    endOne();
    expect(reader.events).toHaveLength(0);
    feed.freshMs(0);
    expect(reader.events).toHaveLength(1);
  });
});
