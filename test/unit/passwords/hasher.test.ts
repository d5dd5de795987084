import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createHasher, DEFAULT_COST, type HasherOptions, TEST_COST } from '../../../src/passwords/hasher.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemRandomness } from '../../../src/system/randomness.js';

/** Every real argon2 verification, seen from outside: the stored hash it ran against, and how many ran at once. */
const argon2Runs = vi.hoisted(() => ({ verified: [] as string[], atOnce: 0, mostAtOnce: 0 }));

vi.mock('argon2', async (importOriginal) => {
  const real = await importOriginal<typeof import('argon2')>();
  const counted = async <T>(run: () => Promise<T>): Promise<T> => {
    argon2Runs.atOnce += 1;
    argon2Runs.mostAtOnce = Math.max(argon2Runs.mostAtOnce, argon2Runs.atOnce);
    try {
      return await run();
    } finally {
      argon2Runs.atOnce -= 1;
    }
  };
  return {
    ...real,
    hash: (password: Buffer, options: { raw: true; salt: Buffer }) =>
      counted(() => real.hash(password, options)),
    verify: (digest: string, password: Buffer) => {
      argon2Runs.verified.push(digest);
      return counted(() => real.verify(digest, password));
    },
  };
});

beforeEach(() => {
  argon2Runs.verified.length = 0;
  argon2Runs.mostAtOnce = 0;
});

function hasherWith(options: Partial<HasherOptions> = {}) {
  return createHasher({
    cost: TEST_COST,
    concurrency: 2,
    queueLimit: 1000,
    randomness: systemRandomness,
    clock: systemClock,
    ...options,
  });
}

async function stored(hasher: ReturnType<typeof hasherWith>, password: string): Promise<string> {
  const outcome = await hasher.hash(password);
  if (outcome.kind !== 'hashed') throw new Error(`not hashed but ${outcome.kind}`);
  return outcome.hash;
}

const matches = { kind: 'match', rehash: false };
const mismatches = { kind: 'mismatch' };

describe('a stored hash', () => {
  it('ASVS V11.4.2: is argon2id at 19 MiB, two passes and one lane by default', async () => {
    const hasher = hasherWith({ cost: DEFAULT_COST });
    const hash = await stored(hasher, 'a long enough sentence');
    expect(hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$')).toBe(true);
    expect(await hasher.verify(hash, 'a long enough sentence')).toEqual(matches);
  });

  it('has a salt of 16 bytes taken from the randomness handed in, and a tag of 32 bytes', async () => {
    const hasher = hasherWith({ randomness: { bytes: (count) => new Uint8Array(count).fill(7) } });
    const [salt = '', tag = ''] = (await stored(hasher, 'a long enough sentence')).split('$').slice(-2);
    expect(Buffer.from(salt, 'base64')).toEqual(Buffer.alloc(16, 7));
    expect(Buffer.from(tag, 'base64')).toHaveLength(32);
  });

  it('differs each time for the same password', async () => {
    const hasher = hasherWith();
    expect(await stored(hasher, 'a long enough sentence')).not.toBe(
      await stored(hasher, 'a long enough sentence'),
    );
  });
});

describe('ASVS V6.2.8: a password is verified exactly as given', () => {
  const long = `${'x'.repeat(127)}y`;
  const differing: [string, string, string][] = [
    ['the last byte of 128', long, `${'x'.repeat(127)}z`],
    ['the 129th character', long, `${long}x`],
    ['the case of a letter', 'correct horse battery', 'Correct horse battery'],
    ['a space at the end', 'correct horse battery', 'correct horse battery '],
    ['a space at the beginning', 'correct horse battery', ' correct horse battery'],
    ['what follows a NUL', 'correct\0horse battery', 'correct\0house battery'],
    ['a NUL at the end', 'correct horse battery', 'correct horse battery\0'],
    ['compatibility characters', 'ﬁne horse battery', 'fine horse battery'],
    ['unpaired surrogates', 'correct horse \ud800', 'correct horse \ud801'],
    ['an unpaired surrogate and U+FFFD', 'correct horse \ud800', 'correct horse \ufffd'],
    ['the last byte of 10,000', `${'é'.repeat(9999)}a`, `${'é'.repeat(9999)}b`],
  ];
  it.each(differing)('%s makes another password', async (_what, one, other) => {
    const hasher = hasherWith();
    const hash = await stored(hasher, one);
    expect(await hasher.verify(hash, one)).toEqual(matches);
    expect(await hasher.verify(hash, other)).toEqual(mismatches);
  });

  it('composed and decomposed spellings are the same password', async () => {
    const hasher = hasherWith();
    const password = 'crème brûlée 각';
    expect(password.normalize('NFD')).not.toBe(password.normalize('NFC'));
    expect(
      await hasher.verify(await stored(hasher, password.normalize('NFD')), password.normalize('NFC')),
    ).toEqual(matches);
    expect(
      await hasher.verify(await stored(hasher, password.normalize('NFC')), password.normalize('NFD')),
    ).toEqual(matches);
  });

  it('two texts match if and only if their NFC forms are equal, whatever their code units', async () => {
    const hasher = hasherWith();
    const text = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    });
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const hash = await stored(hasher, one);
        const equal = one.normalize('NFC') === other.normalize('NFC');
        expect(await hasher.verify(hash, one)).toEqual(matches);
        expect(await hasher.verify(hash, one.normalize('NFD'))).toEqual(matches);
        expect(await hasher.verify(hash, other)).toEqual(equal ? matches : mismatches);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['64 code points of four bytes', `${'🐎'.repeat(63)}🔋`],
    ['128 characters', 'ab'.repeat(64)],
  ])('ASVS V6.2.9: %s are hashed and verified whole', async (_what, password) => {
    const hasher = hasherWith();
    const hash = await stored(hasher, password);
    expect(await hasher.verify(hash, password)).toEqual(matches);
    expect(await hasher.verify(hash, [...password].slice(0, -1).join(''))).toEqual(mismatches);
  });
});

describe('rehash', () => {
  it.each([
    ['memory', { ...TEST_COST, memoryKiB: 16 }],
    ['passes', { ...TEST_COST, iterations: 2 }],
    ['lanes', { ...TEST_COST, memoryKiB: 16, parallelism: 2 }],
  ])(
    'is asked for when the present %s differ from the stored ones, until the hash is made anew',
    async (_what, cost) => {
      const old = await stored(hasherWith(), 'correct horse battery');
      const hasher = hasherWith({ cost });
      expect(await hasher.verify(old, 'correct horse battery')).toEqual({ kind: 'match', rehash: true });
      expect(await hasher.verify(old, 'correct horse')).toEqual(mismatches);
      expect(
        await hasher.verify(await stored(hasher, 'correct horse battery'), 'correct horse battery'),
      ).toEqual(matches);
    },
  );
});

describe('the decoy', () => {
  const cost = { memoryKiB: 32, iterations: 3, parallelism: 1 };
  const presentCost = /^\$argon2id\$v=19\$m=32,t=3,p=1\$/;

  it('an unknown user costs one argon2 run at the present cost and never matches', async () => {
    const hasher = hasherWith({ cost });
    for (const password of ['correct horse battery', '']) {
      const answer = hasher.verify(null, password);
      expect(hasher.stats().running).toBe(1);
      expect(await answer).toEqual(mismatches);
    }
    expect(argon2Runs.verified).toHaveLength(2);
    expect(argon2Runs.verified[0]).toMatch(presentCost);
    expect(argon2Runs.verified[1]).toBe(argon2Runs.verified[0]);
  });

  it('never matches, not even the password whose hash it happens to be', async () => {
    const salt = new Uint8Array(16).fill(7);
    const hash = await stored(hasherWith({ randomness: { bytes: () => salt } }), 'correct horse battery');
    const tag = Buffer.from(hash.split('$').at(-1) ?? '', 'base64');
    const hasher = hasherWith({ randomness: { bytes: (count) => (count === 16 ? salt : tag) } });
    expect(await hasher.verify(null, 'correct horse battery')).toEqual(mismatches);
    expect(argon2Runs.verified).toEqual([hash]);
  });

  const good =
    '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  it.each([
    ['nothing', ''],
    ['prose', 'not a hash'],
    ['another scheme', '$2b$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu'],
    ['another kind of argon2', good.replace('argon2id', 'argon2i')],
    ['another version', good.replace('v=19', 'v=16')],
    ['a truncated tag', good.slice(0, -1)],
    ['a truncated salt', good.replace('$AAAAAAAAAAAAAAAAAAAAAA$', '$AAAA$')],
    ['text behind the tag', `${good}\n`],
    ['a bad character', good.replace('$AAAA', '$AA*A')],
    ['no memory', good.replace('m=8', 'm=0')],
    ['less memory than the lanes need', good.replace('p=1', 'p=2')],
    ['memory to exhaust the machine', good.replace('m=8', 'm=9999999')],
    ['passes without end', good.replace('t=1', 't=99')],
    ['a megabyte', '$argon2id$'.repeat(100_000)],
  ])(
    'a stored hash damaged to %s costs one argon2 run at the present cost and never matches',
    async (_what, hash) => {
      const hasher = hasherWith({ cost });
      expect(await hasher.verify(hash, 'correct horse battery')).toEqual(mismatches);
      expect(argon2Runs.verified).toHaveLength(1);
      expect(argon2Runs.verified[0]).toMatch(presentCost);
    },
  );

  it('a whole hash runs against itself, not against the decoy', async () => {
    const hasher = hasherWith({ cost });
    await hasher.verify(good, 'correct horse battery');
    expect(argon2Runs.verified).toEqual([good]);
  });

  it('no damage to a stored hash makes verification throw or match', async () => {
    const hasher = hasherWith();
    const hash = await stored(hasher, 'correct horse battery');
    const damaged = fc
      .tuple(fc.nat(hash.length - 1), fc.string({ maxLength: 3 }))
      .map(([at, text]) => hash.slice(0, at) + text + hash.slice(at + 1))
      // The parameters in front can name costs that are merely expensive; salt and tag are what is damaged here.
      .filter((text) => text !== hash && !/m=\d{5}|t=\d{2}/.test(text));
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        expect(await hasher.verify(text, 'a different password')).toEqual(mismatches);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the waiting line', () => {
  it('runs no more than `concurrency` at once, refuses the excess at once, and finishes all it accepted', async () => {
    const hasher = hasherWith({
      concurrency: 2,
      queueLimit: 5,
      cost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
    });
    const answers = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? hasher.hash('correct horse battery') : hasher.verify(null, 'correct horse battery'),
    );
    expect(hasher.stats()).toEqual({ running: 2, waiting: 5, limit: 5, refused: 13 });

    // The refused are answered while no accepted job can have ended: only promise jobs run before this line goes on.
    const refused = await Promise.all(answers.slice(7));
    expect(hasher.stats()).toEqual({ running: 2, waiting: 5, limit: 5, refused: 13 });
    expect(refused).toEqual(Array(13).fill({ kind: 'busy', retryAfterSeconds: 1 }));

    const accepted = await Promise.all(answers.slice(0, 7));
    expect(accepted.map(({ kind }) => kind)).toEqual([
      'hashed',
      'mismatch',
      'hashed',
      'mismatch',
      'hashed',
      'mismatch',
      'hashed',
    ]);
    expect(argon2Runs.mostAtOnce).toBe(2);
    expect(hasher.stats()).toEqual({ running: 0, waiting: 0, limit: 5, refused: 13 });
  });

  it('takes jobs again after it was full', async () => {
    const hasher = hasherWith({ concurrency: 1, queueLimit: 0 });
    const first = hasher.hash('correct horse battery');
    expect((await hasher.hash('correct horse battery')).kind).toBe('busy');
    expect((await first).kind).toBe('hashed');
    expect((await hasher.hash('correct horse battery')).kind).toBe('hashed');
  });

  it('estimates the time to come back from how long jobs took', async () => {
    // Each reading of this clock is 3 s after the last: every job seems to take 3 s.
    let reading = 0;
    const clock = { now: () => 0, monotonic: () => (reading += 3000) };
    const hasher = hasherWith({ concurrency: 1, queueLimit: 1, clock });
    await hasher.hash('correct horse battery');

    const accepted = [hasher.hash('correct horse battery'), hasher.hash('correct horse battery')];
    expect(await hasher.hash('correct horse battery')).toEqual({ kind: 'busy', retryAfterSeconds: 6 });
    await Promise.all(accepted);
  });

  it('follows jobs that become slower', async () => {
    let reading = 0;
    let stepMs = 100;
    const clock = { now: () => 0, monotonic: () => (reading += stepMs) };
    const hasher = hasherWith({ concurrency: 1, queueLimit: 0, clock });
    await hasher.hash('correct horse battery');
    stepMs = 60_000;
    for (let job = 0; job < 30; job += 1) await hasher.hash('correct horse battery');

    const accepted = hasher.hash('correct horse battery');
    expect(await hasher.hash('correct horse battery')).toEqual({ kind: 'busy', retryAfterSeconds: 60 });
    await accepted;
  });
});

describe('a cost argon2 cannot run with', () => {
  it.each([
    { memoryKiB: 7, iterations: 1, parallelism: 1 },
    { memoryKiB: 8, iterations: 0, parallelism: 1 },
    { memoryKiB: 15, iterations: 1, parallelism: 2 },
    { memoryKiB: 8.5, iterations: 1, parallelism: 1 },
    { memoryKiB: 2 ** 31, iterations: 1, parallelism: 1 },
    { memoryKiB: Number.NaN, iterations: 1, parallelism: 1 },
  ])('is refused when the hasher is made: %j', (cost) => {
    expect(() => hasherWith({ cost })).toThrow(RangeError);
  });
});

describe('one caller among others', () => {
  it('holds a quarter of the places at most, whatever it sends, and all of them again once its jobs are done', async () => {
    const hasher = createHasher({
      cost: TEST_COST,
      concurrency: 2,
      queueLimit: 14,
      randomness: systemRandomness,
      clock: systemClock,
    });
    for (let round = 0; round < 2; round++) {
      const greedy = await Promise.all(Array.from({ length: 50 }, () => hasher.verify(null, 'x', 'greedy')));
      expect(greedy.filter(({ kind }) => kind === 'mismatch')).toHaveLength(4);
    }
    const crowd = Array.from({ length: 50 }, () => hasher.verify(null, 'x', 'greedy'));
    expect((await hasher.verify(null, 'x', 'modest')).kind).toBe('mismatch');
    await Promise.all(crowd);
  });
});
