/**
 * Limits on guessing, per account and per address, counted for every resolved field. Every rule is a bounded number of
 * attempts in a window: backoff in steps, never a lockout, and nothing that a stranger does can shut out the owner of
 * an account who comes from a known address or with a session of theirs (ASVS 6.1.1, 6.3.1).
 *
 * An attempt is counted before any work is done, so parallel ones cannot slip through, and given back if it was honest.
 */

import ipaddr from 'ipaddr.js';
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
/** Failures on one account from all addresses that it does not know. */
export const STRANGER_RULES: readonly AttemptRule[] = [{ name: 'strangers', points: 30, windowSeconds: 900 }];
/** Registrations from one address, honest or not. */
export const REGISTER_RULES: readonly AttemptRule[] = [{ name: 'register', points: 100, windowSeconds: 600 }];
/** Refreshes of one session. */
export const REFRESH_RULE: AttemptRule = { name: 'refresh', points: 300, windowSeconds: 60 };

export interface Attempt {
  readonly kind: 'go';
  /** It was honest: what was counted is given back, and the pair's failures are forgotten. */
  honest(): Promise<void>;
  /** It was never carried out: what it counted is given back, and nothing else. */
  undone(): Promise<void>;
}

export interface GuessContext {
  /** What is guessed at: an address of a user, existing or not, or a user id. */
  readonly account: string;
  readonly ipAddress: string | null;
  /** Whether the account knows where this comes from; asked only when strangers have used up their share. */
  readonly isKnown: () => Promise<boolean>;
}

export interface AttemptGate {
  guess(context: GuessContext): Promise<Attempt | Throttled>;
  register(ipAddress: string | null): Promise<Attempt | Throttled>;
}

const UNCOUNTED: Attempt = { kind: 'go', honest: async () => {}, undone: async () => {} };

export const openGate: AttemptGate = { guess: async () => UNCOUNTED, register: async () => UNCOUNTED };

type Spent = readonly (readonly [AttemptRule, string])[];

export function countingGate(counters: AttemptCounters): AttemptGate {
  async function spendAll(rules: readonly AttemptRule[], key: string): Promise<Spent | Throttled> {
    const spent: [AttemptRule, string][] = [];
    let wait = 0;
    for (const rule of rules) {
      const outcome = await counters.spend(rule, key);
      if (outcome.kind === 'over') wait = Math.max(wait, outcome.retryAfterSeconds);
      else spent.push([rule, key]);
    }
    if (wait === 0) return spent;
    await refund(spent);
    return throttled(wait);
  }

  async function refund(spent: Spent): Promise<void> {
    for (const [rule, key] of spent) await counters.refund(rule, key);
  }

  return {
    guess: async ({ account, ipAddress, isKnown }) => {
      const address = addressKey(ipAddress);
      const held: (readonly [AttemptRule, string])[] = [];
      const pair = `${account}|${address}`;
      for (const [rules, key] of [
        [ADDRESS_RULES, address],
        [PAIR_RULES, pair],
      ] as const) {
        const spent = await spendAll(rules, key);
        if ('kind' in spent) {
          await refund(held);
          return spent;
        }
        held.push(...spent);
      }
      const strangers = await spendAll(STRANGER_RULES, account);
      if (!('kind' in strangers)) held.push(...strangers);
      else if (!(await isKnown())) {
        await refund(held);
        return strangers;
      }
      return {
        kind: 'go',
        honest: async () => {
          await refund(held.filter(([rule]) => !PAIR_RULES.includes(rule)));
          for (const rule of PAIR_RULES) await counters.forget(rule, pair);
        },
        undone: () => refund(held),
      };
    },

    register: async (ipAddress) => {
      const spent = await spendAll(REGISTER_RULES, addressKey(ipAddress));
      return 'kind' in spent ? spent : { ...UNCOUNTED, undone: () => refund(spent) };
    },
  };
}

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which one subscriber has to themselves. */
export function addressKey(ipAddress: string | null): string {
  if (ipAddress === null || !ipaddr.isValid(ipAddress)) return 'unknown';
  const parsed = ipaddr.process(ipAddress);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const prefix = parsed.toByteArray().slice(0, 8);
  return `${Buffer.from(prefix).toString('hex')}::/64`;
}
