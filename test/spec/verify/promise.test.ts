/**
 * The promise, under schedules that nobody would think of: no token is accepted later than `maxStaleness` after its
 * revocation was answered, and none is refused that was not revoked. The feed is cut, delayed, goes stale on its own side
 * and comes back; the machine sleeps; clocks are set. With `accept-until-expiry` the first half is given up, on purpose.
 */

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionId } from '../../../src/entities/identifier.js';
import { createVerifier, type Verifier, type WhenStale } from '../../../src/verify/index.js';
import { ISSUER, Issuer, type Reader } from '../../support/issuer.js';

const MAX_STALENESS_MS = 5_000;
const SESSIONS = ['A', 'B', 'C'].map((letter) => `${letter.repeat(21)}A` as SessionId);

type Step =
  | { readonly do: 'revoke' | 'verify'; readonly session: number }
  | { readonly do: 'pass' | 'sleep' | 'set'; readonly ms: number }
  | { readonly do: 'cut' | 'deliver' | 'beat' | 'node-loses-its-store' | 'node-finds-its-store' };

const session = fc.nat(SESSIONS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('revoke' as const), session }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('verify' as const), session }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -9_000, max: 9_000 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cut',
        'deliver',
        'beat',
        'deliver',
        'beat',
        'node-loses-its-store',
        'node-finds-its-store',
      ),
    }),
  },
);

/** A node that serves the feed, with a wire to each reader on which things lie until they are delivered. */
class Node {
  readonly issuer = new Issuer();
  /** By true time, which nobody's clock need agree with. */
  trueTime = 0;
  readonly revokedAt = new Map<number, number>();
  readonly #wires = new Map<Reader, { readonly acceptedAt: number; queue: (() => void)[] }>();
  readonly #told: number[] = [];
  /** When it could read its store for the last time; null while it can. */
  #readAt: number | null = null;

  constructor() {
    this.issuer.greeting = (reader) => {
      this.#read();
      this.#wires.set(reader, { acceptedAt: this.trueTime, queue: [] });
      this.#put(reader, () => reader.send({ kind: 'hello', resumed: false }));
      for (const index of this.#told) this.#put(reader, () => this.#send(reader, index));
      this.#beat(reader);
    };
    // Introspection asks the store, which has everything; a node without it answers with an error.
    this.issuer.introspection = async (token) => {
      if (this.#readAt !== null) return new Response('', { status: 503 });
      const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return Response.json({ active: !this.revokedAt.has(SESSIONS.indexOf(sid)) });
    };
  }

  /** Answered by another node at this instant; this one hears of it when it reads its store. */
  revoke(index: number): void {
    if (!this.revokedAt.has(index)) this.revokedAt.set(index, this.trueTime);
  }

  /** Reads the store, if it can, and tells its readers. */
  beat(): void {
    this.#read();
    for (const reader of this.#wires.keys()) this.#beat(reader);
  }

  loseStore(): void {
    this.#read();
    this.#readAt ??= this.trueTime;
  }

  findStore(): void {
    this.#readAt = null;
  }

  deliver(): void {
    for (const wire of this.#wires.values()) {
      for (const send of wire.queue) send();
      wire.queue = [];
    }
  }

  cut(): void {
    for (const reader of this.#wires.keys()) reader.cut();
    this.#wires.clear();
  }

  #read(): void {
    if (this.#readAt !== null) return;
    for (const index of this.revokedAt.keys()) {
      if (this.#told.includes(index)) continue;
      this.#told.push(index);
      for (const reader of this.#wires.keys()) this.#put(reader, () => this.#send(reader, index));
    }
  }

  #beat(reader: Reader): void {
    const wire = this.#wires.get(reader);
    if (wire === undefined) return;
    const freshMs = (this.#readAt ?? this.trueTime) - wire.acceptedAt;
    this.#put(reader, () => reader.send({ kind: 'fresh', freshMs }));
  }

  #put(reader: Reader, send: () => void): void {
    this.#wires.get(reader)?.queue.push(send);
  }

  #send(reader: Reader, index: number): void {
    const sessionId = SESSIONS[index];
    if (sessionId === undefined) return;
    const until = this.issuer.clock.now() + 86_400_000;
    reader.send({
      kind: 'revocation',
      id: null,
      entry: { revocation: { kind: 'session-ended', sessionId }, until },
    });
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets all that is under way in this process come to rest. */
const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

async function play(whenStale: WhenStale, steps: readonly Step[]): Promise<Violation[]> {
  const node = new Node();
  const { issuer } = node;
  await issuer.addKey('first');
  const tokens = await Promise.all(
    SESSIONS.map((sid) => issuer.token({ sid, exp: issuer.claims().iat + 86_000 })),
  );
  // Tokens that live for a day: none expires, so what is refused is refused for its revocation.
  const verifier = createVerifier(issuer.settings({ maxLifetime: 86_400 }, { whenStale }));
  const violations: Violation[] = [];
  try {
    for (const each of [{ do: 'verify', session: 0 } as const, ...steps]) {
      if (each.do === 'verify') violations.push(...(await examine(verifier, node, each.session, tokens)));
      else await take(node, each);
    }
  } finally {
    verifier.close();
  }
  return violations;
}

interface Violation {
  readonly what: 'accepted too late' | 'refused for nothing' | 'undecided while fresh';
  readonly after: number;
}

async function examine(
  verifier: Verifier,
  node: Node,
  index: number,
  tokens: string[],
): Promise<Violation[]> {
  const { fresh } = verifier.freshness();
  const outcome = await verifier.verify(tokens[index] ?? '');
  const revokedAt = node.revokedAt.get(index);
  const after = node.trueTime - (revokedAt ?? node.trueTime);
  const found: Violation[] = [];
  if (outcome.kind === 'verified' && after > MAX_STALENESS_MS)
    found.push({ what: 'accepted too late', after });
  if (outcome.kind === 'refused' && revokedAt === undefined)
    found.push({ what: 'refused for nothing', after });
  if (outcome.kind === 'undecided' && fresh) found.push({ what: 'undecided while fresh', after });
  return found;
}

async function take(node: Node, each: Exclude<Step, { readonly do: 'verify' }>): Promise<void> {
  const { clock } = node.issuer;
  switch (each.do) {
    case 'revoke':
      node.revoke(each.session);
      break;
    case 'pass':
      node.trueTime += each.ms;
      clock.advance(each.ms);
      await vi.advanceTimersByTimeAsync(each.ms);
      break;
    case 'sleep':
      node.trueTime += each.ms;
      clock.sleep(each.ms);
      break;
    case 'set':
      clock.set(each.ms);
      break;
    case 'cut':
      node.cut();
      break;
    case 'deliver':
      node.deliver();
      break;
    case 'beat':
      node.beat();
      break;
    case 'node-loses-its-store':
      node.loseStore();
      break;
    case 'node-finds-its-store':
      node.findStore();
      break;
  }
  await settle();
}

/** A machine that sleeps and whose clock is set back meanwhile cannot know how long it slept: one of the two. */
const schedules = fc.array(step, { minLength: 10, maxLength: 60 });
const withoutSets = schedules.map((steps) => steps.filter((each) => each.do !== 'set'));
const withoutSleep = schedules.map((steps) => steps.filter((each) => each.do !== 'sleep'));

describe.each(['refuse', 'introspect'] as const)('with %s', (whenStale) => {
  it.each([
    ['the machine sleeps', withoutSets],
    ['the clock is set', withoutSleep],
  ])(
    'no revoked token is accepted after maxStaleness, none refused for nothing: %s',
    async (_what, arbitrary) => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (steps) => {
          expect(await play(whenStale, steps)).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe('with accept-until-expiry', () => {
  it('a revoked token is accepted for as long as the feed is away, and the docs say so', async () => {
    const violations = await play('accept-until-expiry', [
      { do: 'deliver' },
      { do: 'cut' },
      { do: 'revoke', session: 0 },
      { do: 'pass', ms: 60_000 },
      { do: 'verify', session: 0 },
    ]);
    expect(violations).toEqual([{ what: 'accepted too late', after: 60_000 }]);
  });
});

describe('the schedules', () => {
  it('can tell a verifier that breaks the promise: one that believes in its knowledge for too long', async () => {
    const node = new Node();
    await node.issuer.addKey('first');
    const token = await node.issuer.token({ sid: SESSIONS[0] as SessionId, iss: ISSUER });
    const verifier = createVerifier(node.issuer.settings({}, { maxStaleness: 60 }));
    await verifier.verify(token);
    await settle();
    node.deliver();
    await settle();
    await settle();
    expect(verifier.freshness().fresh).toBe(true);
    await take(node, { do: 'cut' });
    await take(node, { do: 'revoke', session: 0 });
    await take(node, { do: 'pass', ms: 6_000 });
    expect(await examine(verifier, node, 0, [token])).toEqual([{ what: 'accepted too late', after: 6_000 }]);
    verifier.close();
  });
});
