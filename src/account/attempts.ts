/**
 * Limits on guessing, per account, per address and per session, counted for every resolved field. Every rule is a
 * bounded number of attempts in a window: backoff in steps, never a lockout. A client that holds a session of the
 * account is counted by that session and by nothing else, and one that comes from where the owner has signed in before
 * is not counted among strangers; so whatever a stranger does elsewhere shuts out neither (ASVS 6.1.1, 6.3.1).
 *
 * An attempt is counted before any work is done, so parallel ones cannot slip through, and given back if it was honest.
 */

import { addressKey } from '../entities/address.js';
import type { SessionId, UserId } from '../entities/identifier.js';
import { type Throttled, throttled } from '../entities/outcomes.js';
import type { AttemptCounters, AttemptRule } from '../store/ports/attempts.js';

/** Failures from one address (IPv6: one /64), over all accounts. */
export const ADDRESS_RULES: readonly AttemptRule[] = [{ name: 'address', points: 100, windowSeconds: 900 }];
/** Failures on one account from one address. */
export const PAIR_RULES: readonly AttemptRule[] = [
  { name: 'pair-minute', points: 5, windowSeconds: 60 },
  { name: 'pair-hour', points: 20, windowSeconds: 3600 },
  { name: 'pair-day', points: 50, windowSeconds: 86_400 },
];
/** Failures on its own account by a client that holds a session of it, from whatever address. */
export const SESSION_RULES: readonly AttemptRule[] = [
  { name: 'session-minute', points: 5, windowSeconds: 60 },
  { name: 'session-hour', points: 20, windowSeconds: 3600 },
  { name: 'session-day', points: 50, windowSeconds: 86_400 },
];
/** Failures on one account from all addresses that it does not know. */
export const STRANGER_RULES: readonly AttemptRule[] = [{ name: 'strangers', points: 30, windowSeconds: 900 }];
/** Registrations from one address, honest or not. */
export const REGISTER_RULES: readonly AttemptRule[] = [{ name: 'register', points: 100, windowSeconds: 600 }];
/** Failed authentications of verifiers from one address: their secrets cannot be guessed, so this only bounds the work. */
export const VERIFIER_RULES: readonly AttemptRule[] = [{ name: 'verifier', points: 100, windowSeconds: 900 }];
/** Endings of all others by one session: each is a row of the revocation log, and news to every verifier. */
export const END_OTHERS_RULES: readonly AttemptRule[] = [
  { name: 'end-others', points: 30, windowSeconds: 60 },
];
/** Messages of one operator, whoever they are for: each is a row of the audit log for good. */
export const MESSAGE_RULES: readonly AttemptRule[] = [{ name: 'message', points: 60, windowSeconds: 60 }];
/** Messages to everybody, of all operators: each is sent to every connection. */
export const BROADCAST_RULES: readonly AttemptRule[] = [{ name: 'broadcast', points: 10, windowSeconds: 60 }];
/** Refreshes of one session. */
export const REFRESH_RULE: AttemptRule = { name: 'refresh', points: 300, windowSeconds: 60 };

export interface Attempt {
  readonly kind: 'go';
  /** It was honest: what was counted is given back, and the pair's failures are forgotten. */
  honest(): Promise<void>;
  /** It was never carried out: what it counted is given back, and nothing else. */
  undone(): Promise<void>;
}

/** What a guess is counted by. */
export type Guess =
  | { readonly kind: 'by-session'; readonly sessionId: SessionId }
  | {
      readonly kind: 'by-address';
      /** What is guessed at: the key of an address, whether it belongs to a user or to nobody. */
      readonly account: string;
      readonly ipAddress: string | null;
      /** Whether the account knows that address; asked only when strangers have used up their share. */
      readonly isKnown: () => Promise<boolean>;
    };

export interface AttemptGate {
  guess(guess: Guess): Promise<Attempt | Throttled>;
  register(ipAddress: string | null): Promise<Attempt | Throttled>;
  /** Counts a verifier that could not prove itself. A good credential is never refused for what others did. */
  failedVerifier(ipAddress: string | null): Promise<Throttled | null>;
  /** Counts that a session ends all others of its user. */
  endOthers(sessionId: SessionId): Promise<Throttled | null>;
  /** Counts a message of an operator. */
  message(operatorId: UserId, toEverybody: boolean): Promise<Throttled | null>;
}

/** What all operators' messages to everybody are counted by. */
const EVERYBODY = 'everybody';

const UNCOUNTED: Attempt = { kind: 'go', honest: async () => {}, undone: async () => {} };

export const openGate: AttemptGate = {
  guess: async () => UNCOUNTED,
  register: async () => UNCOUNTED,
  failedVerifier: async () => null,
  endOthers: async () => null,
  message: async () => null,
};

type Spending = readonly (readonly [AttemptRule, string])[];

export function countingGate(counters: AttemptCounters): AttemptGate {
  /** Spends under all rules or, when one is over, under none. */
  async function spendAll(spending: Spending): Promise<Spending | Throttled> {
    const spent: (readonly [AttemptRule, string])[] = [];
    let wait = 0;
    for (const [rule, key] of spending) {
      const outcome = await counters.spend(rule, key);
      if (outcome.kind === 'over') wait = Math.max(wait, outcome.retryAfterSeconds);
      else spent.push([rule, key]);
    }
    if (wait === 0) return spent;
    await refund(spent);
    return throttled(wait);
  }

  async function refund(spent: Spending): Promise<void> {
    for (const [rule, key] of spent) await counters.refund(rule, key);
  }

  async function forget(spent: Spending): Promise<void> {
    for (const [rule, key] of spent) await counters.forget(rule, key);
  }

  /** What one guesser has to themselves is forgotten when they prove honest; what they share is given back. */
  function attempt(own: Spending, shared: Spending): Attempt {
    return {
      kind: 'go',
      honest: async () => {
        await refund(shared);
        await forget(own);
      },
      undone: () => refund([...own, ...shared]),
    };
  }

  async function guessBySession(sessionId: SessionId): Promise<Attempt | Throttled> {
    const own = await spendAll(under(SESSION_RULES, sessionId));
    return 'kind' in own ? own : attempt(own, []);
  }

  async function guessByAddress(guess: Guess & { kind: 'by-address' }): Promise<Attempt | Throttled> {
    const address = addressKey(guess.ipAddress);
    const pair = under(PAIR_RULES, `${guess.account}|${address}`);
    const spent = await spendAll([...under(ADDRESS_RULES, address), ...pair]);
    if ('kind' in spent) return spent;
    const shared = under(ADDRESS_RULES, address);
    const strangers = await spendAll(under(STRANGER_RULES, guess.account));
    if (!('kind' in strangers)) return attempt(pair, [...shared, ...strangers]);
    if (await guess.isKnown()) return attempt(pair, shared);
    await refund(spent);
    return strangers;
  }

  return {
    guess: (guess) => (guess.kind === 'by-session' ? guessBySession(guess.sessionId) : guessByAddress(guess)),

    register: async (ipAddress) => {
      const spent = await spendAll(under(REGISTER_RULES, addressKey(ipAddress)));
      return 'kind' in spent ? spent : { ...UNCOUNTED, undone: () => refund(spent) };
    },

    failedVerifier: async (ipAddress) => {
      const spent = await spendAll(under(VERIFIER_RULES, addressKey(ipAddress)));
      return 'kind' in spent ? spent : null;
    },

    endOthers: async (sessionId) => {
      const spent = await spendAll(under(END_OTHERS_RULES, sessionId));
      return 'kind' in spent ? spent : null;
    },

    message: async (operatorId, toEverybody) => {
      const shared = toEverybody ? under(BROADCAST_RULES, EVERYBODY) : [];
      const spent = await spendAll([...under(MESSAGE_RULES, operatorId), ...shared]);
      return 'kind' in spent ? spent : null;
    },
  };
}

function under(rules: readonly AttemptRule[], key: string): Spending {
  return rules.map((rule) => [rule, key]);
}
