/**
 * Password hashing: argon2id (RFC 9106) behind a bounded waiting line, so that a flood of sign-ins costs a fixed
 * amount of memory and of thread time, and everything else on the server stays fast.
 *
 * Owns: the form of a stored hash, the bytes of a password, how many hashes run at once, the decoy for users who do
 * not exist. Does not own: which passwords are acceptable (policy.ts), who may try how often, where hashes are kept.
 * Called by: account operations, and by whoever reports the state of the line.
 */

import { hash as argon2Hash, verify as argon2Verify } from 'argon2';
import PQueue from 'p-queue';
import type { Clock } from '../system/clock.js';
import type { Randomness } from '../system/randomness.js';

/** What one argon2id run costs: memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** 19 MiB, two passes, one lane: one of the parameter sets that OWASP and ASVS 5.0 (appendix C) accept. */
export const DEFAULT_COST: HashCost = { memoryKiB: 19456, iterations: 2, parallelism: 1 };

/** The smallest cost argon2 takes (RFC 9106, section 3.1). Only for instances whose users are made up. */
export const TEST_COST: HashCost = { memoryKiB: 8, iterations: 1, parallelism: 1 };

/** The waiting line is full: nothing was computed. Worth another try after `retryAfterSeconds` (at least 1). */
export interface HasherBusy {
  readonly kind: 'busy';
  readonly retryAfterSeconds: number;
}

export type HashOutcome = { readonly kind: 'hashed'; readonly hash: string } | HasherBusy;

/** `rehash`: the password is right, and its stored hash was made with another cost than the present one. */
export type VerifyOutcome =
  | { readonly kind: 'match'; readonly rehash: boolean }
  | { readonly kind: 'mismatch' }
  | HasherBusy;

/** `caller` names whom a job is for, such as an address: nobody may hold more than a quarter of the places. */
export interface PasswordHasher {
  /** Hashes for storage with the present cost and a fresh salt: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
  hash(password: string, caller?: string): Promise<HashOutcome>;

  /**
   * Compares a password with a stored hash, exactly: composed (NFC) and decomposed spellings of the same text are
   * equal; every other difference, of case, of a space at an end, of the last byte, counts.
   *
   * `null` stands for "no such user". It and a stored hash that cannot be read cost one full run against a decoy and
   * answer `mismatch`. A decoy run has the present cost: a user whose hash still has an older cost differs from it
   * until the next sign-in replaces that hash.
   */
  verify(hash: string | null, password: string, caller?: string): Promise<VerifyOutcome>;

  /** Jobs running and waiting now, how many may wait (`limit`), and how many were refused since the start. */
  stats(): { running: number; waiting: number; limit: number; refused: number };
}

export interface HasherOptions {
  readonly cost: HashCost;
  /** Hashes at once. They run on libuv's thread pool: more than it has threads (4 by default) gains nothing. */
  readonly concurrency: number;
  /** Jobs that may wait while `concurrency` jobs run. */
  readonly queueLimit: number;
  readonly randomness: Randomness;
  readonly clock: Clock;
}

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Above these a stored cost is damage, not a setting: obeying it could exhaust the machine on one sign-in. */
const CEILING: HashCost = { memoryKiB: 4 * 1024 * 1024, iterations: 64, parallelism: 64 };

/** Exactly what `storedHash` writes: 22 and 43 characters are 16 and 32 bytes in base64 without padding. */
const STORED_HASH =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

/** How much the newest duration moves the average of durations. */
const NEWEST_WEIGHT = 0.2;

/** @throws RangeError when the cost lies outside what argon2 takes or above the ceiling of this room. */
export function createHasher(options: HasherOptions): PasswordHasher {
  const { cost, concurrency, queueLimit, randomness, clock } = options;
  if (!isUsable(cost)) throw new RangeError(`argon2id cannot run with this cost: ${JSON.stringify(cost)}`);

  const queue = new PQueue({ concurrency });
  // A hash that no known password has: its tag is drawn, so that making it needs no argon2 run of its own.
  const decoy = storedHash(cost, randomness.bytes(SALT_BYTES), randomness.bytes(TAG_BYTES));
  /** Jobs running and waiting by caller; no entry for a caller without any. */
  const holding = new Map<string, number>();
  const share = Math.max(1, Math.floor((concurrency + queueLimit) / 4));
  let averageMs: number | undefined;
  let refused = 0;

  /** Runs the job when its turn comes, or refuses it at once. The queue starts a job synchronously if it may. */
  function enqueue<T>(caller: string | undefined, job: () => Promise<T>): Promise<T | HasherBusy> {
    const held = caller === undefined ? 0 : (holding.get(caller) ?? 0);
    if ((queue.pending >= concurrency && queue.size >= queueLimit) || held >= share) {
      refused += 1;
      return Promise.resolve({ kind: 'busy', retryAfterSeconds: secondsUntilDrained() });
    }
    if (caller !== undefined) holding.set(caller, held + 1);
    return queue.add(async () => {
      const startedAt = clock.monotonic();
      try {
        return await job();
      } finally {
        if (caller !== undefined) release(caller);
        const tookMs = clock.monotonic() - startedAt;
        averageMs = averageMs === undefined ? tookMs : averageMs + NEWEST_WEIGHT * (tookMs - averageMs);
      }
    });
  }

  function release(caller: string): void {
    const left = (holding.get(caller) ?? 1) - 1;
    if (left > 0) holding.set(caller, left);
    else holding.delete(caller);
  }

  function secondsUntilDrained(): number {
    const jobs = queue.pending + queue.size;
    return Math.max(1, Math.ceil(((averageMs ?? 0) * jobs) / concurrency / 1000));
  }

  return {
    hash: (password, caller) =>
      enqueue(caller, async () => {
        const salt = randomness.bytes(SALT_BYTES);
        const tag = await argon2Hash(passwordBytes(password), {
          raw: true,
          memoryCost: cost.memoryKiB,
          timeCost: cost.iterations,
          parallelism: cost.parallelism,
          hashLength: TAG_BYTES,
          salt: Buffer.from(salt),
        });
        return { kind: 'hashed' as const, hash: storedHash(cost, salt, tag) };
      }),

    verify: (hash, password, caller) =>
      enqueue(caller, async () => {
        const storedCost = hash === null ? null : readCost(hash);
        const readable = hash !== null && storedCost !== null;
        const equal = await argon2Verify(readable ? hash : decoy, passwordBytes(password));
        return readable && equal
          ? { kind: 'match' as const, rehash: !sameCost(storedCost, cost) }
          : { kind: 'mismatch' as const };
      }),

    stats: () => ({ running: queue.pending, waiting: queue.size, limit: queueLimit, refused }),
  };
}

/** The PHC string with its parameters in the order of the argon2 specification; the package has another one. */
function storedHash(
  { memoryKiB, iterations, parallelism }: HashCost,
  salt: Uint8Array,
  tag: Uint8Array,
): string {
  const [saltText, tagText] = [salt, tag].map((bytes) =>
    Buffer.from(bytes).toString('base64').replace(/=/g, ''),
  );
  return `$argon2id$v=19$m=${memoryKiB},t=${iterations},p=${parallelism}$${saltText}$${tagText}`;
}

/** The cost a stored hash names, or null when it is nothing this room wrote. */
function readCost(hash: string): HashCost | null {
  const [whole, memoryKiB, iterations, parallelism] = STORED_HASH.exec(hash) ?? [];
  if (whole === undefined) return null;
  const cost = {
    memoryKiB: Number(memoryKiB),
    iterations: Number(iterations),
    parallelism: Number(parallelism),
  };
  return isUsable(cost) ? cost : null;
}

function isUsable({ memoryKiB, iterations, parallelism }: HashCost): boolean {
  return (
    [memoryKiB, iterations, parallelism].every((part) => Number.isInteger(part) && part >= 1) &&
    memoryKiB >= 8 * parallelism &&
    memoryKiB <= CEILING.memoryKiB &&
    iterations <= CEILING.iterations &&
    parallelism <= CEILING.parallelism
  );
}

function sameCost(a: HashCost, b: HashCost): boolean {
  return a.memoryKiB === b.memoryKiB && a.iterations === b.iterations && a.parallelism === b.parallelism;
}

/**
 * The bytes that are hashed: NFC, then UTF-8, all of it. A surrogate without its partner has no UTF-8 form, and the
 * encoder makes U+FFFD of every one, so that different passwords would pass for one another. Such a text is taken as
 * UTF-16 instead, behind a byte that UTF-8 never contains.
 */
function passwordBytes(password: string): Buffer {
  const composed = password.normalize('NFC');
  if (!/\p{Surrogate}/u.test(composed)) return Buffer.from(composed, 'utf8');
  return Buffer.concat([Buffer.of(0xff), Buffer.from(composed, 'utf16le')]);
}
