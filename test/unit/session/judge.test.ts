/** The verdict table, row by row with its edges, and as properties over every session and presentation. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, type SessionId, type UserId } from '../../../src/entities/identifier.js';
import type { Session } from '../../../src/entities/session.js';
import type { User } from '../../../src/entities/user.js';
import { type Judge, judge, type Presented } from '../../../src/session/judge.js';
import { MAX_GENERATION } from '../../../src/tokens/refresh-token.js';

const T = 1_767_225_600_000;
const GRACE = 30_000;
const IDLE = 1_209_600_000;
const POLICY = { graceMs: GRACE, idleTtlMs: IDLE };

const USER: User = {
  id: identifierFromBytes<UserId>(new Uint8Array(16).fill(1)),
  email: 'owner@example.test',
  name: 'Owner',
  roles: ['USER'],
  epoch: 3,
  standing: { kind: 'active' },
  createdAt: T - 1_000_000,
};

const KEY = new Uint8Array(16).fill(5);
const OTHER_KEY = new Uint8Array(16).fill(6);

/** Rotated to generation 7 at T with `KEY`. */
const SESSION: Session = {
  id: identifierFromBytes<SessionId>(new Uint8Array(16).fill(2)),
  userId: USER.id,
  epoch: 3,
  generation: 7,
  salt: new Uint8Array(16),
  delivery: 'body',
  client: { deviceName: null, clientLabel: null, ipAddress: null },
  createdAt: T - 1_000_000,
  lastSeenAt: T,
  expiresAt: T + 7_776_000_000,
  rotationKeyHash: KEY,
  keyed: true,
  life: { kind: 'live' },
};

type Found = Parameters<Judge>[0];
const found = (changes: Partial<Session> = {}, user: Partial<User> = {}): NonNullable<Found> => ({
  session: { ...SESSION, ...changes },
  user: { ...USER, ...user },
});
const genuine = (generation: number, keyHash: Uint8Array | null = null): Presented => ({
  kind: 'readable',
  generation,
  genuine: true,
  keyHash,
});
const verdictOn = (session: Found, presented: Presented, later = 0) =>
  judge(session, presented, T + later, POLICY);

const PLAIN = { keyed: false, rotationKeyHash: null };

describe('row 1: garbage is invalid, whatever else is true', () => {
  it('for a live session, a dead one and none', () => {
    const forged: Presented = { kind: 'readable', generation: 7, genuine: false, keyHash: KEY };
    const dead = found({ life: { kind: 'ended', at: T, reason: 'logout' } });
    for (const session of [found(), dead]) {
      expect(verdictOn(session, { kind: 'malformed' })).toEqual({ kind: 'invalid' });
      expect(verdictOn(session, forged)).toEqual({ kind: 'invalid' });
    }
    expect(verdictOn(null, { kind: 'malformed' })).toEqual({ kind: 'invalid' });
  });
});

describe('row 2: a session that is over is ended', () => {
  it('when there is none: no tag can be right then', () => {
    const presented: Presented = { kind: 'readable', generation: 7, genuine: false, keyHash: null };
    expect(verdictOn(null, presented)).toEqual({ kind: 'ended', because: 'unknown' });
  });

  it.each([
    ['ended', found({ life: { kind: 'ended', at: T, reason: 'logout' } }), 0],
    ['epoch', found({}, { epoch: 4 }), 0],
    ['suspended', found({}, { standing: { kind: 'suspended', at: T, reason: 'abuse' } }), 0],
    ['expired', found({ expiresAt: T + 10 }), 10],
    ['idle', found(), IDLE],
  ] as const)(
    'because it is %s, for the newest token, the one before and any other',
    (because, session, later) => {
      for (const generation of [0, 5, 6, 7, 8])
        for (const key of [null, KEY, OTHER_KEY])
          expect(verdictOn(session, genuine(generation, key), later)).toEqual({ kind: 'ended', because });
    },
  );

  it('not a millisecond before its absolute or idle expiry', () => {
    expect(verdictOn(found({ expiresAt: T + 10 }), genuine(7), 9).kind).toBe('rotate');
    expect(verdictOn(found(), genuine(7), IDLE - 1).kind).toBe('rotate');
  });
});

describe('row 3: the newest token rotates', () => {
  it('with the key that made it, with another and without', () => {
    for (const key of [null, KEY, OTHER_KEY])
      expect(verdictOn(found(), genuine(7, key))).toEqual({ kind: 'rotate', from: 7, to: 8 });
  });
});

describe('row 4: the token before, with the key that used it up, is replayed', () => {
  it('for as long as the session lives', () => {
    for (const later of [0, GRACE, GRACE + 1, IDLE - 1])
      expect(verdictOn(found(), genuine(6, KEY), later)).toEqual({ kind: 'replay', generation: 7 });
  });
});

describe('row 5: the token before, without a key, is replayed within the grace', () => {
  it.each([
    ['a plain client with the token in the body', found(PLAIN)],
    ['a plain client with a cookie', found({ ...PLAIN, delivery: 'cookie' })],
    ['rendering on a server beside a script that keeps keys', found({ delivery: 'cookie' })],
  ])('to %s, up to the last millisecond of it', (_, session) => {
    expect(verdictOn(session, genuine(6))).toEqual({ kind: 'replay', generation: 7 });
    expect(verdictOn(session, genuine(6), GRACE)).toEqual({ kind: 'replay', generation: 7 });
    expect(verdictOn(session, genuine(6), GRACE + 1)).toEqual({ kind: 'reuse' });
  });

  it('but not to a client that has its token in the body and has ever sent a key', () => {
    expect(verdictOn(found(), genuine(6))).toEqual({ kind: 'reuse' });
    expect(verdictOn(found({ rotationKeyHash: null }), genuine(6))).toEqual({ kind: 'reuse' });
  });
});

describe('row 6: everything else behind the row is reuse', () => {
  it('the token before with another key, in either delivery, even at once', () => {
    for (const delivery of ['cookie', 'body'] as const)
      for (const rotation of [KEY, null])
        expect(verdictOn(found({ delivery, rotationKeyHash: rotation }), genuine(6, OTHER_KEY)).kind).toBe(
          'reuse',
        );
  });

  it('tokens two behind and older, with any key, even at once', () => {
    for (const generation of [0, 4, 5])
      for (const key of [null, KEY])
        for (const session of [found(), found({ ...PLAIN, delivery: 'cookie' })])
          expect(verdictOn(session, genuine(generation, key))).toEqual({ kind: 'reuse' });
  });
});

describe('row 7: a token ahead of the row rotates to its own successor', () => {
  it('however far ahead, since the tag is good', () => {
    for (const generation of [8, 9, 1_000_000])
      expect(verdictOn(found(), genuine(generation))).toEqual({
        kind: 'rotate',
        from: 7,
        to: generation + 1,
      });
  });
});

const hashes = fc.constantFrom(null, KEY, OTHER_KEY);
const sessions = fc
  .record({
    generation: fc.integer({ min: 0, max: 9 }),
    delivery: fc.constantFrom('cookie' as const, 'body' as const),
    rotationKeyHash: hashes,
    keyed: fc.boolean(),
    lastSeenAt: fc.constantFrom(T, T - GRACE, T - IDLE),
    expiresAt: fc.constantFrom(T, T + 1, T + IDLE),
    epoch: fc.constantFrom(2, 3),
    life: fc.constantFrom<Session['life']>({ kind: 'live' }, { kind: 'ended', at: T, reason: 'logout' }),
  })
  .map((changes) => found(changes));
const presentations: fc.Arbitrary<Presented> = fc.oneof(
  fc.constant<Presented>({ kind: 'malformed' }),
  fc.record({
    kind: fc.constant('readable' as const),
    generation: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.nat(MAX_GENERATION - 1)),
    genuine: fc.boolean(),
    keyHash: hashes,
  }),
);
const delays = fc.oneof(fc.constantFrom(0, 1, GRACE, GRACE + 1), fc.nat(2 * IDLE));

function always(hold: (session: NonNullable<Found>, presented: Presented, later: number) => void): void {
  fc.assert(fc.property(sessions, presentations, delays, hold), { numRuns: 2000 });
}

function isOver({ session, user }: NonNullable<Found>, now: number): boolean {
  const idle = session.lastSeenAt + IDLE <= now;
  return session.life.kind === 'ended' || session.epoch !== user.epoch || session.expiresAt <= now || idle;
}

describe('for every session and presentation', () => {
  it('an ending wins over every grace and every key', () => {
    always((session, presented, later) => {
      const fine = presented.kind === 'readable' && presented.genuine;
      if (fine && isOver(session, T + later)) expect(verdictOn(session, presented, later).kind).toBe('ended');
    });
  });

  it('garbage is invalid and nothing else is', () => {
    always((session, presented, later) => {
      const garbage = presented.kind === 'malformed' || !presented.genuine;
      expect(verdictOn(session, presented, later).kind === 'invalid').toBe(garbage);
    });
  });

  it('a rotation moves forward, to the successor of what was presented', () => {
    always((session, presented, later) => {
      const verdict = verdictOn(session, presented, later);
      if (verdict.kind !== 'rotate' || presented.kind === 'malformed') return;
      expect(verdict).toEqual({
        kind: 'rotate',
        from: session.session.generation,
        to: presented.generation + 1,
      });
      expect(verdict.to).toBeGreaterThan(verdict.from);
    });
  });

  it('a replay answers with the successor of what was presented, too, and never without key after the grace', () => {
    always((session, presented, later) => {
      const verdict = verdictOn(session, presented, later);
      if (verdict.kind !== 'replay' || presented.kind === 'malformed') return;
      expect(verdict.generation).toBe(presented.generation + 1);
      expect(verdict.generation).toBe(session.session.generation);
      if (presented.keyHash === null)
        expect(T + later - session.session.lastSeenAt).toBeLessThanOrEqual(GRACE);
      else expect(presented.keyHash).toEqual(session.session.rotationKeyHash);
    });
  });

  it('time only ever takes away: what was reuse or ended stays refused', () => {
    fc.assert(
      fc.property(sessions, presentations, delays, delays, (session, presented, later, longer) => {
        const before = verdictOn(session, presented, later).kind;
        const after = verdictOn(session, presented, later + longer).kind;
        if (before === 'ended') expect(after).toBe('ended');
        if (before === 'reuse') expect(['reuse', 'ended']).toContain(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('the same question has the same answer, and asking changes nothing', () => {
    always((session, presented, later) => {
      const before = structuredClone({ session, presented });
      expect(verdictOn(session, presented, later)).toEqual(verdictOn(session, presented, later));
      expect({ session, presented }).toEqual(before);
    });
  });
});
